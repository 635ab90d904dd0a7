#include "parley/testing/core.hpp"

#include <algorithm>

#include "tools/testing/world.hpp"

namespace parley::testing {

namespace {

/// Shared by the call() that waits and the host, which ends it once, also after a test has failed.
struct call_end {
  bool ended = false;
  answer value;
};

void end_call(void* context, parley_status s, std::uint16_t command, parley_bytes reply) {
  const std::unique_ptr<std::shared_ptr<call_end>> mine(static_cast<std::shared_ptr<call_end>*>(context));
  (*mine)->ended = true;
  (*mine)->value = {static_cast<status>(s),
                    {command, 0, std::string(static_cast<const char*>(reply.data), reply.size)}};
}

}  // namespace

core::core(options o) : world_(std::make_unique<world>(std::move(o))) {}

core::~core() = default;

session core::connect(std::string_view address) {
  world_->connect(address);
  world_->settle();
  return {*world_, world_->clients.size() - 1};
}

session core::connect_as(std::uint64_t user, std::uint32_t tag, std::uint32_t level) {
  auto s = connect();
  s.login(user, tag, level);
  return s;
}

void core::settle() {
  world_->settle();
}

void core::advance(std::chrono::milliseconds by) {
  world_->advance(static_cast<std::uint64_t>(std::max<std::chrono::milliseconds::rep>(0, by.count())));
}

std::uint64_t core::now_ms() const {
  return world_->services().loop.now_ms();
}

std::uint64_t core::unix_ms() const {
  return world_->services().loop.wall_ms();
}

void core::publish(std::string_view name, std::string_view body) {
  const auto& mine = world_->settings.events;
  if (std::find(mine.begin(), mine.end(), name) == mine.end())
    throw failure("the test publishes " + std::string(name) + " without naming it in options::events");
  world_->services().events.publish(name, {body.data(), body.size()}, "");
  world_->settle();
}

std::vector<event> core::events(std::string_view name) {
  world_->settle();
  std::vector<event> taken, left;
  for (auto& e : world_->events) (e.name == name ? taken : left).push_back(std::move(e));
  world_->events = std::move(left);
  return taken;
}

answer core::call(std::uint16_t command, std::string_view body, std::uint64_t user,
                  std::chrono::milliseconds patience) {
  const auto end = std::make_shared<call_end>();
  auto context = std::make_unique<std::shared_ptr<call_end>>(end);
  parley_call what{};
  what.size = sizeof what;
  what.command = command;
  what.body = {body.data(), body.size()};
  what.principal = {user, 0, 0};
  what.deadline_ms = static_cast<std::uint32_t>(patience.count());
  what.origin = "test";
  what.context = context.get();
  what.done = end_call;
  const auto begun = world_->services().dispatch.call_from(nullptr, what);
  if (begun != status::ok) return {begun, {}};
  (void)context.release();
  const auto until = now_ms() + what.deadline_ms;
  world_->settle();
  while (!end->ended && world_->services().loop.fire_next(until)) world_->settle();
  if (!end->ended) throw failure("a call neither ended nor ran out of time");
  return end->value;
}

void core::restart() {
  world_->settle();
  world_->stop();
  world_->start();
}

std::size_t core::in_flight() const {
  return world_->services().dispatch.in_flight();
}

std::string core::database(const std::string& pool) const {
  return world_->data + "/" + pool + ".db";
}

const std::string& core::data() const {
  return world_->data;
}

}  // namespace parley::testing

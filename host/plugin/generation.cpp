#include "host/plugin/generation.hpp"

#include <thread>

#include "host/node/services.hpp"
#include "host/plugin/interfaces.hpp"
#include "host/plugin/plugin_frame.hpp"

namespace parley::host {

void pin::take(generation& g, pin_kind k, const char* where) {
  release();
  of = &g;
  kind = k;
  command = static_cast<std::uint16_t>(crash::current.command.load(std::memory_order_relaxed));
  origin = where ? where : "";
  since_ms = g.services().loop.now_ms();
  g.pins.push_back(*this);
  ++g.pin_count;
  if (k == pin_kind::timer) ++g.timer_pins;
}

void pin::release() {
  if (!of) return;
  unlink();
  --of->pin_count;
  if (kind == pin_kind::timer) --of->timer_pins;
  of = nullptr;
}

const char* to_string(pin_kind k) {
  switch (k) {
    case pin_kind::request:
      return "request";
    case pin_kind::call:
      return "call";
    case pin_kind::job:
      return "job";
    case pin_kind::lane_item:
      return "lane item";
    case pin_kind::timer:
      return "timer";
    case pin_kind::post:
      return "post";
    case pin_kind::verb:
      return "verb";
    case pin_kind::exchange:
      return "http exchange";
  }
  return "?";
}

const char* to_string(generation_state s) {
  static constexpr const char* words[] = {"loaded",     "created", "active",    "suspended", "quiescing",
                                          "cancelling", "grace",   "lingering", "destroyed", "retired"};
  return words[static_cast<std::size_t>(s)];
}

generation::generation(node_services& services, const plugin_config& config, std::shared_ptr<const plugin_info> info,
                       std::unique_ptr<library> lib, std::uint32_t number,
                       std::map<std::string, plugin_setting> settings)
    : services_(services),
      config_(config),
      info_(std::move(info)),
      crash_(info_->name, number, lib->path()),
      library_(std::move(lib)),
      path_(library_->path()),
      build_id_(library_->build_id()),
      number_(number),
      settings_(std::move(settings)),
      log_(log_of(info_->name)) {
  metric_cells.reserve(256);  // workers read it while the loop defines
}

generation::~generation() {
  destroy();
}

result<void> generation::create() {
  const auto& d = descriptor();
  const plugin_frame frame(*this, "create");
  const auto made = d.create(this, host_table(), &instance_);
  if (made != PARLEY_OK || !instance_) {
    instance_ = nullptr;
    return error{status::fault, "plugin " + name() + ": create() failed (" +
                                    std::string(to_string(static_cast<status>(made))) +
                                    "); its reason is in the log above"};
  }
  state = generation_state::created;
  const auto told = d.self_test ? d.self_test(instance_) : PARLEY_OK;
  if (told != PARLEY_PENDING) test_ = static_cast<status>(told);
  return test_result();
}

result<void> generation::test_result() const {
  if (!test_ || *test_ == status::ok) return {};
  return error{status::fault, "plugin " + name() + ": its self-test failed (" + std::string(to_string(*test_)) + ")"};
}

result<void> generation::await_test(std::chrono::milliseconds longest) {
  const auto until = std::chrono::steady_clock::now() + longest;
  while (testing() && std::chrono::steady_clock::now() < until) {
    services_.loop.turn(false);
    if (testing()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return testing() ? still_testing() : test_result();
}

error generation::still_testing() const {
  return {status::timeout, "plugin " + name() +
                               ": its self-test did not end within the time of reload.preflight: does it wait for "
                               "something that never comes?"};
}

void generation::destroy() {
  if (!instance_) return;
  const plugin_frame frame(*this, "destroy");
  descriptor().destroy(instance_);
  instance_ = nullptr;
  state = generation_state::destroyed;
}

const pool_binding* generation::pool(const char* pool_name) const {
  auto found = pools.find(std::string_view(pool_name ? pool_name : ""));
  return found == pools.end() ? nullptr : &found->second;
}

}  // namespace parley::host

#include "client/file_delivery.hpp"

#include <algorithm>
#include <utility>

namespace parley::client {
namespace {

constexpr std::uint64_t first_pause_ms = 250;
constexpr std::uint64_t longest_pause_ms = 5000;
constexpr std::uint64_t farewell_ms = 5000;
constexpr std::uint64_t steady_ms = 10'000;

file_delivery::end end_of(file_transfer::end how) {
  switch (how) {
    case file_transfer::end::complete:
      return file_delivery::end::complete;
    case file_transfer::end::unknown:
      return file_delivery::end::unknown;
    case file_transfer::end::cancelled:
      return file_delivery::end::cancelled;
    case file_transfer::end::refused:
      return file_delivery::end::refused;
    case file_transfer::end::lost:
      return file_delivery::end::given_up;
    case file_transfer::end::broken:
      break;
  }
  return file_delivery::end::broken;
}

}  // namespace

file_delivery::file_delivery(event_loop& loop, file_task what, std::vector<endpoint> servers,
                             std::shared_ptr<block_source> from, std::shared_ptr<block_sink> to, handlers on)
    : loop_(loop),
      what_(std::move(what)),
      servers_(std::move(servers)),
      from_(std::move(from)),
      to_(std::move(to)),
      on_(std::make_shared<const handlers>(std::move(on))),
      pause_(loop) {}

void file_delivery::start() {
  if (servers_.empty()) {
    return pause_.once(0, [this] { finish(end::broken, "the server names no address for files"); });
  }
  attempt();
}

void file_delivery::attempt() {
  trying_ = true;
  entered_at_ms_ = 0;
  transfer_ = std::make_unique<file_transfer>(
      loop_, what_, from_.get(), to_.get(),
      file_transfer::handlers{[this] { entered(); },
                              [this] {
                                if (!std::exchange(began_, true)) tell(on_->began);
                              },
                              [this] {
                                if (transfer_->moved() > furthest_) {
                                  furthest_ = transfer_->moved();
                                  failures_ = 0;
                                }
                                tell(on_->moved);
                              },
                              [this](file_transfer::end how, const std::string& text) { attempt_ended(how, text); }});
  transfer_->start(servers_[next_server_++ % servers_.size()]);
}

void file_delivery::tell(const std::function<void()>& what) const {
  const auto held = on_;  // the call may destroy this
  if (what) what();
}

void file_delivery::entered() {
  entered_at_ms_ = event_loop::now_ms();
  if (!stopping_) return;
  transfer_->stop(*stopping_);
  finish(end::stopped, "");
}

void file_delivery::attempt_ended(file_transfer::end how, const std::string& text) {
  trying_ = false;
  if (stopping_) return finish(end::stopped, "");
  if (how != file_transfer::end::lost) return finish(end_of(how), text);
  const std::uint64_t now = event_loop::now_ms();
  // A server that closes again at once is as good as none, and so is one that takes the same block again and again.
  if (realtime(what_.role) && entered_at_ms_ > 0 && now - entered_at_ms_ > steady_ms) failures_ = 0;
  if (failures_ == 0) failing_since_ms_ = now;
  if (now - failing_since_ms_ > patience_ms) return finish(end::given_up, text);
  const std::uint64_t pause = std::min(first_pause_ms << std::min(failures_, 10), longest_pause_ms);
  pause_.once(pause - pause / 4 + event_loop::now_ns() % (pause / 2), [this] { attempt(); });
  if (failures_++ == 0 && on_->interrupted) {
    const auto on = on_;
    on->interrupted(text);
  }
}

void file_delivery::stop(file_state how) {
  stopping_ = how;
  if (transfer_ && transfer_->has_entered()) return entered();
  if (!trying_) {
    if (servers_.empty()) return finish(end::stopped, "");
    pause_.stop();
    attempt();
  }
  pause_.once(farewell_ms, [this] { finish(end::stopped, ""); });
}

void file_delivery::finish(end how, const std::string& text) {
  if (std::exchange(over_, true)) return;
  pause_.stop();
  const auto on = on_;
  if (on->ended) on->ended(how, text);
}

}  // namespace parley::client

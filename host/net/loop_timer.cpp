#include "host/net/loop_timer.hpp"

#include <algorithm>

namespace parley::host {

loop_timer::loop_timer(loop& l, std::function<void()> fire) : loop_(l), fire_(std::move(fire)) {
  if (loop_.is_virtual()) return;
  handle_ = new uv_timer_t;
  handle_->data = this;
  uv_timer_init(loop_.raw(), handle_);
  uv_unref(reinterpret_cast<uv_handle_t*>(handle_));
}

loop_timer::~loop_timer() {
  stop();
  if (!handle_) return;
  uv_close(reinterpret_cast<uv_handle_t*>(handle_), [](uv_handle_t* h) { delete reinterpret_cast<uv_timer_t*>(h); });
}

void loop_timer::start(std::uint64_t delay_ms, std::uint64_t repeat_ms) {
  if (handle_) {
    uv_timer_start(
        handle_, [](uv_timer_t* t) { static_cast<loop_timer*>(t->data)->fire_(); }, delay_ms, repeat_ms);
    return;
  }
  stop();
  due_ms_ = loop_.now_ms() + delay_ms;
  repeat_ms_ = repeat_ms;
  loop_.virtual_timers_.emplace(due_ms_, this);
}

void loop_timer::stop() {
  if (handle_) {
    uv_timer_stop(handle_);
    return;
  }
  auto [first, last] = loop_.virtual_timers_.equal_range(due_ms_);
  const auto mine = std::find_if(first, last, [this](const auto& entry) { return entry.second == this; });
  if (mine != last) loop_.virtual_timers_.erase(mine);
}

bool loop::fire_next(std::uint64_t until_ms) {
  if (virtual_timers_.empty() || virtual_timers_.begin()->first > until_ms) {
    if (until_ms > now_ms()) virtual_ms_.store(until_ms, std::memory_order_relaxed);
    return false;
  }
  const auto [due, timer] = *virtual_timers_.begin();
  virtual_timers_.erase(virtual_timers_.begin());
  if (due > now_ms()) virtual_ms_.store(due, std::memory_order_relaxed);
  if (timer->repeat_ms_) timer->start(timer->repeat_ms_, timer->repeat_ms_);
  timer->fire_();
  return true;
}

}  // namespace parley::host

// Timers: a repeating callback owned by its object, and `co_await sleep(...)`. [loop]
#pragma once

#include <coroutine>
#include <functional>

#include "edge.hpp"

namespace parley {

/// Stops when destroyed.
class timer {
 public:
  timer(const edge* e, std::uint64_t delay_ms, std::uint64_t repeat_ms, std::function<void()> fire,
        const char* origin = __builtin_FUNCTION())
      : edge_(e), fire_(std::move(fire)) {
    id_ = edge_->timer->start(edge_->self, delay_ms, repeat_ms, origin, this, [](void* raw) {
      try {
        static_cast<timer*>(raw)->fire_();
      } catch (...) {
        auto* edge = static_cast<timer*>(raw)->edge_;
        static constexpr std::string_view text = "a timer threw";
        edge->log->write(edge->self, PARLEY_LOG_ERROR, 0, {text.data(), text.size()});
      }
    });
  }
  timer(const timer&) = delete;
  timer& operator=(const timer&) = delete;
  ~timer() { edge_->timer->stop(edge_->self, id_); }

 private:
  const edge* edge_;
  std::function<void()> fire_;
  parley_timer_id id_ = 0;
};

class sleep {
 public:
  sleep(const edge* e, std::uint64_t delay_ms, const char* origin = __builtin_FUNCTION())
      : edge_(e), delay_ms_(delay_ms), origin_(origin) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> awaiting) {
    edge_->timer->start(edge_->self, delay_ms_, 0, origin_, awaiting.address(),
                        [](void* address) { std::coroutine_handle<>::from_address(address).resume(); });
  }
  void await_resume() const noexcept {}

 private:
  const edge* edge_;
  std::uint64_t delay_ms_;
  const char* origin_;
};

}  // namespace parley

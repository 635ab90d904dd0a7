#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "client/event_loop.hpp"

namespace parley::client {

/// A libuv timer that stops when it is destroyed, also from its own callback. [thread of the loop]
class timer {
 public:
  explicit timer(event_loop& loop);
  ~timer();
  timer(const timer&) = delete;
  timer& operator=(const timer&) = delete;

  void once(std::uint64_t after_ms, std::function<void()> call) { start(after_ms, 0, std::move(call)); }
  void every(std::uint64_t period_ms, std::function<void()> call) { start(period_ms, period_ms, std::move(call)); }
  void stop();

 private:
  struct state;

  void start(std::uint64_t after_ms, std::uint64_t repeat_ms, std::function<void()> call);

  state* state_;  ///< deletes itself when libuv has let go of it
};

}  // namespace parley::client

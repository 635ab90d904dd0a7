// A timer that goes by the loop's clock, real or virtual.
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>

#include "host/net/loop.hpp"

namespace parley::host {

/// Does not keep the loop running. Stops when destroyed. [loop]
class loop_timer {
 public:
  loop_timer(loop& l, std::function<void()> fire);
  loop_timer(const loop_timer&) = delete;
  ~loop_timer();

  /// Fires after delay_ms and then every repeat_ms (0 = once); replaces what was set before.
  void start(std::uint64_t delay_ms, std::uint64_t repeat_ms = 0);
  void stop();

 private:
  friend class loop;
  loop& loop_;
  std::function<void()> fire_;
  uv_timer_t* handle_ = nullptr;  // null on a virtual clock; freed when libuv has closed it
  std::uint64_t due_ms_ = 0;      // virtual clock only; 0 = stopped
  std::uint64_t repeat_ms_ = 0;
};

}  // namespace parley::host

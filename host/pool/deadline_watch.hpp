// A timer that runs while jobs wait, so that one behind a long job is told in time that it is too late.
#pragma once

#include <uv.h>

#include "host/net/loop.hpp"

namespace parley::host {

/// [loop]
class deadline_watch {
 public:
  /// check(owner) is called four times a second after start(), until it returns false.
  deadline_watch(host::loop& loop, void* owner, bool (*check)(void* owner))
      : owner_(owner), check_(check), timer_(new uv_timer_t) {
    timer_->data = this;
    uv_timer_init(loop.raw(), timer_);
    uv_unref(reinterpret_cast<uv_handle_t*>(timer_));
  }
  deadline_watch(const deadline_watch&) = delete;
  ~deadline_watch() {
    uv_close(reinterpret_cast<uv_handle_t*>(timer_), [](uv_handle_t* h) { delete reinterpret_cast<uv_timer_t*>(h); });
  }

  void start() {
    if (uv_is_active(reinterpret_cast<uv_handle_t*>(timer_))) return;
    uv_timer_start(timer_, on_timer, interval_ms, interval_ms);
  }

 private:
  static constexpr std::uint64_t interval_ms = 250;

  static void on_timer(uv_timer_t* timer) {
    auto& self = *static_cast<deadline_watch*>(timer->data);
    if (!self.check_(self.owner_)) uv_timer_stop(timer);
  }

  void* owner_;
  bool (*check_)(void* owner);
  uv_timer_t* timer_;  // libuv's until it has closed it
};

}  // namespace parley::host

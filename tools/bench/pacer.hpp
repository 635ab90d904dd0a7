#pragma once

#include <cstdint>
#include <functional>

#include "client/event_loop.hpp"

namespace parley::bench {

/// Calls at fixed points in time, `per_second` of them, however late it gets: a call that comes late does not move the
/// later ones. Microsecond wake-ups by timerfd. Destroy it before its loop. [thread of the loop]
class pacer {
 public:
  /// `due` gets the point in time (event_loop::now_ns) that it was meant for.
  pacer(client::event_loop& loop, double per_second, std::function<void(std::uint64_t due_ns)> due);
  ~pacer();
  pacer(const pacer&) = delete;
  pacer& operator=(const pacer&) = delete;

 private:
  struct state;
  state* state_;  ///< deletes itself when libuv has let go of it
};

}  // namespace parley::bench

#pragma once

#include <uv.h>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace parley::client {

class connection_state;

/// A libuv loop of its own, with what its connections share: the receive buffer, the list of those that have something
/// to send (flushed once per turn) and the sweep for heartbeats. Destroy connections, sessions and timers before it.
/// All calls belong to the thread that runs it. The first one makes the process ignore SIGPIPE.
class event_loop {
 public:
  event_loop();
  ~event_loop();
  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;

  uv_loop_t* uv() { return &loop_; }

  /// Turns until stop() or until nothing is left to wait for.
  void run();
  void stop() { uv_stop(&loop_); }

  /// One turn that does not wait: sends what is queued, takes in what is there.
  void turn() { uv_run(&loop_, UV_RUN_NOWAIT); }

  /// Turns until `finished()` says so, at most `timeout_ms`. False at the timeout.
  bool run_until(const std::function<bool()>& finished, std::uint64_t timeout_ms);

  /// Monotonic milliseconds and nanoseconds, read now.
  static std::uint64_t now_ms() { return uv_hrtime() / 1'000'000; }
  static std::uint64_t now_ns() { return uv_hrtime(); }

 private:
  friend class connection_state;

  void flush_dirty();
  void sweep();

  uv_loop_t loop_;
  uv_prepare_t prepare_;
  uv_timer_t sweeper_;
  std::unique_ptr<char[]> buffer_;
  std::vector<connection_state*> dirty_;
  std::vector<connection_state*> open_;
};

}  // namespace parley::client

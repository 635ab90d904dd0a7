// The node's loop: libuv, plus three ways to be called later.
#pragma once

#include <uv.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace parley::host {

/// A unit of work handed to the loop from any thread; embedded in what it completes, so posting allocates nothing.
struct loop_task {
  void (*run)(loop_task& self) = nullptr;
  loop_task* next = nullptr;
};

class loop {
 public:
  loop();
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;
  /// Every handle must be closed; leftovers are closed and drained.
  ~loop();

  uv_loop_t* raw() { return &loop_; }
  bool on_loop_thread() const { return std::this_thread::get_id() == thread_; }

  /// Runs until stop().
  void run();
  void stop() { uv_stop(&loop_); }
  /// One turn, blocking for events or not. For tests.
  void turn(bool wait);

  /// Runs task.run on the loop in a later turn, in order of posting. The task stays valid until then. [any]
  void post(loop_task& task);
  /// As post, for occasional work. [any]
  void post(std::function<void()> fn);
  /// Runs fn once at the end of this turn, after all events of it, before the outputs are flushed. [loop]
  void defer(std::function<void()> fn) { deferred_.push_back(std::move(fn)); }
  /// Called at the end of every turn, after the deferred: the session table's flush. [loop]
  std::function<void()> on_turn_end;

  /// Milliseconds, monotonic, as of this turn. [loop]
  std::uint64_t now_ms() const { return uv_now(&loop_); }
  static std::uint64_t unix_ms();
  /// Turns since the start, for metrics.
  std::uint64_t turns() const { return turns_; }

 private:
  void end_turn();
  void run_posted();

  uv_loop_t loop_;
  uv_async_t wake_;
  uv_prepare_t prepare_;
  std::thread::id thread_;
  std::atomic<loop_task*> posted_{nullptr};
  std::vector<std::function<void()>> deferred_;
  std::vector<std::function<void()>> running_;
  std::uint64_t turns_ = 0;
};

}  // namespace parley::host

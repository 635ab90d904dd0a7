// The node's loop: libuv, plus three ways to be called later.
#pragma once

#include <uv.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <thread>
#include <vector>

#include "host/base/intrusive_list.hpp"

namespace parley::host {

/// A unit of work handed to the loop from any thread; embedded in what it completes, so posting allocates nothing.
struct loop_task {
  void (*run)(loop_task& self) = nullptr;
  loop_task* next = nullptr;
};

/// Work for the end of a turn, embedded in whoever has it to do: its destruction takes it back.
struct turn_end_task : list_hook {
  explicit turn_end_task(std::function<void()> fn) : run(std::move(fn)) {}
  turn_end_task(const turn_end_task&) = delete;
  ~turn_end_task() { unlink(); }
  std::function<void()> run;
};

class loop_timer;

/// A virtual clock stands still until fire_next() moves it: a test then sees hours of timeouts in milliseconds, and
/// always the same. What waits for the kernel or a thread does so in real time.
///
/// Rationale: posting wakes the loop by an eventfd of its own, not by uv_async_t. libuv 1.44 waits in its callback for
/// the sender to have left uv_async_send(), by sched_yield(): on a busy machine that put the whole loop behind
/// everybody else's time slice, 4 to 25 ms for one wake-up.
class loop {
 public:
  /// With a value the clock is virtual and starts at that Unix time, milliseconds.
  explicit loop(std::optional<std::uint64_t> virtual_unix_ms = {});
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
  /// The same for a task that is there already, once however often it is asked for. [loop]
  void at_turn_end(turn_end_task& task) { ending_.push_back(task); }
  /// Called at the end of every turn, after the deferred: the session table's flush. [loop]
  std::function<void()> on_turn_end;

  /// Before it sleeps it looks for work for longest_look_ns, if there was some that lately: an idle core for two wake-ups
  /// of a thread, which take longer than a small request. Before run(). [loop]
  void busy_poll();
  /// There was work: sessions say so, posted tasks count by themselves. [loop]
  void worked() {
    if (busy_polling_) worked_ns_ = uv_hrtime();
  }
  static constexpr std::uint64_t longest_look_ns = 300'000;

  /// Milliseconds, monotonic, as of this turn. [loop]
  std::uint64_t now_ms() const {
    const auto virtual_ms = virtual_ms_.load(std::memory_order_relaxed);
    return virtual_ms ? virtual_ms : uv_now(&loop_);
  }
  /// The same clock for any thread: as of this moment, where it is real. [any]
  std::uint64_t now_ms_anywhere() const;
  /// Milliseconds since 1970 by this loop's clock. [any]
  std::uint64_t wall_ms() const;
  /// The same by the machine's.
  static std::uint64_t unix_ms();
  bool is_virtual() const { return virtual_unix_ms_.has_value(); }
  /// Virtual clocks only: moves it to the next loop_timer due by `until_ms`, fires that one and returns true; moves it
  /// to `until_ms` when there is none.
  bool fire_next(std::uint64_t until_ms);
  /// Turns since the start, for metrics.
  std::uint64_t turns() const { return turns_; }

 private:
  friend class loop_timer;
  void end_turn();
  bool something_deferred() const { return !deferred_.empty() || !ending_.empty(); }
  void run_posted();
  void look_or_sleep();

  uv_loop_t loop_;
  int wake_fd_;  // eventfd
  uv_poll_t wake_;
  uv_prepare_t prepare_;
  uv_idle_t looking_;  // active: the loop does not block
  std::thread::id thread_;
  std::atomic<loop_task*> posted_{nullptr};
  std::vector<std::function<void()>> deferred_;
  std::vector<std::function<void()>> running_;
  list_head ending_;
  std::uint64_t turns_ = 0;
  bool busy_polling_ = false;
  std::uint64_t worked_ns_ = 0;
  std::optional<std::uint64_t> virtual_unix_ms_;
  std::atomic<std::uint64_t> virtual_ms_{0};  // now, when virtual
  std::multimap<std::uint64_t, loop_timer*> virtual_timers_;
};

}  // namespace parley::host

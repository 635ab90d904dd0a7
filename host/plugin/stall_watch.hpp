// Notices that the loop is stuck in a plugin, while it is: a thread that looks on.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "host/crash/context.hpp"
#include "host/net/loop.hpp"

namespace parley::host {

struct stall {
  std::string plugin;
  std::uint32_t generation = 0;
  std::uint32_t command = 0;  // 0 = none
  std::string origin;
  std::uint64_t ms = 0;  // so far, or in all; within a tick
};

/// Rationale: measuring each step would cost more than many a handler, and would name an endless loop never. The loop
/// leaves a few stores behind with each step (crash/context.hpp); this thread looks at them 50 times a second while
/// there are steps, and sleeps after a fifth of a second without. Between two looks at the same step the loop was in
/// it.
class stall_watch {
 public:
  static constexpr std::uint64_t threshold_ms = 100;

  /// On the loop's thread, whose steps are watched. `ended` is called on the loop with each stall that is over.
  stall_watch(loop& l, std::function<void(const stall&)> ended);
  stall_watch(const stall_watch&) = delete;
  ~stall_watch();

  /// Called with every step: wakes the watch of this thread, if it sleeps. [loop]
  static void stay_awake() {
    if (crash::current.watch_asleep.load(std::memory_order_relaxed)) [[unlikely]]
      wake();
  }

 private:
  void work();
  /// False when the thread has to end.
  bool wait_for_tick(bool idle);
  static void wake();

  static thread_local constinit stall_watch* own_;  // of the loop on this thread

  loop& loop_;
  crash::running& watched_;
  std::function<void(const stall&)> ended_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace parley::host

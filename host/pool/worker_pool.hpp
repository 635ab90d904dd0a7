// Threads for CPU and file jobs beside the loop.
#pragma once

#include <atomic>
#include <deque>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "host/config/manifest.hpp"
#include "host/net/loop.hpp"
#include "host/pool/deadline_watch.hpp"
#include "host/pool/histogram.hpp"
#include "host/pool/job_queue.hpp"
#include "host/pool/thread_turns.hpp"
#include "parley/abi/worker.h"

namespace parley::host {

class worker_pool;

/// The caller's, and left alone by it from submit() to done(). Nothing is allocated for it.
struct worker_job : loop_task, queue_entry {
  std::uint64_t deadline_ms = 0;  // from submit(): not started later than this; 0 = none
  void* context = nullptr;
  /// Does not throw. [worker]
  parley_status (*work)(void* context) = nullptr;
  /// Once, never before submit() has returned; the job may be destroyed in it. No thread is in work any more. [loop]
  void (*done)(worker_job& job, status outcome) = nullptr;
  const char* origin = "";

  worker_pool* pool = nullptr;  // set by submit()
  status outcome = status::ok;
};

struct worker_stats {
  std::atomic<std::uint64_t> done{0};
  std::atomic<std::uint64_t> errors{0};   // of these, with another outcome than ok
  std::atomic<std::uint64_t> busy{0};     // refused, as the queue was full
  std::atomic<std::uint64_t> expired{0};  // not started, as their deadline had passed
  std::atomic<std::uint32_t> running{0};
  histogram wait_us;
  histogram run_us;
};

class worker_pool {
 public:
  /// Starts the threads. [loop]
  worker_pool(host::loop& loop, const worker_pool_config& config);
  worker_pool(const worker_pool&) = delete;
  ~worker_pool();

  /// The job is the pool's until done(), unless this is busy or, after shutdown(), cancelled. [loop]
  status submit(worker_job& job);
  parley_work_load load() const;
  const worker_stats& stats() const { return stats_; }
  /// As sql_pool's.
  void cancel(const void* owner) { answer_all(queue_.take_owned(owner), status::cancelled); }
  void watch(grace_period& period) const;
  /// As sql_pool::shutdown. [loop]
  void shutdown(bool drain);

 private:
  void work(thread_turns& turns);
  void answer(worker_job& job, status outcome);
  void answer_all(queue_entry* list, status outcome);
  bool expire();

  host::loop& loop_;
  const std::size_t capacity_;
  job_queue queue_;
  std::deque<thread_turns> turns_;  // one per thread
  std::vector<std::thread> threads_;
  worker_stats stats_;
  std::optional<deadline_watch> watch_;
};

}  // namespace parley::host

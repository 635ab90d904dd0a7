// Threads for what may wait for a disk: opening, reading ahead, staging, removing.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "host/net/loop.hpp"
#include "host/pool/worker_pool.hpp"

namespace parley::host {

/// Owns itself from run() on.
class disk_job : public worker_job {
 public:
  virtual ~disk_job() = default;
  /// Does not throw. [worker]
  virtual void run_on_thread() = 0;
  /// Then it is destroyed. [loop]
  virtual void back_on_loop() {}
};

/// Not bounded by itself: a connection has one job at a time, and a file that goes one more. [loop]
class disk_threads {
 public:
  explicit disk_threads(loop& l) : loop_(l) {}
  disk_threads(const disk_threads&) = delete;
  ~disk_threads() { finish(); }

  void run(std::unique_ptr<disk_job> job);
  void run(std::function<void()> work, std::function<void()> then = nullptr);
  /// Everything is done when it returns; from then on jobs run where they are given, and nobody is called back.
  void finish();

 private:
  loop& loop_;
  std::optional<worker_pool> pool_;  // from the first job on
  bool finished_ = false;
};

}  // namespace parley::host

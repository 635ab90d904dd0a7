// One thread beside the loop for what blocks: preflights, loading, migrations, unmapping. In order, one at a time.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace parley::host {

class side_thread {
 public:
  /// Starts at the first work, so that a node that replaces nothing has no thread for it.
  side_thread() = default;
  side_thread(const side_thread&) = delete;
  ~side_thread() { stop(); }

  void run(std::function<void()> work);
  /// Finishes what runs, drops what waits, joins.
  void stop();

 private:
  void work();
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace parley::host

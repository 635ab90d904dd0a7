#include "host/node/side_thread.hpp"

#include "host/pool/thread.hpp"

namespace parley::host {

void side_thread::run(std::function<void()> work) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return;
    queue_.push_back(std::move(work));
  }
  if (!thread_.joinable()) thread_ = start_thread("reload", [this] { this->work(); });
  filled_.notify_one();
}

void side_thread::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    queue_.clear();
  }
  filled_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void side_thread::work() {
  for (;;) {
    std::function<void()> next;
    {
      std::unique_lock lock(mutex_);
      filled_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      next = std::move(queue_.front());
      queue_.pop_front();
    }
    next();
  }
}

}  // namespace parley::host

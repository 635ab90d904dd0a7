#include "host/pool/job_queue.hpp"

#include <thread>

#include "host/pool/thread.hpp"

namespace parley::host {

void job_queue::append(queue_entry& entry) {
  entry.next_entry = nullptr;
  (last_ ? last_->next_entry : first_) = &entry;
  last_ = &entry;
  ++size_;
}

status job_queue::push(queue_entry& entry) {
  entry.queued_us = now_us();
  {
    std::lock_guard lock(mutex_);
    if (refusing_ != status::ok) return refusing_;
    if (size_ >= capacity_) return status::busy;
    append(entry);
  }
  filled_.notify_one();
  return status::ok;
}

status job_queue::push_unbounded(queue_entry& entry) {
  entry.queued_us = now_us();
  {
    std::lock_guard lock(mutex_);
    if (refusing_ != status::ok) return refusing_;
    append(entry);
  }
  filled_.notify_one();
  return status::ok;
}

void job_queue::push_again(queue_entry& entry) {
  entry.queued_us = now_us();
  {
    std::lock_guard lock(mutex_);
    append(entry);
  }
  filled_.notify_one();
}

// Whoever else wants the core gets it. A nudge or the end waits for as long, which is less than a commit.
void job_queue::look() const {
  for (const auto until = now_us() + longest_look_us; size_.load(std::memory_order_relaxed) == 0 && now_us() < until;) {
    std::this_thread::yield();
  }
}

queue_entry* job_queue::pop(std::chrono::milliseconds patience, std::uint64_t* nudges_seen) {
  if (busy_poll_) look();
  std::unique_lock lock(mutex_);
  filled_.wait_for(lock, patience, [&] { return first_ || closed_ || (nudges_seen && *nudges_seen != nudges_); });
  if (nudges_seen) *nudges_seen = nudges_;
  auto* entry = first_;
  if (!entry) return nullptr;
  first_ = entry->next_entry;
  if (!first_) last_ = nullptr;
  --size_;
  return entry;
}

void job_queue::nudge() {
  {
    std::lock_guard lock(mutex_);
    ++nudges_;
  }
  filled_.notify_all();
}

bool job_queue::pause(std::chrono::milliseconds patience, std::uint64_t& ends_seen) {
  std::unique_lock lock(mutex_);
  pausing_.wait_for(lock, patience, [&] { return closed_ || ends_seen != pause_ends_; });
  ends_seen = pause_ends_;
  return closed_;
}

void job_queue::end_pauses() {
  {
    std::lock_guard lock(mutex_);
    ++pause_ends_;
  }
  pausing_.notify_all();
}

template <class Condition>
queue_entry* job_queue::take_if(Condition condition) {
  std::lock_guard lock(mutex_);
  queue_entry* taken = nullptr;
  queue_entry** end = &taken;
  last_ = nullptr;
  for (auto** at = &first_; *at;) {
    auto* entry = *at;
    if (condition(*entry)) {
      *at = entry->next_entry;
      entry->next_entry = nullptr;
      *end = entry;
      end = &entry->next_entry;
      --size_;
    } else {
      last_ = entry;
      at = &entry->next_entry;
    }
  }
  return taken;
}

queue_entry* job_queue::take_expired(std::uint64_t now) {
  return take_if([now](const queue_entry& e) { return e.expires_us && now > e.expires_us; });
}

queue_entry* job_queue::take_owned(const void* owner) {
  return take_if([owner](const queue_entry& e) { return e.owner == owner; });
}

queue_entry* job_queue::take_all() {
  std::lock_guard lock(mutex_);
  auto* all = first_;
  first_ = last_ = nullptr;
  size_ = 0;
  return all;
}

void job_queue::refuse(status why) {
  std::lock_guard lock(mutex_);
  if (!closed_) refusing_ = why;
}

void job_queue::accept() {
  std::lock_guard lock(mutex_);
  if (!closed_) refusing_ = status::ok;
}

void job_queue::close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    refusing_ = status::cancelled;
  }
  filled_.notify_all();
  pausing_.notify_all();
}

bool job_queue::closed() const {
  std::lock_guard lock(mutex_);
  return closed_;
}

status job_queue::state() const {
  std::lock_guard lock(mutex_);
  return refusing_;
}

std::size_t job_queue::size() const {
  std::lock_guard lock(mutex_);
  return size_;
}

}  // namespace parley::host

// A bounded FIFO between the loop and a pool's threads.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "parley/status.hpp"

namespace parley::host {

/// Embedded in what waits, so that queueing allocates nothing. The queue's from push() until it is handed out.
struct queue_entry {
  queue_entry* next_entry = nullptr;
  std::uint64_t queued_us = 0;   // now_us() of push()
  std::uint64_t expires_us = 0;  // not to be started later than this; 0 = never expires
  const void* owner = nullptr;   // whose waits are ended together
};

/// open <-> refusing, then closed for good. All functions: [any].
class job_queue {
 public:
  /// With `busy_poll`, pop() looks for an entry for up to longest_look_us before it sleeps.
  explicit job_queue(std::size_t capacity, bool busy_poll = false) : capacity_(capacity), busy_poll_(busy_poll) {}
  static constexpr std::uint64_t longest_look_us = 300;

  /// busy when it is full, or what refuse() or close() said; then the entry is still the caller's.
  status push(queue_entry& entry);
  /// For the few entries that stand for queues of their own: not bounded, and taken at the end of a drain, too.
  status push_unbounded(queue_entry& entry);
  /// Back to the end, by the thread that popped it.
  void push_again(queue_entry& entry);

  /// The oldest, waiting for one; null after `patience`, when it is closed and empty, or when there were nudges that
  /// `nudges_seen`, the caller's own, does not count yet.
  queue_entry* pop(std::chrono::milliseconds patience, std::uint64_t* nudges_seen = nullptr);
  /// Whoever waits in pop() has a look around.
  void nudge();
  /// Waits without taking anything, until end_pauses() has been called more often than `ends_seen`, the caller's own,
  /// counts; true when it is closed.
  bool pause(std::chrono::milliseconds patience, std::uint64_t& ends_seen);
  /// Whoever is in pause(), or comes to it next, goes on.
  void end_pauses();

  /// The expired ones, oldest first, chained by next_entry.
  queue_entry* take_expired(std::uint64_t now);
  /// As take_expired, those of one owner.
  queue_entry* take_owned(const void* owner);
  queue_entry* take_all();

  void refuse(status why);
  void accept();
  /// No more pushes: they are answered `cancelled`. pop() hands out what is left.
  void close();

  bool closed() const;
  /// What push() would say of the state: ok, or why it refuses.
  status state() const;
  std::size_t size() const;

 private:
  void append(queue_entry& entry);
  void look() const;
  template <class Condition>
  queue_entry* take_if(Condition condition);

  const std::size_t capacity_;
  const bool busy_poll_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::condition_variable pausing_;
  queue_entry* first_ = nullptr;
  queue_entry* last_ = nullptr;
  std::atomic<std::size_t> size_{0};  // written under the lock
  std::uint64_t nudges_ = 0;
  std::uint64_t pause_ends_ = 0;
  status refusing_ = status::ok;
  bool closed_ = false;
};

}  // namespace parley::host

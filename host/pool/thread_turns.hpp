// Proof that a pool's thread has left what it was in.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

namespace parley::host {

/// Counts the entries and exits of one thread: odd while it is inside a job. Written by that thread only, with plain
/// stores.
class thread_turns {
 public:
  void enter() { step(); }
  void leave() { step(); }
  /// [any]
  std::uint64_t seen() const { return count_.load(std::memory_order_acquire); }
  /// Whether the thread has been outside since seen() answered `before`. [any]
  bool passed(std::uint64_t before) const { return before % 2 == 0 || seen() != before; }

 private:
  void step() { count_.store(count_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }
  std::atomic<std::uint64_t> count_{0};
};

/// A moment, and the threads that were inside a job then.
class grace_period {
 public:
  void watch(const thread_turns& turns) {
    if (turns.seen() % 2) inside_.emplace_back(&turns, turns.seen());
  }
  /// Every one of them has been outside since.
  bool passed() const {
    for (const auto& [turns, before] : inside_) {
      if (!turns->passed(before)) return false;
    }
    return true;
  }

 private:
  std::vector<std::pair<const thread_turns*, std::uint64_t>> inside_;
};

}  // namespace parley::host

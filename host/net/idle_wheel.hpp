// Idle timeouts for many sessions at the cost of a few: each sits in the bucket of the second at which it has to be
// looked at again, and only that bucket is looked at.
#pragma once

#include <array>
#include <cstdint>

#include "host/base/intrusive_list.hpp"

namespace parley::host {

class idle_wheel {
 public:
  /// Seconds count from `now`: what is scheduled for later is not looked at on the way there. [loop]
  explicit idle_wheel(std::uint32_t now) : last_(now) {}

  /// Looks at `item` again at `second`, or earlier when that is far away. [loop]
  void schedule(list_hook& item, std::uint32_t now, std::uint32_t second) {
    if (second <= now) second = now + 1;
    if (second - now >= size) second = now + size - 1;
    buckets_[second % size].push_back(item);
  }

  /// Calls due(item) for what was to be looked at by now; due schedules again or leaves it out. [loop]
  template <class Due>
  void advance(std::uint32_t now, Due&& due) {
    if (now > last_ + size) last_ = now - size;
    while (last_ < now) {
      ++last_;
      list_head taken;
      auto& bucket = buckets_[last_ % size];
      while (!bucket.empty()) taken.push_back(*bucket.next);
      while (!taken.empty()) {
        auto* item = taken.next;
        item->unlink();
        due(*item);
      }
    }
  }

 private:
  static constexpr std::uint32_t size = 512;
  std::array<list_head, size> buckets_;
  std::uint32_t last_;
};

}  // namespace parley::host

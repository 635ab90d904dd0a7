// Counts by powers of two, written from any thread.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>

namespace parley::host {

class histogram {
 public:
  static constexpr std::size_t buckets = 28;
  /// Bucket i counts values above bound(i - 1) and up to bound(i); the last one what is above, too.
  static constexpr std::uint64_t bound(std::size_t bucket) { return std::uint64_t{1} << bucket; }

  void add(std::uint64_t value) {
    const std::size_t at = value <= 1 ? 0 : static_cast<std::size_t>(std::bit_width(value - 1));
    counts_[at < buckets ? at : buckets - 1].fetch_add(1, std::memory_order_relaxed);
    count_.fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
  }
  std::uint64_t bucket(std::size_t i) const { return counts_[i].load(std::memory_order_relaxed); }
  std::uint64_t count() const { return count_.load(std::memory_order_relaxed); }
  std::uint64_t sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  std::array<std::atomic<std::uint64_t>, buckets> counts_{};
  std::atomic<std::uint64_t> count_{0};
  std::atomic<std::uint64_t> sum_{0};
};

}  // namespace parley::host

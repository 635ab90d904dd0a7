// Durations in buckets that are a quarter of an octave wide: quantiles within 12 %, an addition is a few instructions.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace parley::host {

/// Nanoseconds. Written and read by one thread.
class log_linear {
 public:
  static constexpr unsigned first_octave = 7;  // what is shorter than 128 ns is in bucket 0
  static constexpr unsigned octaves = 30;      // up to 137 s; what is longer is in the last one
  static constexpr std::size_t buckets = octaves * 4;

  static constexpr std::size_t bucket_of(std::uint64_t ns) {
    if (ns >> first_octave == 0) return 0;
    const auto octave = static_cast<unsigned>(std::bit_width(ns)) - 1;
    const auto at = (octave - first_octave) * 4 + ((ns >> (octave - 2)) & 3);
    return at < buckets ? at : buckets - 1;
  }
  /// What is in bucket i is less than this.
  static constexpr std::uint64_t bound(std::size_t i) {
    const auto octave = first_octave + static_cast<unsigned>(i / 4);
    return (std::uint64_t{1} << octave) + (std::uint64_t{i % 4 + 1} << (octave - 2));
  }

  /// `weight`: how many this one stands for.
  void add(std::uint64_t ns, std::uint32_t weight = 1) {
    counts_[bucket_of(ns)] += weight;
    count_ += weight;
    sum_ += ns * weight;
    if (ns > longest_) longest_ = ns;
  }
  std::uint64_t count() const { return count_; }
  std::uint64_t sum() const { return sum_; }
  std::uint64_t longest() const { return longest_; }
  std::uint64_t bucket(std::size_t i) const { return counts_[i]; }
  /// An upper bound of what the share p of all is not longer than; 0 when there is none.
  std::uint64_t quantile(double p) const {
    const auto wanted = static_cast<std::uint64_t>(p * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets; ++i) {
      seen += counts_[i];
      if (counts_[i] && seen >= wanted) return bound(i) < longest_ ? bound(i) : longest_;
    }
    return longest_;
  }
  /// How many were shorter than a power of two of nanoseconds, from 2^7 on.
  std::uint64_t below_power(unsigned power) const {
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets && i < (power - first_octave) * 4; ++i) seen += counts_[i];
    return seen;
  }

 private:
  std::array<std::uint64_t, buckets> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t longest_ = 0;
};

}  // namespace parley::host

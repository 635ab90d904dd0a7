#include "bench/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace parley::bench {
namespace {

constexpr int fine_bits = 6;
constexpr std::uint64_t fine = 1u << fine_bits;
constexpr std::size_t buckets = (64 - fine_bits + 1) * fine;

std::size_t bucket_of(std::uint64_t value) {
  if (value < fine) return value;
  const int shift = std::bit_width(value) - 1 - fine_bits;
  return static_cast<std::size_t>(shift + 1) * fine + (value >> shift) - fine;
}

std::uint64_t top_of(std::size_t bucket) {
  if (bucket < fine) return bucket;
  const std::size_t shift = bucket / fine - 1;
  return ((bucket % fine + fine + 1) << shift) - 1;
}

}  // namespace

histogram::histogram() : buckets_(buckets) {}

void histogram::add(std::uint64_t nanoseconds) {
  ++buckets_[bucket_of(nanoseconds)];
  ++count_;
}

std::uint64_t histogram::quantile(double q) const {
  if (count_ == 0) return 0;
  const auto wanted =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_))));
  std::uint64_t passed = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    passed += buckets_[i];
    if (passed >= wanted) return top_of(i);
  }
  return top_of(buckets_.size() - 1);
}

}  // namespace parley::bench

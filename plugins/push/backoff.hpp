// How long to wait before the next try.
#pragma once

#include <algorithm>
#include <cstdint>

namespace push {

inline constexpr std::uint64_t first_wait_ms = 1000;
inline constexpr std::uint64_t longest_wait_ms = 60'000;
inline constexpr std::uint64_t longest_asked_ms = 300'000;

/// Doubles with each failure, the upper half of it by chance (`dice` of any value), so that nodes do not come back
/// together; no less than the receiver asked for, as far as that is bounded.
constexpr std::uint64_t wait_ms(std::uint32_t failures, std::uint64_t asked_ms, std::uint32_t dice) {
  const std::uint32_t doublings = std::min(failures == 0 ? 0u : failures - 1, 16u);
  const std::uint64_t most = std::min(first_wait_ms << doublings, longest_wait_ms);
  const std::uint64_t chosen = most / 2 + dice % (most / 2 + 1);
  return std::max(chosen, std::min(asked_ms, longest_asked_ms));
}

}  // namespace push

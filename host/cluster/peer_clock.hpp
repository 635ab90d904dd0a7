// What another node's clock can show at most, whatever both clocks show.
#pragma once

#include <algorithm>
#include <cstdint>

namespace parley::host {

/// From pairs of stamps: ours of a question, the other's of its answer. The answer was stamped after the question, so
/// the other's clock is never ahead of ours by more than the smallest difference seen. Windows, because clocks drift.
class peer_clock {
 public:
  void answered(std::uint64_t asked_ms, std::uint64_t stamped_ms) {
    const auto ahead = static_cast<std::int64_t>(stamped_ms - asked_ms);
    current_ = known_ ? std::min(current_, ahead) : ahead;
    if (!known_) before_ = ahead;
    known_ = true;
    if (++seen_ < window) return;
    seen_ = 0;
    before_ = current_;
    current_ = ahead;
  }
  bool known() const { return known_; }
  /// The other's clock now: it shows this or less.
  std::uint64_t latest(std::uint64_t now_ms) const {
    return now_ms + drift_ms + static_cast<std::uint64_t>(std::min(current_, before_));
  }

 private:
  static constexpr int window = 16;
  static constexpr std::uint64_t drift_ms = 5;  // of two clocks within a window, and rounding
  std::int64_t current_ = 0;
  std::int64_t before_ = 0;
  int seen_ = 0;
  bool known_ = false;
};

}  // namespace parley::host

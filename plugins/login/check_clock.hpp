// How long a password check will take from now.
#pragma once

#include <algorithm>
#include <cstdint>

namespace login {

/// A moving average of what checks took, and with it the wait behind a queue.
class check_clock {
 public:
  explicit check_clock(std::uint64_t first_guess_us) : average_us_(first_guess_us) {}

  void took(std::uint64_t us) {
    average_us_ += (static_cast<double>(std::min<std::uint64_t>(us, 60'000'000)) - average_us_) / 8;
  }

  /// Until a check that is enqueued now has an answer.
  std::uint64_t expected_ms(std::uint32_t ahead, std::uint32_t threads) const {
    return static_cast<std::uint64_t>((static_cast<double>(ahead) / std::max(threads, 1u) + 1) * average_us_ / 1000);
  }
  std::uint64_t average_us() const { return static_cast<std::uint64_t>(average_us_); }

 private:
  double average_us_;
};

}  // namespace login

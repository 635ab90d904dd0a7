// How many passwords are looked at: each costs a worker tens of milliseconds.
#pragma once

#include <algorithm>
#include <cstdint>

namespace http_admin {

/// So many a minute, at most a minute's at once. Times are milliseconds of any clock that only goes forward. [loop]
class sign_in_rate {
 public:
  explicit sign_in_rate(std::uint32_t per_minute) : per_minute_(per_minute), left_(per_minute) {}

  bool take(std::uint64_t now_ms) {
    if (last_ms_ != 0) {
      const double more = static_cast<double>(now_ms - last_ms_) * per_minute_ / 60'000;
      left_ = std::min(left_ + more, static_cast<double>(per_minute_));
    }
    last_ms_ = now_ms;
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }

 private:
  std::uint32_t per_minute_;
  double left_;
  std::uint64_t last_ms_ = 0;
};

}  // namespace http_admin

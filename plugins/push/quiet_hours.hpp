// The hours in which who wants it gets no notification.
#pragma once

#include <ctime>
#include <optional>
#include <string_view>

namespace push {

/// Minutes since midnight of "22:00"; throws std::invalid_argument naming the key.
int minute_of_day(std::string_view text, std::string_view key);

/// Whose clock: minutes ahead of UTC, or the node's own time zone.
using zone = std::optional<int>;
/// Of "local", "+08:00", "-03:30"; throws std::invalid_argument naming the key.
zone zone_of(std::string_view text, std::string_view key);

class quiet_hours {
 public:
  /// Up to but not including `to`; the same twice: never.
  quiet_hours(int from, int to, zone where) : from_(from), to_(to), where_(where) {}
  bool at_minute(int minute) const {
    if (from_ <= to_) return minute >= from_ && minute < to_;
    return minute >= from_ || minute < to_;
  }
  bool at(std::time_t when) const;

 private:
  int from_;
  int to_;
  zone where_;
};

}  // namespace push

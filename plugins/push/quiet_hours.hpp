// The hours in which who wants it gets no notification.
#pragma once

#include <ctime>
#include <string_view>

namespace push {

/// Minutes since midnight of "22:00"; throws std::invalid_argument naming the key.
int minute_of_day(std::string_view text, std::string_view key);

class quiet_hours {
 public:
  /// Up to but not including `to`; the same twice: never.
  quiet_hours(int from, int to) : from_(from), to_(to) {}
  bool at_minute(int minute) const {
    if (from_ <= to_) return minute >= from_ && minute < to_;
    return minute >= from_ || minute < to_;
  }
  /// In the node's time zone.
  bool at(std::time_t when) const;

 private:
  int from_;
  int to_;
};

}  // namespace push

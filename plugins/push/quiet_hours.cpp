#include "quiet_hours.hpp"

#include <stdexcept>
#include <string>

namespace push {

int minute_of_day(std::string_view text, std::string_view key) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100; };
  if (text.size() == 5 && text[2] == ':') {
    const int hour = digit(0) * 10 + digit(1), minute = digit(3) * 10 + digit(4);
    if (hour < 24 && minute < 60) return hour * 60 + minute;
  }
  throw std::invalid_argument(std::string(key) + ": expected a time of day such as 22:00, found " + std::string(text));
}

bool quiet_hours::at(std::time_t when) const {
  std::tm local{};
  localtime_r(&when, &local);
  return at_minute(local.tm_hour * 60 + local.tm_min);
}

}  // namespace push

#include "quiet_hours.hpp"

#include <stdexcept>
#include <string>

namespace push {
namespace {

/// Minutes of "HH:MM"; nothing when it is none.
std::optional<int> hours_and_minutes(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const int hour = digit(0) * 10 + digit(1), minute = digit(3) * 10 + digit(4);
  if (hour >= 24 || minute >= 60) return std::nullopt;
  return hour * 60 + minute;
}

}  // namespace

int minute_of_day(std::string_view text, std::string_view key) {
  if (const auto minute = hours_and_minutes(text)) return *minute;
  throw std::invalid_argument(std::string(key) + ": expected a time of day such as 22:00, found " + std::string(text));
}

zone zone_of(std::string_view text, std::string_view key) {
  constexpr int farthest = 14 * 60;
  if (text == "local") return std::nullopt;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    const auto offset = hours_and_minutes(text.substr(1));
    if (offset && *offset <= farthest) return text[0] == '-' ? -*offset : *offset;
  }
  throw std::invalid_argument(std::string(key) +
                              ": expected local, or hours and minutes ahead of UTC such as +08:00, "
                              "found " +
                              std::string(text));
}

bool quiet_hours::at(std::time_t when) const {
  if (where_) {
    constexpr int day = 24 * 60;
    return at_minute(static_cast<int>((when / 60 % day + *where_ + day) % day));
  }
  std::tm local{};
  localtime_r(&when, &local);
  return at_minute(local.tm_hour * 60 + local.tm_min);
}

}  // namespace push

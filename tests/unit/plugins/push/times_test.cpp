#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>

#include "backoff.hpp"
#include "quiet_hours.hpp"

namespace {

using namespace push;

TEST(push_quiet_hours, last_over_midnight) {
  const quiet_hours night(22 * 60, 7 * 60, {});
  for (const int quiet : {22 * 60, 23 * 60 + 59, 0, 6 * 60 + 59}) EXPECT_TRUE(night.at_minute(quiet)) << quiet;
  for (const int loud : {7 * 60, 12 * 60, 21 * 60 + 59}) EXPECT_FALSE(night.at_minute(loud)) << loud;
}

TEST(push_quiet_hours, may_be_by_day_or_never) {
  const quiet_hours siesta(13 * 60, 15 * 60, {}), never(60, 60, {});
  EXPECT_TRUE(siesta.at_minute(14 * 60));
  EXPECT_FALSE(siesta.at_minute(15 * 60));
  EXPECT_FALSE(siesta.at_minute(0));
  for (int minute = 0; minute < 24 * 60; ++minute) EXPECT_FALSE(never.at_minute(minute));
}

TEST(push_quiet_hours, are_local) {
  const quiet_hours night(22 * 60, 7 * 60, zone_of("local", "k"));
  const std::time_t noon_in_london = 1'700'049'600;  // 2023-11-15 12:00 UTC
  setenv("TZ", "UTC0", 1);
  tzset();
  EXPECT_FALSE(night.at(noon_in_london));
  setenv("TZ", "XXX-11", 1);
  tzset();
  EXPECT_TRUE(night.at(noon_in_london));
  unsetenv("TZ");
  tzset();
}

TEST(push_quiet_hours, are_those_of_a_zone_wherever_the_node_is) {
  constexpr std::time_t midnight = 1'700'006'400;  // 2023-11-15 00:00 UTC
  const auto quiet = [&](const char* where, int hour, int minute = 0) {
    return quiet_hours(22 * 60, 7 * 60, zone_of(where, "zone")).at(midnight + hour * 3600 + minute * 60);
  };
  for (const char* node : {"UTC0", "XXX-11"}) {
    setenv("TZ", node, 1);
    tzset();
    EXPECT_FALSE(quiet("+08:00", 13, 59));
    EXPECT_TRUE(quiet("+08:00", 14));
    EXPECT_TRUE(quiet("+08:00", 22, 59));
    EXPECT_FALSE(quiet("+08:00", 23));
    EXPECT_FALSE(quiet("-03:30", 1, 29));
    EXPECT_TRUE(quiet("-03:30", 1, 30));
    EXPECT_TRUE(quiet("-03:30", 10, 29));
    EXPECT_FALSE(quiet("-03:30", 10, 30));
    EXPECT_TRUE(quiet("+00:00", 6, 59));
    EXPECT_FALSE(quiet("+00:00", 7));
    EXPECT_TRUE(quiet("-14:00", 12));
    EXPECT_TRUE(quiet("+14:00", 8));
  }
  unsetenv("TZ");
  tzset();
}

TEST(push_quiet_hours, know_zones_by_what_they_are_ahead) {
  EXPECT_EQ(zone_of("local", "k"), std::nullopt);
  EXPECT_EQ(zone_of("+05:45", "k"), 345);
  EXPECT_EQ(zone_of("-00:30", "k"), -30);
  for (const char* wrong : {"", "+", "8", "08:00", "+8:00", "+14:01", "-15:00", "+08:60", "+0800", "Asia/Shanghai"}) {
    EXPECT_THROW(zone_of(wrong, "k"), std::invalid_argument) << wrong;
  }
}

TEST(push_quiet_hours, are_written_as_times_of_day) {
  EXPECT_EQ(minute_of_day("00:00", "k"), 0);
  EXPECT_EQ(minute_of_day("23:59", "k"), 23 * 60 + 59);
  for (const char* wrong : {"", "8:00", "24:00", "12:60", "12-00", "ab:cd", "12:000", "1a:00"}) {
    EXPECT_THROW(minute_of_day(wrong, "k"), std::invalid_argument) << wrong;
  }
}

TEST(push_backoff, doubles_up_to_a_minute_and_scatters) {
  std::uint64_t longest = 0;
  for (std::uint32_t failures = 1; failures < 100; ++failures) {
    const auto shortest = wait_ms(failures, 0, 0);
    longest = 0;
    for (std::uint32_t dice = 0; dice < 100'000; dice += 7) longest = std::max(longest, wait_ms(failures, 0, dice));
    const auto most = failures < 7 ? 1000ull << (failures - 1) : 60'000ull;
    EXPECT_EQ(shortest, most / 2) << failures;
    EXPECT_LE(longest, most) << failures;
    EXPECT_GT(longest, most * 9 / 10) << failures;
  }
}

TEST(push_backoff, heeds_the_receiver_within_bounds) {
  EXPECT_EQ(wait_ms(1, 7'000, 0), 7'000u);
  EXPECT_EQ(wait_ms(1, 86'400'000, 0), 300'000u);
  EXPECT_EQ(wait_ms(7, 1'000, 0), 30'000u);
}

}  // namespace

#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>

#include "backoff.hpp"
#include "quiet_hours.hpp"

namespace {

using namespace push;

TEST(push_quiet_hours, last_over_midnight) {
  const quiet_hours night(22 * 60, 8 * 60);
  for (const int quiet : {22 * 60, 23 * 60 + 59, 0, 7 * 60 + 59}) EXPECT_TRUE(night.at_minute(quiet)) << quiet;
  for (const int loud : {8 * 60, 12 * 60, 21 * 60 + 59}) EXPECT_FALSE(night.at_minute(loud)) << loud;
}

TEST(push_quiet_hours, may_be_by_day_or_never) {
  const quiet_hours siesta(13 * 60, 15 * 60), never(60, 60);
  EXPECT_TRUE(siesta.at_minute(14 * 60));
  EXPECT_FALSE(siesta.at_minute(15 * 60));
  EXPECT_FALSE(siesta.at_minute(0));
  for (int minute = 0; minute < 24 * 60; ++minute) EXPECT_FALSE(never.at_minute(minute));
}

TEST(push_quiet_hours, are_local) {
  const quiet_hours night(22 * 60, 8 * 60);
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

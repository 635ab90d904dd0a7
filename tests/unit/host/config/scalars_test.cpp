#include "host/config/scalars.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

TEST(durations, carry_a_unit) {
  EXPECT_EQ(*parse_duration("250ms", {}), 250);
  EXPECT_EQ(*parse_duration("15s", {}), 15'000);
  EXPECT_EQ(*parse_duration("2m", {}), 120'000);
  EXPECT_EQ(*parse_duration("1h", {}), 3'600'000);
  EXPECT_EQ(*parse_duration("7d", {}), 604'800'000);
}

TEST(durations, of_a_bare_number_are_refused_with_the_unit_to_write) {
  const auto bare = parse_duration("15", {1, 3'600'000});
  ASSERT_FALSE(bare);
  EXPECT_EQ(bare.text(),
            "expected a duration from 1ms to 1h (such as 250ms, 15s, 2m, 1h), found \"15\": "
            "a number needs its unit, write 15s");
}

TEST(durations, refuse_what_is_none) {
  for (const char* bad :
       {"", "s", "15 s", "-1s", "1.5s", "15sec", "1m30s", "15S", "99999999999999999999s", "9223372036854775807h"}) {
    EXPECT_FALSE(parse_duration(bad, {})) << bad;
  }
}

TEST(durations, stay_within_bounds) {
  EXPECT_TRUE(parse_duration("1s", {1000, 2000}));
  EXPECT_TRUE(parse_duration("2s", {1000, 2000}));
  EXPECT_FALSE(parse_duration("999ms", {1000, 2000}));
  EXPECT_FALSE(parse_duration("2001ms", {1000, 2000}));
}

TEST(sizes, carry_a_unit) {
  EXPECT_EQ(*parse_size("512B", {}), 512);
  EXPECT_EQ(*parse_size("4KiB", {}), 4096);
  EXPECT_EQ(*parse_size("1MiB", {}), 1 << 20);
  EXPECT_EQ(*parse_size("2GiB", {}), std::int64_t{2} << 30);
}

TEST(sizes, refuse_bare_numbers_and_ambiguous_units) {
  EXPECT_NE(parse_size("4096", {}).text().find("write 4096B"), std::string::npos);
  EXPECT_NE(parse_size("4KB", {}).text().find("the units are B, KiB, MiB, GiB"), std::string::npos);
  EXPECT_FALSE(parse_size("4k", {}));
  EXPECT_FALSE(parse_size("9999999999999GiB", {}));
}

TEST(integers, are_decimal_or_hexadecimal) {
  EXPECT_EQ(*parse_integer("42", {}), 42);
  EXPECT_EQ(*parse_integer("0x10", {}), 16);
  EXPECT_EQ(*parse_integer("-1", {INT64_MIN, INT64_MAX}), -1);
  for (const char* bad : {"", " 1", "1 ", "0x", "0x-1", "one", "1e3", "99999999999999999999"})
    EXPECT_FALSE(parse_integer(bad, {})) << bad;
}

TEST(booleans, are_words) {
  for (const char* yes : {"true", "on", "yes"}) EXPECT_TRUE(*parse_boolean(yes));
  for (const char* no : {"false", "off", "no"}) EXPECT_FALSE(*parse_boolean(no));
  for (const char* bad : {"", "1", "maybe"}) EXPECT_FALSE(parse_boolean(bad)) << bad;
}

TEST(commands, are_ids_of_sixteen_bits_but_zero) {
  EXPECT_EQ(*parse_command("0x0301"), 0x0301);
  EXPECT_EQ(*parse_command("769"), 0x0301);
  for (const char* bad : {"0", "0x10000", "-1", "message"}) EXPECT_FALSE(parse_command(bad)) << bad;
}

TEST(command_ranges, are_inclusive_and_ascending) {
  const auto range = parse_command_range("0x0100-0x01FF");
  ASSERT_TRUE(range);
  EXPECT_EQ(*range, std::pair(std::uint16_t{0x0100}, std::uint16_t{0x01FF}));
  EXPECT_EQ(parse_command_range("0x0301")->second, 0x0301);
  for (const char* bad : {"0x0200-0x0100", "0x0100-", "-0x0100", "1-2-3", "a-b"})
    EXPECT_FALSE(parse_command_range(bad)) << bad;
}

}  // namespace
}  // namespace parley::host

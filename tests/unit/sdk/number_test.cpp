#include "parley/number.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(whole_number, is_digits_and_nothing_else) {
  EXPECT_EQ(whole_number("0"), 0u);
  EXPECT_EQ(whole_number("4294967295"), 4294967295u);
  for (const char* bad : {"", " 1", "1 ", "+1", "-1", "1.0", "0x1", "4294967296", "99999999999999999999"}) {
    EXPECT_FALSE(whole_number(bad)) << bad;
  }
}

TEST(whole_number, has_a_limit) {
  EXPECT_EQ(whole_number("10", 10), 10u);
  EXPECT_FALSE(whole_number("11", 10));
}

}  // namespace
}  // namespace parley

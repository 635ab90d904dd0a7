#include "conversation.hpp"

#include <gtest/gtest.h>

#include "recent_checks.hpp"
#include "reply_budget.hpp"

namespace message {
namespace {

TEST(conversation_key, is_the_same_for_both_users) {
  EXPECT_EQ(conversation_key::single(7, 3), conversation_key::single(3, 7));
  EXPECT_EQ(conversation_key::single(7, 3).a, 3u);
  EXPECT_EQ(conversation_key::single(7, 3).b, 7u);
  EXPECT_EQ(conversation_key::single(7, 3).lane_key(), conversation_key::single(3, 7).lane_key());
}

TEST(conversation_key, tells_a_group_from_users) {
  EXPECT_NE(conversation_key::group(7), conversation_key::single(0, 7));
  EXPECT_LT(conversation_key::single(4000000000, 4000000001), conversation_key::group(1));
  EXPECT_LT(conversation_key::single(1, 9), conversation_key::single(2, 3));
}

TEST(recent_checks, hold_for_a_minute_and_one_direction) {
  recent_checks checks;
  checks.remember(1, 2, 1000);
  EXPECT_TRUE(checks.holds(1, 2, 60'999));
  EXPECT_FALSE(checks.holds(1, 2, 61'000));
  EXPECT_FALSE(checks.holds(2, 1, 1000));
  checks.forget(1, 2);
  EXPECT_FALSE(checks.holds(1, 2, 1000));
}

TEST(recent_checks, are_bounded) {
  recent_checks checks;
  for (std::uint32_t i = 0; i <= recent_checks::most; ++i) checks.remember(i, 1, 0);
  EXPECT_FALSE(checks.holds(0, 1, 0));
  EXPECT_TRUE(checks.holds(recent_checks::most, 1, 0));
}

TEST(reply_budget, always_takes_the_first_and_then_what_fits) {
  reply_budget large;
  EXPECT_TRUE(large.take(reply_budget::bytes));
  EXPECT_FALSE(large.take(1));
  reply_budget small;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(small.take(100 << 10));
  EXPECT_FALSE(small.take(100 << 10));
}

}  // namespace
}  // namespace message

#include "remembered.hpp"

#include <gtest/gtest.h>

namespace {

TEST(remembered, knows_the_same_user_hash_and_secret_only) {
  login::remembered warm(10);
  EXPECT_FALSE(warm.knows(1, "hash", "secret"));
  warm.keep(1, "hash", "secret");
  EXPECT_TRUE(warm.knows(1, "hash", "secret"));
  EXPECT_FALSE(warm.knows(2, "hash", "secret"));
  EXPECT_FALSE(warm.knows(1, "changed", "secret"));
  EXPECT_FALSE(warm.knows(1, "hash", "other"));
  EXPECT_FALSE(warm.knows(1, "hashs", "ecret"));
}

TEST(remembered, keeps_one_secret_per_user) {
  login::remembered warm(10);
  warm.keep(1, "hash", "old");
  warm.keep(1, "hash", "new");
  EXPECT_FALSE(warm.knows(1, "hash", "old"));
  EXPECT_TRUE(warm.knows(1, "hash", "new"));
}

TEST(remembered, forgets_who_was_away_longest) {
  login::remembered warm(2);
  warm.keep(1, "h", "s");
  warm.keep(2, "h", "s");
  EXPECT_TRUE(warm.knows(1, "h", "s"));
  warm.keep(3, "h", "s");
  EXPECT_EQ(warm.size(), 2u);
  EXPECT_TRUE(warm.knows(1, "h", "s"));
  EXPECT_FALSE(warm.knows(2, "h", "s"));
}

TEST(remembered, a_bound_of_nothing_remembers_nobody) {
  login::remembered cold(0);
  cold.keep(1, "h", "s");
  EXPECT_FALSE(cold.knows(1, "h", "s"));
}

}  // namespace

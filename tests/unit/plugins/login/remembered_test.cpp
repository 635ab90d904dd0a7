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

TEST(remembered, hands_over_those_who_came_last_in_the_room_there_is) {
  login::remembered warm(1000), next(1000), smaller(1);
  for (std::uint32_t user = 1; user <= 1000; ++user) warm.keep(user, "h", "s");
  std::string state;
  warm.save(state, 1024);
  EXPECT_LE(state.size(), 1024u);
  parley::state_reader in(state);
  ASSERT_TRUE(next.restore(in));
  EXPECT_TRUE(in.done());
  EXPECT_EQ(next.size(), (1024u - 36) / 36);
  EXPECT_TRUE(next.knows(1000, "h", "s"));
  EXPECT_FALSE(next.knows(1000, "h", "t"));
  EXPECT_FALSE(next.knows(1, "h", "s"));
  next.keep(2000, "h", "s");
  EXPECT_TRUE(next.knows(2000, "h", "s"));

  parley::state_reader again(state);
  ASSERT_TRUE(smaller.restore(again));
  EXPECT_EQ(smaller.size(), 1u);
  EXPECT_TRUE(smaller.knows(1000, "h", "s"));
}

TEST(remembered, a_bound_of_nothing_remembers_nobody) {
  login::remembered cold(0);
  cold.keep(1, "h", "s");
  EXPECT_FALSE(cold.knows(1, "h", "s"));
}

}  // namespace

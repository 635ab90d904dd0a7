#include "lockout.hpp"

#include <gtest/gtest.h>

namespace http_admin {
namespace {

constexpr std::uint64_t window = 1000;

lockout small() {
  return lockout({3, window, 8});
}

TEST(lockout, a_name_is_locked_for_an_address_after_its_failures) {
  auto one = small();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(one.begin("ann", "10.0.0.1", 10), 0u);
  EXPECT_EQ(one.begin("ann", "10.0.0.1", 20), window - 10);
  EXPECT_TRUE(one.locked("ann", 20));
  EXPECT_FALSE(one.locked("an", 20));
  EXPECT_EQ(one.begin("ann", "10.0.0.2", 20), 0u) << "who is elsewhere is not locked out";
  EXPECT_EQ(one.begin("bea", "10.0.0.1", 20), 0u);
  EXPECT_EQ(one.begin("ann", "10.0.0.1", 10 + window), 0u);
  EXPECT_FALSE(one.locked("ann", 10 + window));
}

TEST(lockout, a_success_forgets_the_pair_and_its_own_count) {
  auto one = small();
  for (int round = 0; round < 100; ++round) {
    EXPECT_EQ(one.begin("ann", "10.0.0.1", 10), 0u) << round;
    one.succeeded("ann", "10.0.0.1");
  }
}

TEST(lockout, what_was_not_looked_at_does_not_count) {
  auto one = small();
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(one.begin("ann", "10.0.0.1", 10), 0u) << i;
    one.take_back("ann", "10.0.0.1");
  }
  one.take_back("nobody", "10.9.9.9");
  for (int i = 0; i < 2; ++i) one.begin("ann", "10.0.0.1", 10);
  one.begin("ann", "10.0.0.1", 10);
  one.take_back("ann", "10.0.0.1");
  EXPECT_EQ(one.begin("ann", "10.0.0.1", 10), 0u);
  EXPECT_GT(one.begin("ann", "10.0.0.1", 10), 0u) << "the others still do";
}

TEST(lockout, an_address_is_locked_whatever_names_it_tries) {
  auto one = small();
  for (int i = 0; i < 30; ++i) EXPECT_EQ(one.begin("n" + std::to_string(i), "2001:db8::1", 10), 0u) << i;
  EXPECT_GT(one.begin("fresh", "2001:db8::1", 10), 0u);
  EXPECT_GT(one.begin("fresh", "2001:db8::2:3", 10), 0u) << "the same customer's";
  EXPECT_EQ(one.begin("fresh", "2001:db8:0:1::1", 10), 0u);
}

TEST(lockout, right_passwords_of_one_name_do_not_clear_the_way_for_another) {
  auto one = small();
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(one.begin("n" + std::to_string(i), "10.0.0.1", 10), 0u);
    if (one.begin("own", "10.0.0.1", 10) == 0) one.succeeded("own", "10.0.0.1");
  }
  EXPECT_GT(one.begin("n99", "10.0.0.1", 10), 0u);
}

TEST(lockout, unlock_forgets_a_name_from_everywhere) {
  auto one = small();
  for (const auto* from : {"10.0.0.1", "10.0.0.2"}) {
    for (int i = 0; i < 3; ++i) one.begin("ann", from, 10);
  }
  EXPECT_TRUE(one.unlock("ann"));
  EXPECT_FALSE(one.unlock("ann"));
  EXPECT_FALSE(one.locked("ann", 10));
  EXPECT_EQ(one.begin("ann", "10.0.0.2", 10), 0u);
}

TEST(lockout, what_was_tried_longest_ago_is_forgotten_first) {
  auto one = small();
  for (int i = 0; i < 3; ++i) one.begin("ann", "10.0.0.1", 10);
  for (int i = 0; i < 8; ++i) one.begin("n", "10.0.1." + std::to_string(i), 10);
  EXPECT_FALSE(one.locked("ann", 10));
}

TEST(lockout, the_next_generation_knows_it) {
  auto one = small(), other = small();
  for (int i = 0; i < 3; ++i) one.begin("ann", "10.0.0.1", 10);
  ASSERT_TRUE(other.restore(one.save()));
  EXPECT_GT(other.begin("ann", "10.0.0.1", 20), 0u);
  EXPECT_FALSE(other.restore("nonsense"));
  EXPECT_FALSE(other.restore(one.save() + "x"));
  EXPECT_GT(other.begin("ann", "10.0.0.1", 20), 0u) << "as it was";
}

TEST(lockout, all_it_can_know_is_less_than_a_reload_hands_over) {
  lockout one{lockout::limits{}};
  const std::string name(64, 'n');
  for (int address = 0; address < 2000; ++address) {
    for (int i = 0; i < 60; ++i) one.begin(name + std::to_string(i), "2001:db8:" + std::to_string(address) + "::1", 10);
  }
  EXPECT_LT(one.save().size(), 1u << 20);
}

}  // namespace
}  // namespace http_admin

#include "people.hpp"

namespace buddy_test {
namespace {

using blocks = people;

TEST_F(blocks, what_the_blocked_asks_only_the_blocked_sees) {
  EXPECT_TRUE(block(2, 1).changed);
  const auto asked = ask(1, 2, "hi");
  EXPECT_TRUE(asked.is);
  EXPECT_FALSE(asked.told_of);
  EXPECT_EQ(asked.created, now);
  auto db = host.sql();
  EXPECT_TRUE(buddy::store::incoming(db, 2, 0, 10).empty());
  EXPECT_EQ(buddy::store::outgoing(db, 1, 0, 10).size(), 1u);
  EXPECT_EQ(accept(2, 1).is.code, status::no_target);
  EXPECT_FALSE(refuse(2, 1).told_of);
  EXPECT_EQ(buddy::store::outgoing(db, 1, 0, 10).size(), 1u) << "a refusal of what was never seen";
  EXPECT_FALSE(part(1, 2).told_of);
}

TEST_F(blocks, the_blocked_meets_the_limits_that_anybody_meets) {
  most.incoming = 1;
  block(2, 1);
  EXPECT_TRUE(ask(1, 2).is);
  EXPECT_TRUE(ask(3, 2).is) << "what nobody sees takes no place";
  EXPECT_EQ(ask(4, 2).is.code, status::busy);
  block(2, 4);
  EXPECT_EQ(ask(4, 2).is.code, status::busy);
}

TEST_F(blocks, hide_what_waits) {
  ask(1, 2);
  const auto done = block(2, 1);
  EXPECT_TRUE(done.hidden);
  EXPECT_EQ(accept(2, 1).is.code, status::no_target);
  auto db = host.sql();
  EXPECT_TRUE(buddy::unblock(db, {2, 1}).changed);
  EXPECT_TRUE(ask(1, 2).told_of) << "asked once more, it is seen";
}

TEST_F(blocks, leave_friends_friends) {
  befriend(1, 2);
  EXPECT_TRUE(block(1, 2).changed);
  EXPECT_EQ(friends(1).size(), 1u);
  EXPECT_EQ(run("SELECT COUNT(*) FROM block WHERE user_id = 1 AND peer_id = 2"), "1");
}

TEST_F(blocks, twice_is_once) {
  EXPECT_TRUE(block(1, 2).changed);
  EXPECT_FALSE(block(1, 2).changed);
  auto db = host.sql();
  EXPECT_TRUE(buddy::unblock(db, {1, 2}).changed);
  EXPECT_FALSE(buddy::unblock(db, {1, 2}).changed);
  EXPECT_FALSE(buddy::unblock(db, {1, 4'000'000'000}).changed);
}

TEST_F(blocks, are_bounded_and_of_people) {
  most.blocks = 2;
  EXPECT_TRUE(block(1, 2).is);
  EXPECT_TRUE(block(1, 3).is);
  EXPECT_EQ(block(1, 4).is.code, status::refused);
  EXPECT_TRUE(block(1, 3).is);
  EXPECT_EQ(block(1, 77).is.code, status::no_target);
}

TEST_F(blocks, who_blocks_may_ask_all_the_same) {
  ask(1, 2);
  block(2, 1);
  const auto back = ask(2, 1);
  EXPECT_TRUE(back.told_of);
  EXPECT_FALSE(back.changed) << "what was hidden is not known to have been asked";
  EXPECT_TRUE(accept(1, 2).changed);
  EXPECT_EQ(run("SELECT COUNT(*) FROM friend_request"), "0");
}

}  // namespace
}  // namespace buddy_test

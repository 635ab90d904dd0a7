// Nothing is answered, pushed or published that was not committed; what is, goes where it belongs.
#include "events/user.pb.h"
#include "people.hpp"

namespace buddy_test {
namespace {

class telling : public people {
 protected:
  parley_status add(const user& who, std::uint32_t peer) {
    IMFriendAddReq request;
    request.set_peer_id(peer);
    return host.serve(who, cid::friends_add_req, request);
  }
  parley_status accept_by(const user& who, std::uint32_t peer) {
    IMFriendAnswerReq request;
    request.set_peer_id(peer);
    request.set_accept(true);
    return host.serve(who, cid::friends_answer_req, request);
  }
};

TEST_F(telling, every_command_says_that_the_database_is_away) {
  host.jobs_verdict = PARLEY_UNAVAILABLE;
  const auto away = [&](std::uint16_t command, const auto& message) {
    EXPECT_EQ(host.serve(anna, command, message), PARLEY_UNAVAILABLE) << command;
    EXPECT_TRUE(host.replies().empty());
  };
  IMFriendRemarkReq remark;
  remark.set_peer_id(2);
  IMFriendMoveReq move;
  move.set_peer_id(2);
  move.set_grouping_id(0);
  IMFriendDeleteReq end;
  end.set_peer_id(2);
  IMGroupingCreateReq create;
  create.set_name("x");
  IMGroupingRenameReq rename;
  rename.set_grouping_id(1);
  rename.set_name("x");
  IMGroupingDeleteReq drop;
  drop.set_grouping_id(1);
  IMBlockReq block_one;
  block_one.set_peer_id(2);
  IMUnblockReq unblock_one;
  unblock_one.set_peer_id(2);
  EXPECT_EQ(add(anna, 2), PARLEY_UNAVAILABLE);
  EXPECT_EQ(accept_by(anna, 2), PARLEY_UNAVAILABLE);
  away(cid::friends_pending_req, IMFriendPendingReq());
  away(cid::friends_list_req, IMFriendListReq());
  away(cid::friends_remark_req, remark);
  away(cid::friends_move_req, move);
  away(cid::friends_delete_req, end);
  away(cid::friends_grouping_create_req, create);
  away(cid::friends_grouping_rename_req, rename);
  away(cid::friends_grouping_delete_req, drop);
  away(cid::friends_grouping_order_req, IMGroupingOrderReq());
  away(cid::friends_block_req, block_one);
  away(cid::friends_unblock_req, unblock_one);
  away(cid::friends_blocks_req, IMBlockListReq());
}

TEST_F(telling, a_failed_commit_is_told_to_nobody) {
  host.db().fail("COMMIT", PARLEY_UNAVAILABLE);
  EXPECT_EQ(add(anna, 2), PARLEY_UNAVAILABLE);
  EXPECT_TRUE(host.replies().empty());
  EXPECT_TRUE(host.take_pushes().empty());
  EXPECT_EQ(run("SELECT COUNT(*) FROM friend_request"), "0");
}

TEST_F(telling, nobody_below_level_1_is_told) {
  add(anna, 2);
  accept_by(ben, 1);
  for (const auto& one : host.take_pushes()) EXPECT_EQ(one.which.min_level, 1u);
}

TEST_F(telling, friends_are_announced_for_both) {
  add(anna, 2);
  EXPECT_TRUE(host.take_told().empty());
  host.take_pushes();
  accept_by(ben, 1);
  const auto told = host.take_told();
  ASSERT_EQ(told.size(), 2u);
  const auto first = parsed<parley::events::UserChanged>(told[0]);
  const auto second = parsed<parley::events::UserChanged>(told[1]);
  EXPECT_EQ(first.what(), static_cast<std::uint32_t>(parley::events::USER_FRIENDS));
  EXPECT_EQ(first.user_id(), second.peer_id());
  EXPECT_EQ(second.user_id(), first.peer_id());
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 2u);
  EXPECT_EQ(pushes[0].user, 1u);
  EXPECT_EQ(pushes[1].user, 2u);
  EXPECT_EQ(pushes[1].which.except, ben.session);
  accept_by(ben, 1);
  EXPECT_TRUE(host.take_told().empty());
  EXPECT_TRUE(host.take_pushes().empty());
}

TEST_F(telling, blocks_are_announced) {
  IMBlockReq request;
  request.set_peer_id(2);
  EXPECT_EQ(host.serve(anna, cid::friends_block_req, request), PARLEY_OK);
  auto told = host.take_told();
  ASSERT_EQ(told.size(), 1u);
  const auto event = parsed<parley::events::UserChanged>(told[0]);
  EXPECT_EQ(event.what(), static_cast<std::uint32_t>(parley::events::USER_BLOCKS));
  EXPECT_EQ(event.user_id(), 1u);
  EXPECT_EQ(event.peer_id(), 2u);
  EXPECT_EQ(host.serve(anna, cid::friends_block_req, request), PARLEY_OK);
  EXPECT_TRUE(host.take_told().empty());
  for (const auto& one : host.take_pushes()) EXPECT_EQ(one.user, 1u) << "the blocked hears nothing";
}

TEST_F(telling, an_order_of_a_hundred_thousand_is_refused_unread) {
  IMGroupingOrderReq request;
  for (std::uint32_t i = 0; i < 100'000; ++i) request.add_grouping_id(i);
  host.db().take_log();
  EXPECT_EQ(host.serve(anna, cid::friends_grouping_order_req, request), PARLEY_TOO_LARGE);
  EXPECT_TRUE(host.db().take_log().empty());
}

TEST_F(telling, who_is_nobody_has_no_friends) {
  EXPECT_EQ(add({0, 5}, 2), PARLEY_NOT_ALLOWED);
  EXPECT_NE(host.explanation(), "");
}

}  // namespace
}  // namespace buddy_test

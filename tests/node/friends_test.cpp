// Friends in a running node: what an operator sees, what many terminals do at once, what bad input does.
#include <parley/commands.hpp>

#include <thread>

#include "Parley.Friends.pb.h"
#include "node/fixture.hpp"

namespace parley::test {
namespace {

using namespace parley::friends;

struct friends : node_test {
  static IMFriendAddRsp add(chat_client& who, std::uint32_t peer) {
    IMFriendAddReq request;
    request.set_peer_id(peer);
    return who.ask<IMFriendAddRsp>(cid::friends_add_req, request);
  }
  static IMFriendAnswerRsp accept(chat_client& who, std::uint32_t peer) {
    IMFriendAnswerReq request;
    request.set_peer_id(peer);
    request.set_accept(true);
    return who.ask<IMFriendAnswerRsp>(cid::friends_answer_req, request);
  }
  static IMFriendListRsp list(chat_client& who) {
    return who.ask<IMFriendListRsp>(cid::friends_list_req, IMFriendListReq());
  }
};

TEST_F(friends, are_shown_to_the_operator) {
  auto alice = user("alice"), bob = user("bob");
  add(alice, bob.id());
  accept(bob, alice.id());
  IMFriendRemarkReq remark;
  remark.set_peer_id(bob.id());
  remark.set_remark("\"Bob\" \\ 界");
  alice.ask<IMFriendRemarkRsp>(cid::friends_remark_req, remark);
  IMGroupingCreateReq create;
  create.set_name("work");
  alice.ask<IMGroupingsRsp>(cid::friends_grouping_create_req, create);
  IMFriendMoveReq move;
  move.set_peer_id(bob.id());
  move.set_grouping_id(1);
  alice.ask<IMFriendMoveRsp>(cid::friends_move_req, move);
  IMBlockReq block;
  block.set_peer_id(alice.id());
  bob.ask<IMBlockRsp>(cid::friends_block_req, block);

  auto rows = node().ask("friends list", {{"user", "alice"}});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].at("id"), bob.id());
  EXPECT_EQ(rows[0].at("name"), "bob");
  EXPECT_EQ(rows[0].at("remark"), remark.remark());
  EXPECT_EQ(rows[0].at("grouping"), "work");
  EXPECT_EQ(node().ask("friends list", {{"user", std::to_string(bob.id())}})[0].at("name"), "alice");
  rows = node().ask("blocks list", {{"user", "bob"}});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].at("name"), "alice");
  EXPECT_EQ(node().ask("blocks list", {{"user", "alice"}}).size(), 0u);

  for (const char* verb : {"friends list", "blocks list"}) {
    for (const char* nobody : {"nobody", "4000000000", "99999999999999999999", "-1"}) {
      const auto answer = node().control().call(verb, {{"user", nobody}});
      EXPECT_FALSE(answer.ok) << verb << " " << nobody;
      EXPECT_NE(answer.error.find(nobody), std::string::npos) << answer.error;
    }
    EXPECT_FALSE(node().control().call(verb, {{"user", "alice"}, {"limit", "0"}}).ok);
    EXPECT_FALSE(node().control().call(verb, {{"user", "alice"}, {"limit", "many"}}).ok);
  }
}

TEST_F(friends, the_operator_sees_as_many_as_asked_for) {
  auto alice = user("alice");
  node().run_sql(
      "INSERT INTO friend(user_id, peer_id, revision, created, updated) "
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30) SELECT " +
      std::to_string(alice.id()) + ", 1000 + i, i, 1, 1 FROM n");
  EXPECT_EQ(node().ask("friends list", {{"user", "alice"}}).size(), 30u);
  EXPECT_EQ(node().ask("friends list", {{"user", "alice"}, {"limit", "7"}}).size(), 7u);
}

/// Many terminals of two people ask, accept and delete at once: each is answered, and both lists say the same.
TEST_F(friends, of_two_people_agree_whatever_is_done_at_once) {
  auto alice = user("alice"), bob = user("bob");
  const auto work = [](chat_client& who, std::uint32_t peer) {
    for (int i = 0; i < 40; ++i) {
      IMFriendAddReq request;
      request.set_peer_id(peer);
      IMFriendAnswerReq answer;
      answer.set_peer_id(peer);
      answer.set_accept(true);
      IMFriendDeleteReq end;
      end.set_peer_id(peer);
      who.tell(cid::friends_add_req, request);
      who.tell(cid::friends_answer_req, answer);
      who.tell(cid::friends_delete_req, end);
      if (i % 8 == 0) list(who);
    }
  };
  std::thread beside([&] { work(bob, alice.id()); });
  work(alice, bob.id());
  beside.join();
  // Whatever was sent before is answered before this.
  ASSERT_TRUE(eventually([&] {
    list(alice), list(bob);
    return node().run_sql(
               "SELECT COUNT(*) FROM friend f LEFT JOIN friend g ON g.user_id = f.peer_id AND "
               "g.peer_id = f.user_id WHERE g.user_id IS NULL OR g.status <> f.status") == "0";
  }));
  add(alice, bob.id());
  EXPECT_TRUE(alice.wire().alive());
  EXPECT_TRUE(bob.wire().alive());
  expect_alive();
}

TEST_F(friends, lists_of_a_hundred_thousand_ids_are_refused) {
  auto alice = user("alice");
  login_as plain;
  plain.level = 0;
  auto bob = user("bob", plain);
  IM::Buddy::IMUsersInfoReq infos;
  infos.set_user_id(alice.id());
  IMGroupingOrderReq order;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    infos.add_user_id_list(i);
    order.add_grouping_id(i);
  }
  const auto refused = [&](std::uint16_t command, const std::string& body) {
    alice.wire().send(command, 9, body);
    const auto got = alice.wire().answer(cid::host_refused, 9);
    ASSERT_TRUE(got) << command;
    EXPECT_EQ(read<parley::host::IMRefused>(*got).code(), 4u);
    bob.wire().send(command, 9, body);
  };
  refused(cid::buddy_list_user_info_request, infos.SerializeAsString());
  refused(cid::friends_grouping_order_req, order.SerializeAsString());
  EXPECT_TRUE(bob.wire().answer(cid::buddy_list_user_info_response, 9)) << "TeamTalk's clients hear no refusal";
  EXPECT_TRUE(bob.wire().alive());
  EXPECT_TRUE(bob.wire().inbox().empty());
}

TEST_F(friends, whatever_bytes_come_are_answered_or_dropped) {
  auto alice = user("alice");
  std::uint32_t noise = 1;
  for (const auto& row : cid::table) {
    if (row.id < 0x0A01 || row.id > 0x0A3F) continue;
    for (std::size_t size : {0, 1, 3, 17, 300}) {
      std::string body(size, '\0');
      for (auto& c : body) c = static_cast<char>((noise = noise * 1664525 + 1013904223) >> 24);
      alice.wire().send(row.id, 5, body);
    }
  }
  EXPECT_TRUE(alice.wire().alive());
  expect_alive();
}

}  // namespace
}  // namespace parley::test

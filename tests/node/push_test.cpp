// Notifications, from a client that writes to a receiver that listens.
#include <parley/commands.hpp>

#include "node/fixture.hpp"
#include "support/webhook_receiver.hpp"

namespace parley::test {
namespace {

class push_node : public node_test {
 protected:
  /// A phone that names its token and goes.
  void leaves_a_device(const std::string& name, const std::string& token) {
    auto phone = user(name, {.type = IM::BaseDefine::CLIENT_TYPE_IOS});
    IM::Login::IMDeviceTokenReq request;
    request.set_user_id(0);
    request.set_device_token(token);
    phone.ask<IM::Login::IMDeviceTokenRsp>(cid::login_req_devicetoken, request);
    phone.wire().close();
  }
  void begin(webhook_receiver::answerer answer) {
    receiver_ = std::make_unique<webhook_receiver>(std::move(answer));
    options_.environment = {{"PARLEY_PUSH_URL", receiver_->url()}, {"PARLEY_PUSH_SECRET", "node secret"}};
  }
  bool hears(std::size_t requests) {
    return eventually([&] { return receiver_->count() >= requests; });
  }
  std::unique_ptr<webhook_receiver> receiver_;
};

TEST_F(push_node, tells_a_receiver_until_it_listens) {
  begin([](std::size_t number, const webhook_request&) {
    return number == 0 ? webhook_answer{500, "", "", false}
                       : webhook_answer{200, R"({"gone":["the token of bob"]})", "", false};
  });
  auto alice = user("alice");
  leaves_a_device("bob", "the token of bob");
  ASSERT_TRUE(alice.say(id("bob"), "are you there?").acked());
  ASSERT_TRUE(hears(2));
  const auto all = receiver_->requests();
  for (const auto& one : all) EXPECT_TRUE(one.signed_with("node secret"));
  EXPECT_EQ(all[0].body, all[1].body);
  EXPECT_EQ(all[0].header("x-parley-delivery"), all[1].header("x-parley-delivery"));
  const auto records = all[1].records();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0]["user_id"], id("bob"));
  EXPECT_EQ(records[0]["platform"], "ios");
  EXPECT_EQ(records[0]["alert"], "alice:are you there?");
  EXPECT_EQ(records[0]["msg"]["from_id"], id("alice"));
  EXPECT_EQ(records[0]["msg"]["msg_id"], 1);
  EXPECT_TRUE(eventually([&] { return node().run_sql("SELECT COUNT(*) FROM device_token") == "0"; }))
      << "its token is dead";
}

TEST_F(push_node, tells_the_members_of_a_group_who_have_not_muted_it) {
  begin([](auto, const auto&) { return webhook_answer{}; });
  auto alice = user("alice", {.type = IM::BaseDefine::CLIENT_TYPE_ANDROID});
  IM::Login::IMDeviceTokenReq own;
  own.set_user_id(0);
  own.set_device_token("alice's");
  alice.ask<IM::Login::IMDeviceTokenRsp>(cid::login_req_devicetoken, own);
  for (const char* name : {"bob", "carol", "dave"}) leaves_a_device(name, std::string(name) + "'s");
  node().run_sql("INSERT INTO IMGroup(id, name, creator, type, status) VALUES (7, 'team', 1, 1, 0)");
  for (const char* name : {"alice", "bob", "carol", "dave"}) {
    node().run_sql("INSERT INTO IMGroupMember(groupId, userId, status, created, updated) VALUES (7, " +
                   std::to_string(id(name)) + ", 0, 1, 1)");
  }
  node().run_sql("INSERT INTO group_shield(group_id, user_id, updated) VALUES (7, " + std::to_string(id("carol")) +
                 ", 1)");

  client::content_codec codec("12345678901234567890123456789012");
  IM::Message::IMMsgData message;
  message.set_from_user_id(0);
  message.set_to_session_id(7);
  message.set_msg_id(0);
  message.set_create_time(0);
  message.set_msg_type(IM::BaseDefine::MSG_TYPE_GROUP_TEXT);
  message.set_msg_data(codec.encrypt("to all").value());
  alice.tell(cid::msg_data, message);
  ASSERT_TRUE(alice.wire().next_of(cid::msg_data_ack));
  ASSERT_TRUE(hears(1));
  const auto records = receiver_->requests().at(0).records();
  ASSERT_EQ(records.size(), 2u) << records.dump(2);
  EXPECT_EQ(records[0]["user_id"], id("bob"));
  EXPECT_EQ(records[1]["user_id"], id("dave"));
  EXPECT_EQ(records[0]["alert"], "alice:to all");
  EXPECT_EQ(records[0]["msg"]["kind"], "group");
  EXPECT_EQ(records[0]["msg"]["group_id"], 7);
}

TEST_F(push_node, tells_how_much_is_unread_as_message_counts_it) {
  begin([](auto, const auto&) { return webhook_answer{}; });
  auto alice = user("alice");
  leaves_a_device("bob", "bob's");
  for (std::size_t i = 1; i <= 3; ++i) {
    ASSERT_TRUE(alice.say(id("bob"), "hello").acked());
    ASSERT_TRUE(hears(i));
  }
  EXPECT_EQ(receiver_->requests().at(2).records()[0]["badge"], 3);
  auto bob = user("bob", {.type = IM::BaseDefine::CLIENT_TYPE_IOS});
  IM::Message::IMUnreadMsgCntReq ask;
  ask.set_user_id(bob.id());
  EXPECT_EQ(bob.ask<IM::Message::IMUnreadMsgCntRsp>(cid::msg_unread_cnt_request, ask).total_cnt(), 3u);
}

TEST_F(push_node, tells_nobody_who_is_on_a_pc_and_posts_once_and_in_order_over_reloads) {
  begin([](auto, const auto&) {
    poll(nullptr, 0, 20);  // so that requests are under way when the plugin is replaced
    return webhook_answer{};
  });
  options_.environment["PARLEY_PROBATION"] = "20ms";
  auto alice = user("alice"), carol = user("carol");
  leaves_a_device("bob", "bob's");
  leaves_a_device("carol", "carol's");
  constexpr std::uint32_t messages = 100;
  for (std::uint32_t i = 1; i <= messages; ++i) {
    ASSERT_TRUE(alice.say(id("bob"), "message " + std::to_string(i)).acked());
    ASSERT_TRUE(alice.say(carol.id(), "hello").acked());
    if (i % 5 == 0) node().ask("reload", {{"name", "push"}});
  }
  std::vector<std::uint32_t> told, expected;
  eventually([&] {
    told.clear();
    for (const auto& request : receiver_->requests()) {
      for (const auto& one : request.records()) told.push_back(one["msg"]["msg_id"]);
    }
    return told.size() >= messages;
  });
  for (const auto& request : receiver_->requests()) {
    for (const auto& one : request.records()) EXPECT_EQ(one["token"], "bob's");
  }
  for (std::uint32_t i = 1; i <= messages; ++i) expected.push_back(i);
  EXPECT_EQ(told, expected);
}

}  // namespace
}  // namespace parley::test

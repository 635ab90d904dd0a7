// Messages that are kept no longer, while others are written.
#include "node/fixture.hpp"
#include "node/stored.hpp"

namespace parley::test {
namespace {

struct retention : node_test {
  /// Of long ago are those up to `old`; what the newest got.
  std::uint32_t talk(chat_client& from, std::uint32_t to, int all, int old) {
    verdict last;
    for (int i = 1; i <= all; ++i) last = from.say(to, "text " + std::to_string(i), "m" + std::to_string(i));
    const auto relation = node().run_sql(
        "SELECT relate_id FROM conversation WHERE kind = 1 AND a = " + std::to_string(std::min(from.id(), to)) +
        " AND b = " + std::to_string(std::max(from.id(), to)));
    node().run_sql("UPDATE IMMessage_" + std::to_string(std::stoul(relation) % 8) +
                   " SET created = 1000 WHERE relateId = " + relation + " AND msgId <= " + std::to_string(old));
    return last.msg_id;
  }
};

TEST_F(retention, by_age_removes_what_is_old_and_numbers_go_on) {
  options_.environment["PARLEY_KEEP_MESSAGES"] = "365d";
  auto ann = user("ann"), bob = user("bob");
  ASSERT_EQ(talk(ann, bob.id(), 30, 20), 30u);
  node().restart();  // a pass begins a second after each start
  ann.log_in(node().pdu_port(), "ann");
  bob.log_in(node().pdu_port(), "bob");
  ASSERT_TRUE(eventually([&] { return bob.history(ann.id()).msg_list_size() == 10; }, milliseconds(20000)));
  EXPECT_EQ(bob.latest(ann.id()), 30u);
  EXPECT_EQ(ann.say(bob.id(), "and on", "x").msg_id, 31u);
  EXPECT_EQ(bob.history(ann.id()).msg_list(0).msg_id(), 31u);
}

TEST_F(retention, of_one_conversation_by_the_operator_leaves_the_others_alone) {
  auto ann = user("ann"), bob = user("bob"), cyd = user("cyd");
  talk(ann, bob.id(), 450, 430);
  talk(ann, cyd.id(), 5, 5);
  const json of_both{{"days", "30"}, {"user", std::to_string(ann.id())}, {"peer", std::to_string(bob.id())}};
  EXPECT_EQ(node().ask("messages expire", of_both).at("removed"), 430);
  EXPECT_EQ(node().ask("messages expire", of_both).at("removed"), 0);
  EXPECT_EQ(bob.history(ann.id()).msg_list_size(), 20);
  EXPECT_EQ(cyd.history(ann.id()).msg_list_size(), 5);
  IM::Message::IMUnreadMsgCntReq request;
  request.set_user_id(0);
  EXPECT_EQ(bob.ask<IM::Message::IMUnreadMsgCntRsp>(0x0307, request).total_cnt(), 20u);
  EXPECT_NE(node().log().find("messages expire: the operator has removed 430 messages"), std::string::npos);
  EXPECT_EQ(ann.say(bob.id(), "and on", "x").msg_id, 451u);
}

TEST_F(retention, an_operator_who_names_no_conversation_is_told_how) {
  node();
  for (const json& args : {json{{"days", "30"}}, json{{"days", "30"}, {"user", "1"}},
                           json{{"days", "x"}, {"group", "1"}}, json{{"days", "1"}, {"user", "1"}, {"peer", "1"}},
                           json{{"days", "1"}, {"group", "1"}, {"user", "1"}, {"peer", "2"}}}) {
    EXPECT_THROW(node().ask("messages expire", args), failure) << args.dump();
  }
  EXPECT_EQ(node().ask("messages expire", {{"days", "1"}, {"group", "77"}}).at("removed"), 0);
}

}  // namespace
}  // namespace parley::test

// Who is in which group when nodes run before, or beside, the import.
#include "node/import/fixture.hpp"

#include <parley/commands.hpp>

#include "IM.Buddy.pb.h"
#include "IM.Group.pb.h"
#include "Parley.Group.pb.h"

namespace parley::test {
namespace {

using namespace IM::Group;
using namespace IM::BaseDefine;
using ids = std::vector<std::uint32_t>;

struct import_of_groups : import_test {
  chat_client at_node(const std::string& name) {
    chat_client out;
    out.log_in(node().pdu_port(), name);
    return out;
  }
  outcome import_without_redis() { return run({parleyctl(), "import-teamtalk", "--mysql", db_.url()}); }
  std::string ask(const std::string& sql) { return db_.run(sql, "parley"); }
  std::string members(std::uint32_t group) {
    return ask(
        "SELECT COALESCE(GROUP_CONCAT(DISTINCT userId ORDER BY userId), 'nobody') FROM IMGroupMember WHERE "
        "status = 0 AND groupId = " +
        std::to_string(group));
  }
  std::string group(const std::string& column, std::uint32_t id) {
    return ask("SELECT " + column + " FROM IMGroup WHERE id = " + std::to_string(id));
  }
  static void change(chat_client& who, GroupModifyType what, std::uint32_t group, std::uint32_t user) {
    IMGroupChangeMemberReq request;
    request.set_user_id(0);
    request.set_change_type(what);
    request.set_group_id(group);
    request.add_member_id_list(user);
    const auto done = who.ask<IMGroupChangeMemberRsp>(cid::group_change_member_request, request);
    EXPECT_EQ(done.result_code(), 0u) << done.refused_text();
  }
  static std::uint32_t say_in(chat_client& who, std::uint32_t group, const std::string& text) {
    IM::Message::IMMsgData message;
    message.set_from_user_id(0);
    message.set_to_session_id(group);
    message.set_msg_id(0);
    message.set_create_time(0);
    message.set_msg_type(MSG_TYPE_GROUP_TEXT);
    message.set_msg_data(text);
    return who.ask<IM::Message::IMMsgDataAck>(cid::msg_data, message).msg_id();
  }
  static IMGroupInfoListRsp info(chat_client& who, std::uint32_t group, std::uint32_t version) {
    IMGroupInfoListReq request;
    request.set_user_id(0);
    auto& one = *request.add_group_version_list();
    one.set_group_id(group);
    one.set_version(version);
    return who.ask<IMGroupInfoListRsp>(cid::group_info_request, request);
  }
  /// In group 1: a number of the counter begun anew, so that "the highest" is not "the last".
  void begin_anew() {
    ask("INSERT INTO IMGroupMessage_1(groupId, userId, msgId, content, type, updated, created) VALUES "
        "(1, 1, 1, 'begun anew', 17, 74, 74)");
  }
};

TEST_F(import_of_groups, what_nodes_changed_before_redis_came_stays) {
  // Redis knows of three members of group 2, and that bob has muted group 1.
  redis_.ask({"EVAL",
              "redis.call('select', 5) return redis.call('hset', 'group_member_2', '2', '60', '6', '61', '4', "
              "'62')",
              "0"});
  expect_done(import_without_redis());
  auto ann = at_node("ann"), bob = at_node("bob");
  change(ann, GROUP_MODIFY_TYPE_DEL, 1, 4);
  change(ann, GROUP_MODIFY_TYPE_ADD, 1, 6);
  parley::group::DissolveReq dissolve;
  dissolve.set_group_id(2);
  bob.ask<parley::group::DissolveRsp>(cid::group_dissolve_request, dissolve);
  ASSERT_EQ(members(1), "1,6");

  const auto dry = import("parley", {"--dry-run", "--json"});
  expect_done(dry);
  for (const auto& got : {dry, import("parley", {"--json"})}) {
    expect_done(got);
    EXPECT_NE(got.output.find("\"groups changed by Parley since, left as they are\": 1"), std::string::npos)
        << got.output;
    EXPECT_NE(got.output.find("\"groups that are dissolved, left as they are\": 1"), std::string::npos) << got.output;
  }
  EXPECT_EQ(members(1), "1,6");
  EXPECT_EQ(group("version", 1), "3");
  EXPECT_EQ(group("userCnt", 1), "2");
  EXPECT_EQ(members(2), "nobody");
  EXPECT_EQ(group("CONCAT(status, ' ', version, ' ', userCnt)", 2), "1 2 0");
  EXPECT_EQ(ask("SELECT COUNT(*) FROM group_shield"), "0") << "bob is no member";
}

TEST_F(import_of_groups, members_that_redis_knows_of_are_seen_by_nodes_that_run) {
  expect_done(import_without_redis());
  auto ann = at_node("ann"), bob = at_node("bob"), dan = at_node("dan");
  EXPECT_GT(say_in(ann, 1, "before"), 0u);
  ASSERT_TRUE(dan.wire().next_of(cid::msg_data)) << "MySQL's copy has him";
  EXPECT_EQ(info(ann, 1, 1).group_info_list_size(), 0);

  ask("UPDATE IMGroup SET userCnt = 4 WHERE id = 2");  // as TeamTalk counts
  expect_done(import());
  EXPECT_EQ(group("CONCAT(version, ' ', userCnt)", 1), "2 3");
  EXPECT_EQ(group("CONCAT(version, ' ', userCnt)", 2), "1 2") << "Redis does not know it";
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(CONCAT(row_id, ' ', column_name, ' ', old_value, '>', new_value) ORDER BY "
                "row_id, column_name) FROM import_change WHERE table_name = 'IMGroup'"),
            "1 userCnt 2>3,1 version 1>2,2 userCnt 4>2")
      << "the node had counted MySQL's copy";
  const auto seen = info(ann, 1, 1);
  ASSERT_EQ(seen.group_info_list_size(), 1) << "a client that knows version 1 learns of it";
  const auto& list = seen.group_info_list(0).group_member_list();
  EXPECT_EQ(ids(list.begin(), list.end()), (ids{1, 2, 5}));
  EXPECT_GT(say_in(ann, 1, "after"), 0u);
  const auto heard = bob.wire().next_of(cid::msg_data);
  ASSERT_TRUE(heard);
  EXPECT_EQ(read<IM::Message::IMMsgData>(*heard).msg_data(), "after");
  ASSERT_TRUE(dan.wire().alive());
  EXPECT_FALSE(dan.wire().next_of(cid::msg_data, milliseconds(0))) << "he is none any more";
}

TEST_F(import_of_groups, who_joined_before_anything_was_said_sees_nothing_older_when_numbers_change) {
  begin_anew();
  auto ann = at_node("ann");
  change(ann, GROUP_MODIFY_TYPE_ADD, 1, 6);
  EXPECT_EQ(ask("SELECT since_msg_id FROM group_join WHERE user_id = 6"), "4");
  expect_done(import_without_redis());
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(msgId ORDER BY id) FROM IMGroupMessage_1 WHERE groupId = 1"), "1,2,3,4,5");
  EXPECT_EQ(ask("SELECT since_msg_id FROM group_join WHERE user_id = 6"), "5");
  auto fay = at_node("fay");
  EXPECT_EQ(say_in(ann, 1, "now"), 6u);
  IM::Message::IMGetMsgListReq request;
  request.set_user_id(0);
  request.set_session_type(SESSION_TYPE_GROUP);
  request.set_session_id(1);
  request.set_msg_id_begin(0);
  request.set_msg_cnt(100);
  const auto page = fay.ask<IM::Message::IMGetMsgListRsp>(0x0309, request);
  ASSERT_EQ(page.msg_list_size(), 1);
  EXPECT_EQ(page.msg_list(0).msg_data(), "now");
}

TEST_F(import_of_groups, joining_and_hiding_follow_messages_that_nodes_took) {
  begin_anew();
  auto ann = at_node("ann"), dan = at_node("dan");
  change(ann, GROUP_MODIFY_TYPE_ADD, 1, 6);
  ASSERT_EQ(say_in(ann, 1, "five"), 5u);
  change(ann, GROUP_MODIFY_TYPE_ADD, 1, 2);
  IM::Buddy::IMRemoveSessionReq hide;
  hide.set_user_id(0);
  hide.set_session_type(SESSION_TYPE_GROUP);
  hide.set_session_id(1);
  EXPECT_EQ(dan.ask<IM::Buddy::IMRemoveSessionRsp>(0x0206, hide).result_code(), 0u);
  ASSERT_EQ(say_in(ann, 1, "six"), 6u);
  change(ann, GROUP_MODIFY_TYPE_ADD, 1, 5);
  const auto joined = [&] {
    return ask("SELECT GROUP_CONCAT(CONCAT(user_id, '@', since_msg_id) ORDER BY user_id) FROM group_join");
  };
  const std::string hidden = "SELECT GROUP_CONCAT(CONCAT(user_id, '@', msg_id)) FROM hidden_session WHERE kind = 2";
  EXPECT_EQ(joined(), "2@5,5@6,6@4");
  EXPECT_EQ(ask(hidden), "4@5");
  expect_done(import_without_redis());
  EXPECT_EQ(ask("SELECT GROUP_CONCAT(msgId ORDER BY id) FROM IMGroupMessage_1 WHERE groupId = 1"), "1,2,3,4,5,6,7");
  EXPECT_EQ(joined(), "2@6,5@7,6@5");
  EXPECT_EQ(ask(hidden), "4@6");
  expect_done(import_without_redis());
  EXPECT_EQ(joined(), "2@6,5@7,6@5") << "once";
}

}  // namespace
}  // namespace parley::test

// Replays on a database that gives other ids: of users, groups, groupings, messages, and other revisions.
#include "IM.Group.pb.h"
#include "Parley.Friends.pb.h"
#include "node/recordings.hpp"
#include "parley/commands.hpp"

namespace parley::test {
namespace {

using namespace IM::Group;
using namespace parley::friends;

struct replayed_ids : recordings {
  static std::uint32_t make_group(chat_client& who, std::vector<std::uint32_t> members) {
    IMGroupCreateReq request;
    request.set_user_id(who.id());
    request.set_group_type(IM::BaseDefine::GROUP_TYPE_TMP);
    request.set_group_name("all of us");
    request.set_group_avatar("");
    for (const auto m : members) request.add_member_id_list(m);
    return who.ask<IMGroupCreateRsp>(cid::group_create_request, request).group_id();
  }
  static void say_to_group(chat_client& who, std::uint32_t group, const std::string& text) {
    IM::Message::IMMsgData m;
    m.set_from_user_id(who.id());
    m.set_to_session_id(group);
    m.set_msg_id(0);
    m.set_create_time(0);
    m.set_msg_type(IM::BaseDefine::MSG_TYPE_GROUP_TEXT);
    m.set_msg_data(text);
    who.tell(0x0301, m);
    ASSERT_TRUE(who.wire().next_of(0x0302));
  }
  static int history(chat_client& who, IM::BaseDefine::SessionType type, std::uint32_t session, std::uint32_t begin) {
    IM::Message::IMGetMsgListReq request;
    request.set_user_id(who.id());
    request.set_session_type(type);
    request.set_session_id(session);
    request.set_msg_id_begin(begin);
    request.set_msg_cnt(10);
    return who.ask<IM::Message::IMGetMsgListRsp>(cid::msg_list_request, request).msg_list_size();
  }
  static std::uint32_t latest(chat_client& who, std::uint32_t group) {
    IM::Message::IMGetLatestMsgIdReq request;
    request.set_user_id(who.id());
    request.set_session_type(IM::BaseDefine::SESSION_TYPE_GROUP);
    request.set_session_id(group);
    return who.ask<IM::Message::IMGetLatestMsgIdRsp>(cid::msg_get_latest_msg_id_req, request).latest_msg_id();
  }

  /// Ada makes a group, both talk in it and read back; she sorts Ben into a new grouping of her friends.
  void scene() {
    chat_client ada, ben;
    ada.log_in(node().pdu_port(), "ada");
    ben.log_in(node().pdu_port(), "ben");
    const auto group = make_group(ada, {ada.id(), ben.id()});
    ASSERT_GT(group, 0u);
    say_to_group(ada, group, "one");
    say_to_group(ben, group, "two");
    EXPECT_EQ(history(ben, IM::BaseDefine::SESSION_TYPE_GROUP, group, latest(ben, group)), 2);
    EXPECT_TRUE(ada.say(ben.id(), "hello").acked());
    EXPECT_EQ(history(ben, IM::BaseDefine::SESSION_TYPE_SINGLE, ada.id(), ben.latest(ada.id())), 1);
    IMFriendAddReq add;
    add.set_peer_id(ben.id());
    ada.ask<IMFriendAddRsp>(cid::friends_add_req, add);
    IMFriendAnswerReq answer;
    answer.set_peer_id(ada.id());
    answer.set_accept(true);
    ben.ask<IMFriendAnswerRsp>(cid::friends_answer_req, answer);
    IMGroupingCreateReq grouping;
    grouping.set_name("work");
    const auto made = ada.ask<IMGroupingsRsp>(cid::friends_grouping_create_req, grouping);
    IMFriendMoveReq move;
    move.set_peer_id(ben.id());
    move.set_grouping_id(made.grouping_id());
    const auto moved = ada.ask<IMFriendMoveRsp>(cid::friends_move_req, move);
    IMFriendListReq list;
    list.set_revision(moved.revision());
    ada.ask<IMFriendListRsp>(cid::friends_list_req, list);
    end(ada);
  }
  std::string recorded() {
    node().add_user("ada");
    node().add_user("ben");
    return record({}, [this] { scene(); });
  }

  /// Everybody and everything has another id here, and the conversations begin at other numbers.
  std::unique_ptr<server> elsewhere() {
    auto made = empty_one();
    for (const auto* name : {"zoe", "yan", "ben", "xia", "ada"}) made->add_user(name);
    chat_client zoe, ada, ben;
    zoe.log_in(made->pdu_port(), "zoe");
    ada.log_in(made->pdu_port(), "ada");
    ben.log_in(made->pdu_port(), "ben");
    for (int i = 0; i < 3; ++i) make_group(zoe, {zoe.id(), ada.id()});
    IMGroupingCreateReq grouping;
    grouping.set_name("family");
    zoe.ask<IMGroupingsRsp>(cid::friends_grouping_create_req, grouping);
    IMGroupingDeleteReq gone;
    gone.set_grouping_id(ada.ask<IMGroupingsRsp>(cid::friends_grouping_create_req, grouping).grouping_id());
    ada.ask<IMGroupingsRsp>(cid::friends_grouping_delete_req, gone);
    return made;
  }
};

TEST_F(replayed_ids, stand_for_those_that_were_recorded) {
  const auto file = recorded();
  auto other = elsewhere();
  const auto said = replay(*other, file);
  EXPECT_EQ(said.end.code, 0) << said.output;
  EXPECT_NE(said.output.find("all the same"), std::string::npos) << said.output;
  // They went where they belong: the fourth group, whose owner is Ada here.
  EXPECT_EQ(other->run_sql("SELECT COUNT(*) FROM IMGroup WHERE id > 3"), "1");
  EXPECT_EQ(other->run_sql("SELECT COUNT(*) FROM IMGroup WHERE id > 3 AND creator = 5"), "1");
}

TEST_F(replayed_ids, are_as_recorded_when_that_is_asked_for) {
  const auto file = recorded();
  auto other = elsewhere();
  const auto said = replay(*other, file, {"--exact"});
  EXPECT_EQ(said.end.code, 1) << said.output;
}

// An answer about somebody else is no mapping.
TEST_F(replayed_ids, do_not_hide_that_an_answer_is_another) {
  const auto file = recorded();
  auto other = elsewhere();
  other->run_sql("UPDATE IMUser SET nick = 'somebody else' WHERE name = 'ben'");
  const auto said = replay(*other, file);
  EXPECT_EQ(said.end.code, 1) << said.output;
  EXPECT_NE(said.output.find("somebody else"), std::string::npos) << said.output;
}

}  // namespace
}  // namespace parley::test

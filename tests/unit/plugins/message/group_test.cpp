#include <set>

#include "events/user.pb.h"
#include "messenger_test.hpp"

namespace message_test {
namespace {

const user dora{4, 104};

/// Group 7: anna, ben and carl. dora is a stranger.
class group_test : public messenger_test {
 protected:
  group_test() {
    host.db().run("INSERT INTO IMGroup(id, name, creator, type, userCnt, status) VALUES (7, 'seven', 1, 2, 3, 0)");
    for (const int id : {1, 2, 3}) join(id);
  }

  void join(int id, int since_msg_id = 0) {
    const auto who = std::to_string(id);
    host.db().run("INSERT INTO IMGroupMember(groupId, userId, status, created, updated) VALUES (7, " + who +
                  ", 0, 5, 5)");
    host.db().run("INSERT INTO group_join(group_id, user_id, since_msg_id, since_created) VALUES (7, " + who + ", " +
                  std::to_string(since_msg_id) + ", 0)");
    changed();
  }
  void leave(int id) {
    host.db().run("UPDATE IMGroupMember SET status = 1 WHERE groupId = 7 AND userId = " + std::to_string(id));
    changed();
  }
  void changed() { host.db().run("UPDATE IMGroup SET version = version + 1 WHERE id = 7"); }

  static IMMsgData to_group(const std::string& content, const std::string& client_id = "") {
    auto message = text(7, content, client_id);
    message.set_msg_type(MSG_TYPE_GROUP_TEXT);
    return message;
  }
  std::vector<MsgInfo> group_history(const user& who) {
    IMGetMsgListReq request;
    request.set_user_id(0);
    request.set_session_type(SESSION_TYPE_GROUP);
    request.set_session_id(7);
    request.set_msg_id_begin(0);
    request.set_msg_cnt(100);
    EXPECT_EQ(host.serve(who, cid::msg_list_request, request), PARLEY_OK);
    const auto list = host.answer<IMGetMsgListRsp>().msg_list();
    return {list.begin(), list.end()};
  }
  parley_status read_group(const user& who, std::uint32_t msg_id) {
    IMMsgDataReadAck message;
    message.set_user_id(77);
    message.set_session_id(7);
    message.set_msg_id(msg_id);
    message.set_session_type(SESSION_TYPE_GROUP);
    return host.serve(who, cid::msg_read_ack, message);
  }
  std::uint32_t remove_group(const user& who) {
    IMRemoveSessionReq request;
    request.set_user_id(0);
    request.set_session_type(SESSION_TYPE_GROUP);
    request.set_session_id(7);
    host.serve(who, cid::buddy_list_remove_session_req, request);
    return host.answer<IMRemoveSessionRsp>().result_code();
  }
  std::uint32_t latest(const user& who) {
    IMGetLatestMsgIdReq request;
    request.set_user_id(0);
    request.set_session_type(SESSION_TYPE_GROUP);
    request.set_session_id(7);
    EXPECT_EQ(host.serve(who, cid::msg_get_latest_msg_id_req, request), PARLEY_OK);
    return host.answer<IMGetLatestMsgIdRsp>().latest_msg_id();
  }
  std::set<std::uint64_t> who_heard() {
    std::set<std::uint64_t> users;
    for (const auto& one : host.take_pushes()) users.insert(one.user);
    return users;
  }
};

TEST_F(group_test, is_acked_and_goes_to_all_members_but_the_sending_terminal) {
  EXPECT_EQ(send(anna, to_group("hello")), 1u);
  const auto answer = host.answer<IMMsgDataAck>();
  EXPECT_EQ(answer.session_id(), 7u);
  EXPECT_EQ(answer.session_type(), SESSION_TYPE_GROUP);
  EXPECT_EQ(answer.user_id(), 1u);
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 3u);
  for (const auto& one : pushes) {
    EXPECT_EQ(one.which.except, anna.session);
    EXPECT_EQ(one.replies_before, 1u);
    const auto message = parsed<IMMsgData>(one.body);
    EXPECT_EQ(message.from_user_id(), 1u);
    EXPECT_EQ(message.to_session_id(), 7u);
    EXPECT_EQ(message.msg_id(), 1u);
    EXPECT_EQ(message.msg_type(), MSG_TYPE_GROUP_TEXT);
  }
  EXPECT_EQ(send(ben, to_group("hi")), 2u);
  EXPECT_EQ(count("IMGroupMessage_7"), "2");
}

TEST_F(group_test, a_recording_is_kept_and_given_back) {
  auto message = audio(7, "speex");
  message.set_msg_type(MSG_TYPE_GROUP_AUDIO);
  EXPECT_EQ(send(anna, message), 1u);
  const auto seen = group_history(ben);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].msg_data(), message.msg_data());
  EXPECT_EQ(seen[0].msg_type(), MSG_TYPE_GROUP_AUDIO);
}

TEST_F(group_test, a_stranger_cannot_tell_it_from_one_that_is_not) {
  auto nowhere = to_group("hello");
  nowhere.set_to_session_id(4711);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(host.serve(dora, cid::msg_data, to_group("hello")), PARLEY_NO_TARGET);
    const auto said = host.explanation();
    EXPECT_EQ(host.serve(dora, cid::msg_data, nowhere), PARLEY_NO_TARGET);
    EXPECT_EQ(host.explanation(), said);
    EXPECT_TRUE(group_history(dora).empty());
    EXPECT_EQ(latest(dora), 0u);
    EXPECT_EQ(read_group(dora, 0), PARLEY_NO_TARGET);
    EXPECT_EQ(remove_group(dora), 1u);
    EXPECT_EQ(unread(dora).total_cnt(), 0u);
    EXPECT_TRUE(recent(dora).empty());
    EXPECT_TRUE(who_heard().empty());
    if (round == 0) {
      EXPECT_EQ(count("conversation"), "0");
      send(anna, to_group("between ourselves"));
      host.take_pushes();
    }
  }
}

TEST_F(group_test, a_dissolved_group_takes_nothing_and_shows_nothing) {
  send(anna, to_group("hello"));
  host.take_pushes();
  host.db().run("UPDATE IMGroup SET status = 1, version = version + 1 WHERE id = 7");
  EXPECT_EQ(host.serve(anna, cid::msg_data, to_group("anybody?")), PARLEY_NO_TARGET);
  EXPECT_TRUE(who_heard().empty());
  EXPECT_TRUE(group_history(anna).empty());
  EXPECT_TRUE(recent(anna).empty());
  EXPECT_EQ(unread(ben).total_cnt(), 0u);
}

TEST_F(group_test, who_was_removed_writes_and_hears_nothing_more_and_who_joined_hears_the_next) {
  send(anna, to_group("three"));
  EXPECT_EQ(who_heard(), (std::set<std::uint64_t>{1, 2, 3}));
  leave(3);
  send(anna, to_group("two"));
  EXPECT_EQ(who_heard(), (std::set<std::uint64_t>{1, 2}));
  EXPECT_EQ(host.serve(carl, cid::msg_data, to_group("me too")), PARLEY_NO_TARGET);
  EXPECT_TRUE(group_history(carl).empty());
  join(4, 2);
  send(ben, to_group("welcome"));
  EXPECT_EQ(who_heard(), (std::set<std::uint64_t>{1, 2, 4}));
}

TEST_F(group_test, members_of_one_batch_are_those_of_its_commit) {
  send(anna, to_group("before"));
  host.take_pushes();
  const auto waiting = start(carl, to_group("from carl, waiting"));
  const auto other = start(anna, to_group("from anna, waiting"));
  leave(3);
  host.run();
  EXPECT_EQ(host.verdict(waiting), PARLEY_NO_TARGET);
  EXPECT_EQ(ack(other).msg_id(), 2u);
  EXPECT_EQ(who_heard(), (std::set<std::uint64_t>{1, 2}));
}

TEST_F(group_test, history_begins_where_a_member_joined) {
  for (int i = 0; i < 3; ++i) send(anna, to_group("old"));
  join(4, 3);
  EXPECT_TRUE(group_history(dora).empty());
  EXPECT_EQ(latest(dora), 0u);
  EXPECT_TRUE(recent(dora).empty());
  EXPECT_EQ(unread(dora).total_cnt(), 0u);
  send(anna, to_group("new"));
  const auto seen = group_history(dora);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].msg_id(), 4u);
  EXPECT_EQ(seen[0].from_session_id(), 1u);
  EXPECT_EQ(latest(dora), 4u);
  EXPECT_EQ(unread(dora).total_cnt(), 1u);
  ASSERT_EQ(recent(dora).size(), 1u);
  EXPECT_EQ(group_history(ben).size(), 4u);

  IMGetMsgByIdReq by_ids;
  by_ids.set_user_id(0);
  by_ids.set_session_type(SESSION_TYPE_GROUP);
  by_ids.set_session_id(7);
  for (const int id : {1, 2, 3, 4}) by_ids.add_msg_id_list(id);
  EXPECT_EQ(host.serve(dora, cid::msg_get_by_msg_id_req, by_ids), PARLEY_OK);
  EXPECT_EQ(host.answer<IMGetMsgByIdRsp>().msg_list_size(), 1);
}

TEST_F(group_test, unread_counts_others_messages_behind_the_position) {
  send(anna, to_group("one"));
  send(ben, to_group("two"));
  send(anna, to_group("three"));
  EXPECT_EQ(unread(anna).total_cnt(), 1u);
  EXPECT_EQ(unread(ben).total_cnt(), 2u);
  const auto all = unread(carl);
  ASSERT_EQ(all.unreadinfo_list_size(), 1);
  const auto& one = all.unreadinfo_list(0);
  EXPECT_EQ(one.session_id(), 7u);
  EXPECT_EQ(one.session_type(), SESSION_TYPE_GROUP);
  EXPECT_EQ(one.unread_cnt(), 3u);
  EXPECT_EQ(one.latest_msg_id(), 3u);
  EXPECT_EQ(one.latest_msg_from_user_id(), 1u);

  host.take_pushes();
  EXPECT_EQ(read_group(carl, 2), PARLEY_OK);
  const auto told = host.take_pushes();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].user, 3u);
  EXPECT_EQ(parsed<IMMsgDataReadNotify>(told[0].body).session_type(), SESSION_TYPE_GROUP);
  EXPECT_EQ(unread(carl).total_cnt(), 1u);
  EXPECT_EQ(read_group(carl, 0), PARLEY_OK);
  EXPECT_EQ(unread(carl).total_cnt(), 0u);
  EXPECT_EQ(unread(ben).total_cnt(), 2u);
}

TEST_F(group_test, is_on_every_members_list_without_a_row_of_theirs) {
  send(anna, to_group("hello"));
  host.now_ms += 1000;
  send(ben, text(3, "single"));
  EXPECT_EQ(host.db().run("SELECT COUNT(*) FROM IMRecentSession WHERE type = 2"), "0");
  const auto list = recent(carl);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].session_type(), SESSION_TYPE_SINGLE);
  EXPECT_EQ(list[1].session_type(), SESSION_TYPE_GROUP);
  EXPECT_EQ(list[1].session_id(), 7u);
  EXPECT_EQ(list[1].latest_msg_data(), "hello");
  EXPECT_EQ(list[1].latest_msg_from_user_id(), 1u);
  EXPECT_EQ(list[1].updated_time(), 1'700'000'000u);
  EXPECT_EQ(recent(carl, 1'700'000'000).size(), 1u);
}

TEST_F(group_test, comes_back_to_the_list_with_the_next_message) {
  EXPECT_EQ(remove_group(ben), 1u);
  send(anna, to_group("hello"));
  host.take_pushes();
  EXPECT_EQ(remove_group(ben), 0u);
  const auto told = host.take_pushes();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].command, cid::buddy_list_remove_session_notify);
  EXPECT_EQ(remove_group(ben), 1u);
  EXPECT_TRUE(recent(ben).empty());
  EXPECT_EQ(unread(ben).total_cnt(), 0u);
  EXPECT_EQ(recent(carl).size(), 1u);
  send(anna, to_group("again"));
  EXPECT_EQ(recent(ben).size(), 1u);
  EXPECT_EQ(unread(ben).total_cnt(), 1u);
}

TEST_F(group_test, a_resend_gets_the_first_ack_and_nobody_hears_it_twice) {
  EXPECT_EQ(send(anna_1, to_group("hello", "one")), 1u);
  EXPECT_EQ(host.take_pushes().size(), 6u);  // with the id to level 1, without to level 0
  EXPECT_EQ(send(anna_1, to_group("hello", "one")), 1u);
  EXPECT_TRUE(host.answer<IMMsgDataAck>().duplicate());
  EXPECT_TRUE(host.take_pushes().empty());
  EXPECT_EQ(count("IMGroupMessage_7"), "1");
}

TEST_F(group_test, a_resend_by_somebody_who_was_removed_meanwhile_gets_the_first_ack) {
  const user carl_1{3, 113, 1};
  EXPECT_EQ(send(carl_1, to_group("hello", "one")), 1u);
  leave(3);
  EXPECT_EQ(send(carl_1, to_group("hello", "one")), 1u);
  EXPECT_TRUE(host.answer<IMMsgDataAck>().duplicate());
  EXPECT_EQ(host.serve(carl_1, cid::msg_data, to_group("hello", "two")), PARLEY_NO_TARGET);
  EXPECT_EQ(host.serve(user{4, 114, 1}, cid::msg_data, to_group("hello", "one")), PARLEY_NO_TARGET);
  host.db().run("UPDATE IMGroup SET status = 1 WHERE id = 7");
  EXPECT_EQ(send(carl_1, to_group("hello", "one")), 1u);
  EXPECT_EQ(count("IMGroupMessage_7"), "1");
}

TEST_F(group_test, groups_in_which_one_only_writes_do_not_hide_those_with_unread_messages) {
  for (int group = 100; group < 250; ++group) {
    const auto id = std::to_string(group);
    host.db().run("INSERT INTO IMGroup(id, name, creator, type, userCnt, status) VALUES (" + id + ", 'g', 1, 2, 1, 0)");
    host.db().run("INSERT INTO IMGroupMember(groupId, userId, status, created, updated) VALUES (" + id +
                  ", 1, 0, 5, 5)");
  }
  send(ben, to_group("unread"));
  host.now_ms += 1000;
  for (std::uint32_t group = 100; group < 250; ++group) {
    auto own = to_group("own");
    own.set_to_session_id(group);
    start(anna, own);
  }
  host.run();
  const auto found = unread(anna);
  ASSERT_EQ(found.unreadinfo_list_size(), 1);
  EXPECT_EQ(found.unreadinfo_list(0).session_id(), 7u);
}

TEST_F(group_test, a_message_to_ten_thousand_costs_as_many_statements_and_rows_as_one_to_three) {
  send(anna, to_group("first"));
  host.db().take_log();
  send(anna, to_group("small"));
  const auto small = host.db().take_log();
  for (int from = 1000; from < 11000; from += 500) {
    std::string values;
    for (int id = from; id < from + 500; ++id) {
      values += (values.empty() ? "" : ",") + std::string("(7, ") + std::to_string(id) + ", 0, 5, 5)";
    }
    host.db().run("INSERT INTO IMGroupMember(groupId, userId, status, created, updated) VALUES " + values);
  }
  changed();
  send(anna, to_group("reads the members"));
  host.take_pushes();
  host.db().take_log();
  send(anna, to_group("large"));
  EXPECT_EQ(host.db().take_log(), small);
  EXPECT_EQ(small.size(), 4u);
  EXPECT_EQ(host.take_pushes().size(), 10'003u);
  EXPECT_EQ(count("IMRecentSession"), "0");
  EXPECT_EQ(count("read_position"), "0");
  EXPECT_EQ(unread(user{5000, 900}).total_cnt(), 4u);
}

TEST_F(group_test, groups_and_pairs_share_a_batch) {
  host.db().run("INSERT INTO IMGroup(id, name, creator, type, userCnt, status) VALUES (8, 'eight', 1, 2, 1, 0)");
  host.db().run("INSERT INTO IMGroupMember(groupId, userId, status, created, updated) VALUES (8, 1, 0, 5, 5)");
  auto eight = to_group("to eight");
  eight.set_to_session_id(8);
  for (int round = 1; round <= 2; ++round) {
    const std::vector<std::size_t> numbers{start(anna, to_group("a")), start(anna, text(2, "b")), start(anna, eight),
                                           start(ben, to_group("c")), start(ben, eight)};
    host.run();
    EXPECT_EQ(ack(numbers[0]).msg_id(), 2u * round - 1);
    EXPECT_EQ(ack(numbers[1]).msg_id(), static_cast<std::uint32_t>(round));
    EXPECT_EQ(ack(numbers[2]).msg_id(), static_cast<std::uint32_t>(round));
    EXPECT_EQ(ack(numbers[3]).msg_id(), 2u * round);
    EXPECT_EQ(host.verdict(numbers[4]), PARLEY_NO_TARGET);
  }
  EXPECT_EQ(host.db().run("SELECT lastChated FROM IMGroup WHERE id = 8"), "1700000000");
}

TEST_F(group_test, goes_on_where_teamtalk_stopped) {
  host.db().run("DELETE FROM group_join");
  host.db().run("UPDATE IMGroupMember SET updated = 10002 WHERE userId = 3");
  host.db().run("UPDATE IMGroup SET lastChated = 10003 WHERE id = 7");
  for (int i = 1; i <= 3; ++i) {
    const auto n = std::to_string(i);
    host.db().run("INSERT INTO IMGroupMessage_7(groupId, userId, msgId, content, type, created) VALUES (7, 1, " + n +
                  ", 'old" + n + "', 17, 1000" + n + ")");
  }
  host.db().run(
      "INSERT INTO IMRecentSession(userId, peerId, type, status, created, updated) VALUES (2, 7, 2, 1, 1, 10003)");
  EXPECT_EQ(group_history(ben).size(), 3u);
  EXPECT_EQ(group_history(carl).size(), 2u);
  EXPECT_EQ(recent(anna).size(), 1u);
  EXPECT_TRUE(recent(ben).empty());
  EXPECT_EQ(unread(ben).total_cnt(), 0u);
  EXPECT_EQ(read_group(ben, 3), PARLEY_OK);
  EXPECT_EQ(send(ben, to_group("new")), 4u);
  EXPECT_EQ(unread(carl).total_cnt(), 1u);
  EXPECT_EQ(recent(ben).size(), 1u);
  EXPECT_EQ(group_history(carl).size(), 3u);
}

// ---- blocks ----

void tell_blocks(small_host& host, std::uint32_t who, std::uint32_t whom) {
  parley::events::UserChanged event;
  event.set_user_id(who);
  event.set_what(parley::events::USER_BLOCKS);
  event.set_peer_id(whom);
  host.tell("user.changed", event.SerializeAsString());
}

TEST_F(group_test, whoever_is_blocked_is_refused_from_the_moment_it_is_told) {
  IM::SwitchService::IMP2PCmdMsg typing;
  typing.set_from_user_id(1);
  typing.set_to_user_id(2);
  typing.set_cmd_msg_data("{}");
  send(anna, text(2, "hello"));
  EXPECT_EQ(host.serve(anna, cid::switch_p2p_cmd, typing), PARLEY_OK);
  host.take_pushes();
  host.db().run("INSERT INTO block(user_id, peer_id) VALUES (2, 1)");
  tell_blocks(host, 2, 1);
  EXPECT_EQ(host.serve(anna, cid::msg_data, text(2, "hello?")), PARLEY_NOT_ALLOWED);
  EXPECT_EQ(host.serve(anna, cid::switch_p2p_cmd, typing), PARLEY_NOT_ALLOWED);
  EXPECT_TRUE(host.take_pushes().empty());
  EXPECT_EQ(send(ben, text(1, "the other way is open")), 2u);
  EXPECT_EQ(send(anna, to_group("in a group both are heard")), 1u);
  host.db().run("DELETE FROM block");
  tell_blocks(host, 2, 1);
  EXPECT_EQ(send(anna, text(2, "again")), 3u);
  EXPECT_EQ(host.serve(anna, cid::switch_p2p_cmd, typing), PARLEY_OK);
}

}  // namespace
}  // namespace message_test

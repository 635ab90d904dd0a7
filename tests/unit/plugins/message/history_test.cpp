#include "messenger_test.hpp"

namespace message_test {
namespace {

using history_test = messenger_test;

std::vector<std::uint32_t> ids(const std::vector<MsgInfo>& list) {
  std::vector<std::uint32_t> all;
  for (const auto& one : list) all.push_back(one.msg_id());
  return all;
}

TEST_F(history_test, walks_back_from_the_newest_or_from_a_number) {
  for (int i = 1; i <= 5; ++i) send(i % 2 ? anna : ben, text(i % 2 ? 2 : 1, "m" + std::to_string(i)));
  EXPECT_EQ(ids(history(anna, 2)), (std::vector<std::uint32_t>{5, 4, 3, 2, 1}));
  EXPECT_EQ(ids(history(ben, 1, 3, 2)), (std::vector<std::uint32_t>{3, 2}));
  EXPECT_EQ(ids(history(ben, 1, 4'000'000'000)), (std::vector<std::uint32_t>{5, 4, 3, 2, 1}));
  EXPECT_TRUE(history(ben, 1, 0, 0).empty());
  const auto list = history(ben, 1, 2, 1);
  EXPECT_EQ(list[0].from_session_id(), 2u);
  EXPECT_EQ(list[0].msg_data(), "m2");
  EXPECT_EQ(list[0].msg_type(), MSG_TYPE_SINGLE_TEXT);
}

TEST_F(history_test, is_closed_to_strangers) {
  send(anna, text(2, "hi"));
  EXPECT_TRUE(history(carl, 2).empty());
  EXPECT_TRUE(history(carl, 1).empty());
  EXPECT_TRUE(history(anna, 1).empty());
  EXPECT_TRUE(history(anna, 0).empty());
}

TEST_F(history_test, hides_what_is_deleted_or_has_no_number) {
  for (int i = 0; i < 3; ++i) send(anna, text(2, "m"));
  host.db().run("UPDATE IMMessage_1 SET status = 1 WHERE msgId = 2");
  host.db().run(
      "INSERT INTO IMMessage_1(relateId, fromId, toId, msgId, content, type, status, updated, created) "
      "VALUES (1, 1, 2, 4294967295, 'lost', 1, 0, 1, 1)");
  EXPECT_EQ(ids(history(anna, 2)), (std::vector<std::uint32_t>{3, 1}));
  EXPECT_EQ(ids(history(anna, 2, 4294967295)), (std::vector<std::uint32_t>{3, 1}));
}

TEST_F(history_test, carries_client_ids_at_level_1) {
  send(anna_1, text(2, "a", "id-1"));
  send(anna, text(2, "b"));
  send(ben_1, text(1, "c", "id-2"));
  const auto seen = history(anna_1, 2);
  EXPECT_EQ(seen[0].client_msg_id(), "id-2");
  EXPECT_FALSE(seen[1].has_client_msg_id());
  EXPECT_EQ(seen[2].client_msg_id(), "id-1");
  for (const auto& one : history(anna, 2)) EXPECT_FALSE(one.has_client_msg_id());
}

TEST_F(history_test, gives_recordings_back_as_they_were_sent) {
  const std::string recording("\0\x01\xFF binary", 10);
  EXPECT_EQ(send(anna, audio(2, recording)), 1u);
  const auto list = history(ben, 1);
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].msg_type(), MSG_TYPE_SINGLE_AUDIO);
  EXPECT_EQ(list[0].msg_data(), std::string("\0\0\0\x07", 4) + recording);
  EXPECT_EQ(host.db().run("SELECT duration || ' ' || size || ' ' || fromId || ' ' || toId FROM IMAudio"), "7 10 1 2");
  EXPECT_EQ(host.db().run("SELECT content FROM IMMessage_1"), "1");
}

TEST_F(history_test, a_recording_whose_bytes_are_gone_is_empty) {
  send(anna, audio(2, "recording"));
  host.db().run("DELETE FROM audio_blob");
  EXPECT_EQ(history(ben, 1)[0].msg_data(), std::string("\0\0\0\x07", 4));
  host.db().run("DELETE FROM IMAudio");
  EXPECT_EQ(history(ben, 1)[0].msg_data(), std::string(4, '\0'));
}

TEST_F(history_test, fits_into_a_pdu) {
  for (int i = 0; i < 10; ++i) send(anna, audio(2, std::string(100 << 10, 'x')));
  EXPECT_EQ(ids(history(ben, 1)), (std::vector<std::uint32_t>{10, 9, 8}));
  EXPECT_LT(host.replies(host.newest())[0].body.size(), 400u << 10);
  send(anna, audio(2, std::string((380 << 10) - 4, 'x')));
  EXPECT_EQ(ids(history(ben, 1)), (std::vector<std::uint32_t>{11}));
  EXPECT_LT(host.replies(host.newest())[0].body.size(), 400u << 10);
}

TEST_F(history_test, gives_at_most_200) {
  for (int i = 0; i < 250; ++i)
    start(anna_1, text(2, std::string(4096, 'x'), std::string(60, 'i') + std::to_string(i)));
  host.run();
  EXPECT_LT(history(anna_1, 2, 0, 1000).size(), 200u);
  EXPECT_LT(host.replies(host.newest())[0].body.size(), 400u << 10);
  for (int i = 0; i < 250; ++i) start(anna, text(3, "short"));
  host.run();
  EXPECT_EQ(history(anna, 3, 0, 1000).size(), 200u);
}

TEST_F(history_test, by_ids_newest_first_each_once_100_at_most) {
  for (int i = 0; i < 150; ++i) start(anna_1, text(2, "m", "id-" + std::to_string(i + 1)));
  host.run();
  IMGetMsgByIdReq request;
  request.set_user_id(0);
  request.set_session_type(SESSION_TYPE_SINGLE);
  request.set_session_id(2);
  for (const std::uint32_t id : {3u, 150u, 3u, 0u, 999u, 7u}) request.add_msg_id_list(id);
  EXPECT_EQ(host.serve(anna_1, cid::msg_get_by_msg_id_req, request), PARLEY_OK);
  const auto list = host.answer<IMGetMsgByIdRsp>().msg_list();
  EXPECT_EQ(ids({list.begin(), list.end()}), (std::vector<std::uint32_t>{150, 7, 3}));
  EXPECT_EQ(list[1].client_msg_id(), "id-7");
  for (std::uint32_t i = 1; i <= 150; ++i) request.add_msg_id_list(i);
  host.serve(anna, cid::msg_get_by_msg_id_req, request);
  EXPECT_EQ(host.answer<IMGetMsgByIdRsp>().msg_list_size(), 99);  // 999 is among the 100
  request.set_session_id(1);
  host.serve(carl, cid::msg_get_by_msg_id_req, request);
  EXPECT_EQ(host.answer<IMGetMsgByIdRsp>().msg_list_size(), 0);
}

TEST_F(history_test, the_latest_number_is_zero_where_there_is_nothing) {
  const auto latest = [&](const user& who, std::uint32_t peer, SessionType type = SESSION_TYPE_SINGLE) {
    IMGetLatestMsgIdReq request;
    request.set_user_id(0);
    request.set_session_type(type);
    request.set_session_id(peer);
    EXPECT_EQ(host.serve(who, cid::msg_get_latest_msg_id_req, request), PARLEY_OK);
    return host.answer<IMGetLatestMsgIdRsp>().latest_msg_id();
  };
  EXPECT_EQ(latest(anna, 2), 0u);
  send(anna, text(2, "one"));
  send(ben, text(1, "two"));
  EXPECT_EQ(latest(anna, 2), 2u);
  EXPECT_EQ(latest(ben, 1), 2u);
  EXPECT_EQ(latest(carl, 1), 0u);
  EXPECT_EQ(latest(anna, 2, SESSION_TYPE_GROUP), 0u);
}

TEST_F(history_test, fails_while_the_database_is_away) {
  host.db().fail("FROM conversation", PARLEY_UNAVAILABLE);
  IMGetMsgListReq request;
  request.set_user_id(0);
  request.set_session_type(SESSION_TYPE_SINGLE);
  request.set_session_id(2);
  request.set_msg_id_begin(0);
  request.set_msg_cnt(10);
  EXPECT_EQ(host.serve(anna, cid::msg_list_request, request), PARLEY_UNAVAILABLE);
  EXPECT_TRUE(host.replies(host.newest()).empty());
}

}  // namespace
}  // namespace message_test

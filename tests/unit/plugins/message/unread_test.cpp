#include "messenger_test.hpp"

namespace message_test {
namespace {

using unread_test = messenger_test;

TEST_F(unread_test, counts_others_messages_behind_the_position) {
  send(anna, text(2, "one"));
  send(ben, text(1, "two"));
  send(anna, text(2, "three"));
  const auto counts = unread(ben);
  EXPECT_EQ(counts.total_cnt(), 2u);
  ASSERT_EQ(counts.unreadinfo_list_size(), 1);
  const auto& info = counts.unreadinfo_list(0);
  EXPECT_EQ(info.session_id(), 1u);
  EXPECT_EQ(info.unread_cnt(), 2u);
  EXPECT_EQ(info.latest_msg_id(), 3u);
  EXPECT_EQ(info.latest_msg_data(), "three");
  EXPECT_EQ(info.latest_msg_from_user_id(), 1u);
  EXPECT_EQ(unread(anna).total_cnt(), 1u);
  EXPECT_EQ(unread(carl).total_cnt(), 0u);
}

TEST_F(unread_test, sums_over_sessions_most_recent_first) {
  send(anna, text(3, "hi"));
  host.now_ms += 1000;
  send(ben, text(3, "hi"));
  send(ben, text(3, "hi"));
  const auto counts = unread(carl);
  EXPECT_EQ(counts.total_cnt(), 3u);
  ASSERT_EQ(counts.unreadinfo_list_size(), 2);
  EXPECT_EQ(counts.unreadinfo_list(0).session_id(), 2u);
  EXPECT_EQ(counts.unreadinfo_list(1).session_id(), 1u);
}

TEST_F(unread_test, a_read_ack_moves_forward_only_and_not_past_the_newest) {
  for (int i = 0; i < 5; ++i) send(anna, text(2, "m"));
  EXPECT_EQ(read(ben, 1, 3), PARLEY_OK);
  EXPECT_EQ(unread(ben).total_cnt(), 2u);
  EXPECT_EQ(read(ben, 1, 1), PARLEY_OK);
  EXPECT_EQ(unread(ben).total_cnt(), 2u);
  EXPECT_EQ(read(ben, 1, 4'000'000'000), PARLEY_OK);
  EXPECT_EQ(unread(ben).total_cnt(), 0u);
  send(anna, text(2, "m"));
  EXPECT_EQ(unread(ben).total_cnt(), 1u);
}

TEST_F(unread_test, zero_reads_everything) {
  for (int i = 0; i < 5; ++i) send(anna, text(2, "m"));
  host.take_pushes();
  EXPECT_EQ(read(ben, 1, 0), PARLEY_OK);
  EXPECT_EQ(unread(ben).total_cnt(), 0u);
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].user, 2u);
  EXPECT_EQ(pushes[0].command, cid::msg_read_notify);
  EXPECT_EQ(pushes[0].which.except, ben.session);
  const auto seen = parsed<IMMsgDataReadNotify>(pushes[0].body);
  EXPECT_EQ(seen.user_id(), 2u);
  EXPECT_EQ(seen.session_id(), 1u);
  EXPECT_EQ(seen.msg_id(), 5u);
}

TEST_F(unread_test, sending_reads_nothing) {
  send(anna, text(2, "hi"));
  send(ben, text(1, "answer"));
  EXPECT_EQ(unread(ben).total_cnt(), 1u);
}

TEST_F(unread_test, many_read_acks_are_one_transaction) {
  for (int i = 0; i < 50; ++i) start(anna, text(2, "m"));
  host.run();
  const int before = host.db().commits();
  for (std::uint32_t i = 1; i <= 50; ++i) {
    IMMsgDataReadAck message;
    message.set_user_id(2);
    message.set_session_id(1);
    message.set_msg_id(i == 50 ? 10 : i);
    message.set_session_type(SESSION_TYPE_SINGLE);
    host.start(ben, cid::msg_read_ack, message);
  }
  host.run();
  EXPECT_EQ(host.db().commits(), before + 1);
  EXPECT_EQ(host.db().run("SELECT msg_id FROM read_position"), "49");
}

TEST_F(unread_test, a_read_ack_needs_a_conversation) {
  EXPECT_EQ(read(ben, 1, 0), PARLEY_NO_TARGET);
  EXPECT_EQ(read(ben, 2, 0), PARLEY_NO_TARGET);
  EXPECT_EQ(read(ben, 0, 0), PARLEY_NO_TARGET);
  EXPECT_EQ(count("read_position"), "0");
}

TEST_F(unread_test, counts_at_most_999) {
  for (int i = 0; i < 1200; ++i) start(anna, text(2, "m"));
  host.run();
  EXPECT_EQ(unread(ben).total_cnt(), 999u);
}

TEST_F(unread_test, shows_a_recording_by_its_placeholder) {
  send(anna, audio(2, "recording"));
  const auto counts = unread(ben);
  EXPECT_EQ(counts.unreadinfo_list(0).latest_msg_data(), "QhGXlpFjvMFUNrtl1aaPzA==");
  EXPECT_EQ(counts.unreadinfo_list(0).latest_msg_type(), MSG_TYPE_SINGLE_AUDIO);
}

TEST_F(unread_test, fits_into_a_pdu_and_still_counts_all) {
  std::string wide;
  for (int i = 0; i < 4096; ++i) wide += "界";
  for (std::uint32_t i = 20; i < 60; ++i) {
    host.db().run("INSERT INTO IMUser(id) VALUES (" + std::to_string(i) + ")");
    send({i, i}, text(1, wide));
  }
  EXPECT_EQ(unread(anna).total_cnt(), 40u);
  EXPECT_LT(host.replies(host.newest())[0].body.size(), 400u << 10);
  EXPECT_GT(host.answer<IMUnreadMsgCntRsp>().unreadinfo_list_size(), 20);
  EXPECT_LT(recent(anna).size(), 40u);
  EXPECT_LT(host.replies(host.newest())[0].body.size(), 400u << 10);
}

}  // namespace
}  // namespace message_test

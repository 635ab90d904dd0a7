#include "messenger_test.hpp"

namespace message_test {
namespace {

using sessions_test = messenger_test;

TEST_F(sessions_test, lists_both_users_newest_first) {
  send(anna, text(2, "to ben"));
  host.now_ms += 1000;
  send(anna, text(3, "to carl"));
  const auto list = recent(anna);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].session_id(), 3u);
  EXPECT_EQ(list[0].latest_msg_data(), "to carl");
  EXPECT_EQ(list[0].latest_msg_from_user_id(), 3u);
  EXPECT_EQ(list[0].updated_time(), 1'700'000'001u);
  EXPECT_EQ(list[0].session_status(), SESSION_STATUS_OK);
  EXPECT_EQ(list[1].session_id(), 2u);
  EXPECT_EQ(recent(ben).size(), 1u);
  EXPECT_EQ(recent(anna, 1'700'000'000).size(), 1u);
  EXPECT_TRUE(recent(anna, 1'700'000'001).empty());
}

TEST_F(sessions_test, shows_a_recording_by_its_placeholder) {
  send(anna, audio(2, "recording"));
  EXPECT_EQ(recent(ben)[0].latest_msg_data(), "QhGXlpFjvMFUNrtl1aaPzA==");
}

TEST_F(sessions_test, a_removed_session_is_gone_and_read) {
  send(anna, text(2, "hi"));
  host.take_pushes();
  EXPECT_EQ(remove(ben, 1), 0u);
  EXPECT_TRUE(recent(ben).empty());
  EXPECT_EQ(recent(anna).size(), 1u);
  EXPECT_EQ(unread(ben).total_cnt(), 0u);
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].command, cid::buddy_list_remove_session_notify);
  EXPECT_EQ(pushes[0].user, 2u);
  EXPECT_EQ(pushes[0].which.except, ben.session);
  EXPECT_EQ(parsed<IMRemoveSessionNotify>(pushes[0].body).session_id(), 1u);
}

TEST_F(sessions_test, a_message_brings_it_back_even_within_the_same_second) {
  send(anna, text(2, "hi"));
  remove(ben, 1);
  send(anna, text(2, "again"));
  EXPECT_EQ(recent(ben).size(), 1u);
  EXPECT_EQ(unread(ben).total_cnt(), 1u);
}

TEST_F(sessions_test, removing_what_is_not_there_is_told) {
  EXPECT_EQ(remove(ben, 1), 1u);
  send(anna, text(2, "hi"));
  EXPECT_EQ(remove(ben, 1), 0u);
  EXPECT_EQ(remove(ben, 1), 1u);
  EXPECT_EQ(remove(ben, 2), 1u);
}

TEST_F(sessions_test, a_failed_removal_has_its_result_code) {
  send(anna, text(2, "hi"));
  host.db().fail("BEGIN", PARLEY_UNAVAILABLE);
  EXPECT_EQ(remove(ben, 1), 1u);
  EXPECT_EQ(host.verdict(host.newest()), PARLEY_UNAVAILABLE);
}

TEST_F(sessions_test, a_refused_first_message_leaves_no_session) {
  host.db().fail("guilty", PARLEY_DATA_ERROR, 100);
  host.serve(anna, cid::msg_data, text(2, "guilty"));
  EXPECT_EQ(count("conversation"), "1");
  EXPECT_TRUE(recent(anna).empty());
  EXPECT_TRUE(recent(ben).empty());
  EXPECT_EQ(send(anna, text(2, "hi")), 1u);
  EXPECT_EQ(recent(ben).size(), 1u);
}

TEST_F(sessions_test, rows_deleted_by_hand_are_made_anew) {
  send(anna, text(2, "hi"));
  host.db().run("DELETE FROM IMRecentSession WHERE userId = 2");
  host.now_ms += 1000;
  send(anna, text(2, "hi"));
  EXPECT_EQ(recent(ben).size(), 1u);
  EXPECT_EQ(recent(anna).size(), 1u);
  EXPECT_EQ(count("IMRecentSession"), "2");
}

}  // namespace
}  // namespace message_test

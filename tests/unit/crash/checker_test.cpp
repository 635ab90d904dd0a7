#include "unit/crash/bad_history.hpp"

namespace parley::crash {
namespace {

INSTANTIATE_TEST_SUITE_P(history, checker, testing::Values(talk::of_two, talk::in_group),
                         [](const auto& about) { return about.param == talk::of_two ? "of_two" : "in_group"; });

TEST_P(checker, finds_nothing_in_a_good_history) {
  scribe s(GetParam());
  s.say(0, "a1", 1);
  s.push(1, alice, "a1", 1);
  s.say(1, "b1", 2);
  s.push(0, bob, "b1", 2);
  s.page(1, 0, {{bob, "b1", 2}, {alice, "a1", 1}});
  s.read(1, 1);
  s.send(0, "a2", "text of a2");  // never acked, and not stored
  s.send(0, "a3", "text of a3");  // never acked, and stored
  const auto again = s.send(0, "a1", "other words");
  s.ack(0, "a1", 1, again, true);
  s.end({{alice, "a3", 3}, {bob, "b1", 2}, {alice, "a1", 1}});
  s.unread(2, 1);
  s.unread(3, 1);
  const auto got = check(s.all);
  EXPECT_TRUE(got.violations.empty()) << got.violations.front().text;
  EXPECT_EQ(got.counts.sends, 5u);
  EXPECT_EQ(got.counts.acks, 3u);
  EXPECT_EQ(got.counts.messages, 3u);
  EXPECT_EQ(got.counts.group_messages, GetParam() == talk::in_group ? 3u : 0u);
  EXPECT_EQ(got.counts.group_pushes, GetParam() == talk::in_group ? 2u : 0u);
  EXPECT_EQ(got.counts.groups, GetParam() == talk::in_group ? 1u : 0u);
  EXPECT_EQ(got.counts.conversations, 1u);
  EXPECT_EQ(got.counts.resends, 1u);
  EXPECT_EQ(got.counts.unacked, 2u);
}

TEST_P(checker, finds_an_acked_message_that_is_not_stored) {
  scribe s(GetParam());
  s.say(0, "a1", 1);
  s.say(0, "a2", 2);
  s.end({{alice, "a1", 1}});
  expect_broken(s, {"lost", "stale_page"});
}

TEST_P(checker, finds_a_whole_conversation_that_is_lost) {
  scribe s(GetParam());
  s.say(0, "a1", 1);
  s.end({});
  expect_broken(s, {"lost", "stale_page"});
}

TEST_P(checker, finds_an_ack_whose_id_holds_another_message) {
  scribe s(GetParam());
  s.say(0, "a1", 1);
  s.say(0, "a2", 2);
  s.send(0, "a3", "text of a3");
  s.end({{alice, "a3", 2}, {alice, "a1", 1}});
  expect_broken(s, {"misplaced"});
}

TEST_P(checker, finds_an_ack_whose_id_holds_what_was_sent_only_later_under_the_same_name) {
  scribe s(GetParam());
  s.say(0, "a1", 1);
  const auto again = s.send(0, "a1", "other words");
  s.ack(0, "a1", 1, again, true);
  s.end({{alice, "a1", 1}});
  for (const auto reader : s.finals()) s.all.terminals[reader].lines.back().content = hash_of("other words");
  expect_broken(s, {"misplaced"});
}

TEST_P(checker, finds_a_resend_under_a_second_id) {
  scribe s(GetParam());
  s.say(0, "a1", 1);
  s.ack(0, "a1", 2, s.send(0, "a1", "text of a1"), true);
  s.end({{alice, "a1", 2}, {alice, "a1", 1}});
  expect_broken(s, {"doubled", "renumbered"});
}

TEST_P(checker, finds_a_resend_that_is_acked_as_new) {
  scribe s(GetParam());
  s.say(0, "a1", 1);
  s.ack(0, "a1", 1, s.send(0, "a1", "text of a1"));
  s.end({{alice, "a1", 1}});
  expect_broken(s, {"new_again", "out_of_order"});
}

TEST_P(checker, allows_a_duplicate_flag_when_the_first_ack_did_not_arrive) {
  scribe s(GetParam());
  s.send(0, "a1", "text of a1");
  s.ack(0, "a1", 1, s.send(0, "a1", "text of a1"), true).session = 2;
  s.end({{alice, "a1", 1}});
  expect_broken(s, {});
}

TEST_P(checker, finds_a_duplicate_flag_on_what_was_sent_once) {
  scribe s(GetParam());
  s.ack(0, "a1", 1, s.send(0, "a1", "text of a1"), true);
  s.end({{alice, "a1", 1}});
  expect_broken(s, {"duplicate_of_nothing"});
}

TEST_P(checker, finds_messages_numbered_against_the_order_of_one_session) {
  scribe s(GetParam());
  const auto first = s.send(0, "a1", "text of a1");
  const auto second = s.send(0, "a2", "text of a2");
  s.ack(0, "a2", 1, second);
  s.ack(0, "a1", 2, first);
  s.end({{alice, "a1", 2}, {alice, "a2", 1}});
  expect_broken(s, {"out_of_order"});
}

TEST_P(checker, finds_an_unacked_message_that_is_stored_twice) {
  scribe s(GetParam());
  s.send(0, "a1", "text of a1");
  s.end({{alice, "a1", 2}, {alice, "a1", 1}});
  expect_broken(s, {"doubled"});
}

TEST_P(checker, finds_a_message_without_client_msg_id_that_is_stored_more_often_than_sent) {
  scribe s(GetParam());
  s.send(0, "", "text of ");
  s.end({{alice, "", 1}});
  expect_broken(s, {});
  scribe twice(GetParam());
  twice.send(0, "", "text of ");
  twice.end({{alice, "", 2}, {alice, "", 1}});
  expect_broken(twice, {"doubled"});
}

TEST_P(checker, finds_what_nobody_sent) {
  scribe s(GetParam());
  s.say(0, "a1", 1);
  s.end({{bob, "b9", 2}, {alice, "a1", 1}});
  expect_broken(s, {"invented"});
}

TEST_P(checker, finds_what_was_sent_by_somebody_else) {
  scribe s(GetParam());
  s.send(0, "a1", "text of a1");
  s.end({{bob, "a1", 1}});
  expect_broken(s, {"invented"});
}

TEST_P(checker, finds_a_gap_in_the_ids) {
  scribe s(GetParam());
  s.say(0, "a1", 1);
  s.say(0, "a3", 3);
  s.page(2, 0, {{alice, "a3", 3}}, true);
  s.page(2, 2, {{alice, "a1", 1}}, true);
  s.all.terminals[2].lines[2].msg_id = 1;
  expect_broken(s, {"gap"});
}

TEST_P(checker, finds_ids_that_do_not_begin_with_1) {
  scribe s(GetParam());
  s.say(0, "a1", 2);
  s.end({{alice, "a1", 2}});
  expect_broken(s, {"gap"});
}

TEST_P(checker, finds_a_clock_that_went_back_within_a_conversation) {
  scribe s(GetParam());
  s.say(0, "a1", 1);
  s.say(0, "a2", 2);
  s.end({{alice, "a2", 2}, {alice, "a1", 1}});
  for (const auto reader : s.finals()) s.all.terminals[reader].lines[1].created = 900;
  expect_broken(s, {"time_went_back"});
}

}  // namespace
}  // namespace parley::crash

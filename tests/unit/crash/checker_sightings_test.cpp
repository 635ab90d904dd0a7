#include "unit/crash/bad_history.hpp"

namespace parley::crash {
namespace {

/// a1 b1 as 1 2, acked.
scribe two_messages(talk about) {
  scribe s(about);
  s.say(0, "a1", 1);
  s.say(1, "b1", 2);
  return s;
}
const std::vector<scribe::entry> both = {{bob, "b1", 2}, {alice, "a1", 1}};

TEST_P(checker, finds_readers_that_see_two_orders) {
  auto s = two_messages(GetParam());
  s.page(1, 0, {{alice, "a1", 2}, {bob, "b1", 1}});
  s.end(both);
  expect_broken(s, {"readers_disagree"});
}

TEST_P(checker, finds_final_readers_that_disagree) {
  auto s = two_messages(GetParam());
  s.page(2, 0, both, true);
  s.page(3, 0, {{bob, "b1", 2}, {alice, "other", 1}}, true);
  expect_broken(s, {"readers_disagree"});
}

TEST_P(checker, finds_a_message_that_was_on_a_page_and_vanished) {
  auto s = two_messages(GetParam());
  s.send(0, "a2", "text of a2");
  s.page(1, 3, {{alice, "a2", 3}, {bob, "b1", 2}, {alice, "a1", 1}});
  s.page(2, 2, both, true);
  expect_broken(s, {"vanished"});
}

TEST_P(checker, finds_a_page_with_a_hole) {
  auto s = two_messages(GetParam());
  s.say(0, "a2", 3);
  s.page(1, 0, {{alice, "a2", 3}, {alice, "a1", 1}});
  s.end({{alice, "a2", 3}, {bob, "b1", 2}, {alice, "a1", 1}});
  expect_broken(s, {"page_with_hole"});
}

TEST_P(checker, finds_a_page_that_lacks_what_had_been_acked) {
  auto s = two_messages(GetParam());
  s.page(1, 0, {{alice, "a1", 1}});
  s.end(both);
  expect_broken(s, {"stale_page"});
}

TEST_P(checker, finds_an_empty_page_of_what_had_been_pushed) {
  scribe s(GetParam());
  const auto sent = s.send(0, "a1", "text of a1");
  s.push(1, alice, "a1", 1);
  s.page(1, 0, {});
  s.ack(0, "a1", 1, sent);
  s.end({{alice, "a1", 1}});
  expect_broken(s, {"stale_page"});
}

TEST_P(checker, allows_a_page_that_was_asked_for_before_the_ack) {
  scribe s(GetParam());
  const auto sent = s.send(0, "a1", "text of a1");
  s.page(1, 0, {});
  s.ack(0, "a1", 1, sent);
  s.end({{alice, "a1", 1}});
  expect_broken(s, {});
}

TEST_P(checker, finds_a_push_of_what_is_not_stored) {
  auto s = two_messages(GetParam());
  s.send(0, "a2", "text of a2");
  s.page(2, 2, both, true);
  s.page(3, 2, both, true);
  s.push(1, alice, "a2", 3);
  expect_broken(s, {"pushed_unknown"});
}

TEST_P(checker, finds_a_push_with_other_content) {
  auto s = two_messages(GetParam());
  s.push(1, alice, "a1", 1).content = hash_of("something else");
  s.end(both);
  expect_broken(s, {"pushed_otherwise"});
}

TEST_P(checker, finds_a_push_under_another_author) {
  auto s = two_messages(GetParam());
  s.push(1, bob, "a1", 1);
  s.end(both);
  expect_broken(s, {"pushed_otherwise"});
}

TEST_P(checker, finds_a_push_under_another_client_msg_id) {
  auto s = two_messages(GetParam());
  s.push(1, alice, "a1", 1).client_msg_id = "a7";
  s.end(both);
  expect_broken(s, {"pushed_otherwise"});
}

TEST_P(checker, expects_no_client_msg_id_below_level_1) {
  auto s = two_messages(GetParam());
  s.all.terminals[1].level = 0;
  s.push(1, alice, "a1", 1).client_msg_id = "";
  s.end(both);
  expect_broken(s, {});
}

TEST_P(checker, finds_pushes_out_of_order_in_one_session_only) {
  auto s = two_messages(GetParam());
  s.push(1, bob, "b1", 2);
  s.push(1, alice, "a1", 1);
  s.end(both);
  expect_broken(s, {"pushed_out_of_order"});
  auto other = two_messages(GetParam());
  other.push(1, bob, "b1", 2);
  other.push(1, alice, "a1", 1).session = 2;
  other.end(both);
  expect_broken(other, {});
}

TEST_P(checker, finds_a_push_that_comes_twice) {
  auto s = two_messages(GetParam());
  s.push(1, alice, "a1", 1);
  s.push(1, alice, "a1", 1);
  s.end(both);
  expect_broken(s, {"pushed_twice"});
}

TEST_P(checker, finds_an_unread_count_that_fits_no_position) {
  auto s = two_messages(GetParam());
  s.say(0, "a2", 3);
  s.say(0, "a3", 4);
  s.read(1, 1);
  s.end({{alice, "a3", 4}, {alice, "a2", 3}, {bob, "b1", 2}, {alice, "a1", 1}});
  s.unread(3, 1);
  expect_broken(s, {"unread_wrong"});
}

TEST_P(checker, allows_an_unread_count_with_and_without_an_unconfirmed_position) {
  for (const std::uint32_t count : {2u, 1u}) {
    auto s = two_messages(GetParam());
    s.say(0, "a2", 3);
    s.read(1, 1);
    s.end({{alice, "a2", 3}, {bob, "b1", 2}, {alice, "a1", 1}});
    s.unread(3, count);
    expect_broken(s, {});
  }
}

TEST_P(checker, finds_a_confirmed_position_that_was_forgotten) {
  auto s = two_messages(GetParam());
  s.say(0, "a2", 3);
  s.read(1, 1);
  s.notice(1, 1);
  s.end({{alice, "a2", 3}, {bob, "b1", 2}, {alice, "a1", 1}});
  s.unread(3, 2);
  expect_broken(s, {"position_lost"});
}

TEST_P(checker, counts_all_violations_and_keeps_some) {
  scribe s(GetParam());
  for (std::uint32_t i = 1; i <= 50; ++i) s.say(0, "a" + std::to_string(i), i);
  const auto got = check(s.all);
  EXPECT_EQ(got.violation_counts.at(promise::lost), 50u);
  EXPECT_EQ(got.violations.size(), report::most_kept);
}

TEST(promises, are_known_by_name) {
  for (const auto name : promise_names()) {
    ASSERT_NE(find_promise(name), nullptr) << name;
    EXPECT_EQ(name_of(*find_promise(name)), name);
  }
  EXPECT_EQ(find_promise("honour"), nullptr);
}

}  // namespace
}  // namespace parley::crash

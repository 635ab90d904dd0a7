// What only a group can break: it has more readers than two, and everybody else is a stranger.
#include "unit/crash/bad_history.hpp"

namespace parley::crash {
namespace {

/// a1 b1 c1 as 1 2 3, acked and pushed to the others.
scribe three_messages() {
  scribe s(talk::in_group);
  s.say(0, "a1", 1);
  s.push(1, alice, "a1", 1);
  s.push(4, alice, "a1", 1);
  s.say(1, "b1", 2);
  s.push(0, bob, "b1", 2);
  s.say(scribe::carol_pc, "c1", 3);
  return s;
}
const std::vector<scribe::entry> all_three = {{carol, "c1", 3}, {bob, "b1", 2}, {alice, "a1", 1}};

TEST(groups, of_a_good_history_are_good) {
  auto s = three_messages();
  s.read(scribe::carol_pc, 1);
  s.notice(scribe::carol_pc, 1);
  s.page(scribe::dave_pc, 0, {});
  s.send(scribe::dave_pc, "d1", "text of d1");
  s.end(all_three);
  s.unread(5, 1);
  s.unread(3, 2);
  s.unread(scribe::dave_pc, 0);
  expect_broken(s, {});
}

TEST(groups, have_one_order_for_the_third_member_too) {
  auto s = three_messages();
  s.page(scribe::carol_pc, 0, {{carol, "c1", 3}, {alice, "a1", 2}, {bob, "b1", 1}});
  s.end(all_three);
  expect_broken(s, {"readers_disagree"});
}

TEST(groups, lack_nothing_in_the_end_for_the_third_member) {
  auto s = three_messages();
  s.page(2, 0, all_three, true);
  s.page(3, 0, all_three, true);
  s.page(5, 0, {{bob, "b1", 2}, {alice, "a1", 1}}, true);
  expect_broken(s, {"stale_page"});
}

TEST(groups, push_to_the_third_member_what_history_has) {
  auto s = three_messages();
  s.push(scribe::carol_pc, bob, "b1", 2).content = hash_of("something else");
  s.end(all_three);
  expect_broken(s, {"pushed_otherwise"});
}

TEST(groups, push_to_a_member_nothing_that_is_not_stored) {
  auto s = three_messages();
  s.send(0, "a2", "text of a2");
  for (const auto reader : s.finals()) s.page(reader, 3, all_three, true);
  s.push(scribe::carol_pc, alice, "a2", 4);
  expect_broken(s, {"pushed_unknown"});
}

TEST(groups, push_nothing_to_a_stranger) {
  auto s = three_messages();
  s.push(scribe::dave_pc, alice, "a1", 1);
  s.end(all_three);
  expect_broken(s, {"stranger"});
}

TEST(groups, show_a_stranger_no_page) {
  auto s = three_messages();
  s.page(scribe::dave_pc, 0, all_three);
  s.end(all_three);
  expect_broken(s, {"stranger"});
}

TEST(groups, let_no_stranger_write) {
  auto acked = three_messages();
  acked.say(scribe::dave_pc, "d1", 4);
  acked.end(all_three);
  expect_broken(acked, {"stranger"});
  auto stored = three_messages();
  stored.send(scribe::dave_pc, "d1", "text of d1");
  stored.end({{dave, "d1", 4}, {carol, "c1", 3}, {bob, "b1", 2}, {alice, "a1", 1}});
  expect_broken(stored, {"stranger"});
}

TEST(groups, tell_a_stranger_of_no_position_and_no_count) {
  auto moved = three_messages();
  moved.notice(scribe::dave_pc, 1);
  moved.end(all_three);
  expect_broken(moved, {"stranger"});
  auto counted = three_messages();
  counted.end(all_three);
  counted.unread(scribe::dave_pc, 3);
  expect_broken(counted, {"stranger"});
}

TEST(groups, that_nobody_knows_are_for_nobody) {
  auto s = three_messages();
  s.all.members.clear();
  s.end({});
  expect_broken(s, {"stranger"});
}

TEST(groups, take_what_strangers_saw_for_no_truth) {
  auto s = three_messages();
  s.page(scribe::dave_pc, 0, {{alice, "other", 1}}, true);
  s.end(all_three);
  expect_broken(s, {"stranger"});
}

TEST(groups, and_users_of_one_number_are_two_conversations) {
  auto s = three_messages();
  const place peer{false, bob}, back{false, alice};
  s.add(0, {.kind = what::send, .with = peer, .content = hash_of("text of a1"), .client_msg_id = "a1"});
  s.add(0, {.kind = what::ack, .with = peer, .msg_id = 1, .client_msg_id = "a1"});
  s.end(all_three);
  s.add(3, {.kind = what::page, .final = true, .with = back, .count = 1});
  auto one = s.message(what::page_message, alice, "a1", 1);
  one.final = true;
  one.with = back;
  s.add(3, one);
  expect_broken(s, {});
}

TEST(groups, hold_what_was_acked_in_them_and_no_conversation_of_two_does) {
  scribe s(talk::in_group);
  s.say(0, "a1", 1);
  s.end({});
  s.add(3, {.kind = what::page, .final = true, .with = {false, alice}, .count = 1});
  auto one = s.message(what::page_message, alice, "a1", 1);
  one.final = true;
  one.with = {false, alice};
  s.add(3, one);
  const auto got = check(s.all);
  EXPECT_EQ(names_in(got.violation_counts), (std::vector<std::string>{"invented", "lost", "stale_page"}));
  EXPECT_EQ(names_in(got.group_counts), (std::vector<std::string>{"lost", "stale_page"}));
}

TEST(groups, tell_authors_with_one_client_msg_id_apart) {
  scribe s(talk::in_group);
  s.say(0, "same", 1);
  s.say(1, "same", 2);
  s.say(scribe::carol_pc, "same", 3);
  s.end({{carol, "same", 3}, {bob, "same", 2}, {alice, "same", 1}});
  expect_broken(s, {});
  scribe twice(talk::in_group);
  twice.say(0, "same", 1);
  twice.say(1, "same", 1);
  twice.end({{alice, "same", 1}});
  expect_broken(twice, {"misplaced"});
}

TEST(groups, count_what_all_others_wrote_as_unread) {
  for (const std::uint32_t count : {1u, 2u, 3u}) {
    auto s = three_messages();
    s.end(all_three);
    s.unread(3, count);
    expect_broken(s, count == 2 ? std::vector<std::string>{} : std::vector<std::string>{"unread_wrong"});
  }
}

TEST(groups, forget_no_confirmed_position_of_any_member) {
  auto s = three_messages();
  s.read(scribe::carol_pc, 1);
  s.notice(scribe::carol_pc, 1);
  s.end(all_three);
  s.unread(5, 2);
  expect_broken(s, {"position_lost"});
}

/// One of bob, then `own` of alice; what alice has unread.
void expect_unread(talk about, std::uint32_t own, std::uint32_t count) {
  scribe s(about);
  std::vector<scribe::entry> messages;
  s.say(1, "b1", 1);
  for (std::uint32_t i = 2; i <= own + 1; ++i) {
    messages.insert(messages.begin(), {alice, "a" + std::to_string(i), i});
    s.say(0, "a" + std::to_string(i), i);
  }
  messages.push_back({bob, "b1", 1});
  s.end(messages);
  s.unread(2, count);
  expect_broken(s, {});
}

TEST(unread, is_looked_for_among_the_newest_2000_or_up_to_the_newest_of_the_other) {
  expect_unread(talk::in_group, 1999, 1);
  expect_unread(talk::in_group, 2000, 0);
  expect_unread(talk::of_two, 2000, 1);
}

}  // namespace
}  // namespace parley::crash

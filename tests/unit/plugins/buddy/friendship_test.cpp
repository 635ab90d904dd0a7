#include "people.hpp"

namespace buddy_test {
namespace {

using friendship = people;

TEST_F(friendship, begins_when_the_asked_one_accepts) {
  const auto asked = ask(1, 2, "hi");
  EXPECT_TRUE(asked.told_of);
  EXPECT_FALSE(asked.changed);
  EXPECT_EQ(asked.created, now);
  EXPECT_TRUE(friends(1).empty());
  const auto accepted = accept(2, 1);
  EXPECT_TRUE(accepted.changed);
  EXPECT_EQ(accepted.revision, 1u);
  EXPECT_EQ(accepted.peer_revision, 1u);
  EXPECT_EQ(friends(1), std::vector<std::uint32_t>{2});
  EXPECT_EQ(friends(2), std::vector<std::uint32_t>{1});
  EXPECT_EQ(run("SELECT COUNT(*) FROM friend_request"), "0");
}

TEST_F(friendship, accepted_twice_is_one_friendship) {
  befriend(1, 2);
  const auto again = accept(2, 1);
  EXPECT_TRUE(again.is);
  EXPECT_FALSE(again.changed);
  EXPECT_FALSE(again.told_of);
  EXPECT_EQ(again.revision, 1u);
}

TEST_F(friendship, needs_one_who_asked) {
  EXPECT_EQ(accept(2, 1).is.code, status::no_target);
  ask(1, 2);
  EXPECT_EQ(accept(1, 2).is.code, status::no_target) << "the asker accepts what the asker asked";
  EXPECT_TRUE(friends(1).empty());
}

TEST_F(friendship, begins_at_once_when_both_ask) {
  ask(1, 2);
  const auto second = ask(2, 1);
  EXPECT_TRUE(second.changed);
  EXPECT_EQ(friends(1), std::vector<std::uint32_t>{2});
  EXPECT_EQ(run("SELECT COUNT(*) FROM friend_request"), "0");
}

TEST_F(friendship, is_not_asked_for_again) {
  befriend(1, 2);
  EXPECT_EQ(ask(1, 2).is.code, status::not_allowed);
  EXPECT_EQ(ask(2, 1).is.code, status::not_allowed);
}

TEST_F(friendship, is_with_somebody_who_is_there) {
  EXPECT_EQ(ask(1, 9).is.code, status::no_target);
  EXPECT_EQ(ask(1, 77).is.code, status::no_target);
  ask(3, 2);
  run("UPDATE IMUser SET status = 3 WHERE id = 3");
  EXPECT_EQ(accept(2, 3).is.code, status::no_target);
  EXPECT_EQ(run("SELECT COUNT(*) FROM friend_list WHERE user_id IN (9, 77)"), "0");
}

TEST_F(friendship, refused_leaves_nothing) {
  ask(1, 2);
  EXPECT_TRUE(refuse(2, 1).told_of);
  EXPECT_FALSE(refuse(2, 1).told_of);
  EXPECT_TRUE(refuse(2, 1).is);
  EXPECT_EQ(accept(2, 1).is.code, status::no_target);
  EXPECT_EQ(run("SELECT COUNT(*) FROM friend_request"), "0");
}

TEST_F(friendship, a_newer_text_takes_the_place_of_the_older) {
  ask(1, 2, "one", now);
  EXPECT_FALSE(ask(1, 2, "one", now + 5).told_of);
  EXPECT_EQ(ask(1, 2, "one", now + 5).created, now);
  EXPECT_TRUE(ask(1, 2, "two", now + 9).told_of);
  EXPECT_EQ(run("SELECT text FROM friend_request"), "two");
  EXPECT_EQ(run("SELECT COUNT(*) FROM friend_request"), "1");
}

TEST_F(friendship, a_request_expires) {
  ask(1, 2, "hi", now);
  EXPECT_EQ(accept(2, 1, now + 30 * day + 1).is.code, status::no_target);
  EXPECT_FALSE(ask(2, 1, "", now + 30 * day + 1).changed) << "not asked any more, so this is a first request";
  EXPECT_TRUE(accept(2, 1, now + 30 * day).changed);
}

TEST_F(friendship, expired_requests_are_taken_away) {
  ask(1, 2, "", now - 31 * day);
  ask(4, 2, "", now - 1);
  ask(3, 2);
  EXPECT_EQ(run("SELECT COUNT(*) FROM friend_request"), "2");
  EXPECT_EQ(run("SELECT COUNT(*) FROM friend_request WHERE from_id = 1"), "0");
}

TEST_F(friendship, requests_are_bounded_on_both_sides) {
  most.incoming = 2;
  most.outgoing = 1;
  EXPECT_TRUE(ask(1, 2).is);
  EXPECT_TRUE(ask(1, 2, "again").is);
  EXPECT_EQ(ask(1, 3).is.code, status::busy);
  EXPECT_TRUE(ask(3, 2).is);
  EXPECT_EQ(ask(4, 2).is.code, status::busy);
  refuse(2, 3);
  EXPECT_TRUE(ask(4, 2).is);
}

TEST_F(friendship, is_bounded_for_both) {
  most.friends = 1;
  befriend(1, 2);
  ask(3, 2);
  const auto mine = accept(2, 3);
  EXPECT_EQ(mine.is.code, status::refused);
  ask(1, 4);
  const auto theirs = accept(4, 1);
  EXPECT_EQ(theirs.is.code, status::refused);
  EXPECT_STRNE(mine.is.text, theirs.is.text);
  EXPECT_EQ(run("SELECT COUNT(*) FROM friend WHERE status = 0"), "2");
  part(1, 2);
  EXPECT_TRUE(accept(2, 3).changed);
}

TEST_F(friendship, ends_for_both) {
  befriend(1, 2);
  auto db = host.sql();
  buddy::remark(db, {1, 2}, "Benny", now);
  const auto ended = part(2, 1);
  EXPECT_TRUE(ended.changed);
  EXPECT_EQ(ended.revision, 2u);
  EXPECT_EQ(ended.peer_revision, 3u);
  EXPECT_TRUE(friends(1).empty());
  EXPECT_TRUE(friends(2).empty());
  EXPECT_EQ(run("SELECT COUNT(*) FROM friend WHERE remark <> ''"), "0");
  const auto again = part(2, 1);
  EXPECT_TRUE(again.is);
  EXPECT_FALSE(again.changed);
  EXPECT_EQ(again.revision, 2u);
}

TEST_F(friendship, ended_can_begin_again) {
  befriend(1, 2);
  part(1, 2);
  befriend(2, 1);
  EXPECT_EQ(friends(1), std::vector<std::uint32_t>{2});
  EXPECT_EQ(run("SELECT COUNT(*) FROM friend"), "2");
}

TEST_F(friendship, that_never_was_ends_without_a_trace) {
  EXPECT_TRUE(part(1, 4'000'000'000).is);
  EXPECT_EQ(run("SELECT COUNT(*) FROM friend_list"), "0");
}

TEST_F(friendship, a_request_is_taken_back) {
  ask(1, 2);
  const auto back = part(1, 2);
  EXPECT_TRUE(back.withdrawn);
  EXPECT_TRUE(back.told_of);
  EXPECT_FALSE(back.changed);
  EXPECT_EQ(accept(2, 1).is.code, status::no_target);
}

TEST_F(friendship, survives_a_deadlock_and_not_a_lost_database) {
  ask(1, 2);
  host.db().fail("INSERT INTO friend(", PARLEY_RETRY, 2);
  EXPECT_TRUE(accept(2, 1).changed);
  EXPECT_EQ(run("SELECT COUNT(*) FROM friend"), "2");
  EXPECT_EQ(run("SELECT MAX(revision) FROM friend_list"), "1");
  host.db().fail("COMMIT", PARLEY_UNAVAILABLE);
  EXPECT_THROW(part(1, 2), parley::sql_error);
  EXPECT_EQ(friends(1).size(), 1u);
}

}  // namespace
}  // namespace buddy_test

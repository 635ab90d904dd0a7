// People at parley-chat: what they type, and what the others read.
#include <signal.h>

#include "node/chats.hpp"

namespace parley::test {
namespace {

TEST_F(chats, of_a_group_go_on_after_a_restart) {
  auto &bob = at_chat("bob"), &carol = at_chat("carol"), &alice = at_chat("alice");
  alice.says("/group new \"our team\" bob carol", "you made #our team (#1) with bob and carol");
  bob.reads("alice added you and carol to #our team");
  carol.reads("alice added bob and you to #our team");
  alice.says("hello all", "you: hello all ✓ 1");
  bob.reads("#our team alice: hello all");
  bob.says("/to #our", "alice: hello all");
  bob.says("hello alice", "you: hello alice ✓ 2");
  alice.reads(" bob: hello alice");
  carol.reads("#our team bob: hello alice");
  carol.says("/groups", "#our team (#1)  3 members, 2 unread");
  carol.says("/unread", "unread: #our team 2");
  EXPECT_TRUE(alice.says("/groups", "#our team (#1)  3 members").ends_with(", yours"));

  node().kill9();
  node().start();
  for (auto* each : {&alice, &bob, &carol}) each->reads("connected again");
  alice.says("still there?", "you: still there? ✓ 3");
  bob.reads(" alice: still there?");
  carol.says("/to \"#our team\"", "last 3 in #our team");
  carol.reads("alice: hello all");
  carol.reads("bob: hello alice");
  carol.reads("alice: still there?");
  // That it was read is not answered: to count may overtake it.
  EXPECT_TRUE(
      eventually([&carol] { return carol.says("/unread", "unread").find("nothing is unread") != std::string::npos; }));
  carol.says("/recent", "#our team  alice: still there?");
  everybody_leaves();

  auto& later = at_chat("bob");
  later.says("/to #1", "last 3 in #our team");
  later.says("/history 1", "alice: still there?");
  EXPECT_EQ(later.leaves(), 0);
}

TEST_F(chats, in_groups_are_sent_again_after_a_lost_connection_and_arrive_once) {
  auto &bob = at_chat("bob"), &alice = at_chat("alice");
  alice.says("/group new climbers bob", "you made #climbers");
  bob.reads("added you to #climbers");
  kill(node().pid(), SIGSTOP);
  alice.type("did this arrive?");
  alice.type("/recent");
  node().kill9();
  node().start();
  alice.reads("connected again");
  alice.reads("you: did this arrive? ✓ 1");
  bob.reads("alice: did this arrive?");
  alice.says("/history", "last 1 in #climbers");
  everybody_leaves();
  EXPECT_EQ(node().run_sql("SELECT COUNT(*) FROM IMGroupMessage_1"), "1");
}

TEST_F(chats, show_who_comes_to_a_group_and_who_goes) {
  auto &bob = at_chat("bob"), &carol = at_chat("carol"), &alice = at_chat("alice");
  alice.says("/group new climbers bob", "you made #climbers");
  bob.reads("alice added you to #climbers");
  bob.says("/group add #climbers carol", "you added carol to #climbers");
  carol.reads("bob added you to #climbers");
  alice.reads("bob added carol to #climbers");
  alice.says("/group rename the hikers", "you renamed #climbers to #the hikers");
  bob.reads("alice renamed #climbers to #the hikers");
  carol.says("/to #hik", "you are in no group called #hik");
  carol.says("/to #the hikers", "no messages in #the hikers yet");
  alice.says("/group owner carol", "carol is the owner of #the hikers now");
  carol.reads("you are the owner of #the hikers now");
  carol.says("/members", "3 members of #the hikers (#1)");
  carol.reads("you, owner");
  carol.says("/group remove bob", "you removed bob from #the hikers");
  bob.reads("carol removed you from #the hikers");
  bob.says("/to #1", "you are in no group called #1");
  carol.says("/group invite bob \"we miss you\"", "you invited bob to #the hikers");
  bob.reads("carol invites you to #the hikers (#1): we miss you");
  bob.says("/invitations", "carol invites you to #the hikers (#1): we miss you");
  bob.says("/accept", "you joined #the hikers");
  alice.reads("bob joined #the hikers");
  alice.says("/group leave", "you left #the hikers");
  bob.reads("alice left #the hikers");
  carol.says("/mute", "#the hikers is muted");
  carol.says("/members", "2 members of #the hikers (#1), muted");
  carol.says("/unmute", "notifies your phone again");
  carol.says("/group dissolve", "you dissolved #the hikers");
  bob.reads("carol dissolved #the hikers");
  bob.says("/groups", "no groups");
  carol.says("anybody?", "no chat is open");
  everybody_leaves();
}

TEST_F(chats, obey_a_script_line_by_line) {
  at_chat("bob").leaves();
  auto& alice = at_chat("alice");
  for (const char* line : {"/group new climbers bob", "one", "two", "/group rename hikers", "/to #hikers",
                           "/friend add bob hello", "/to bob", "/group leave #hikers"}) {
    alice.type(line);
  }
  EXPECT_EQ(alice.leaves(), 0);
  for (const char* line :
       {"you made #climbers (#1) with bob", "you: one ✓ 1", "you: two ✓ 2", "you renamed #climbers to #hikers",
        "last 2 in #hikers", "you asked bob to be your friend", "no messages with bob yet", "you left #hikers"}) {
    alice.reads(line);
  }
  auto& again = at_chat("alice");
  again.type("/to #hikers");
  EXPECT_EQ(again.leaves(), 0) << "what cannot be done is said, and nothing is left unsent";
  again.reads("you are in no group called #hikers");
  everybody_leaves();
}

TEST_F(chats, tell_groups_of_one_name_apart) {
  auto &bob = at_chat("bob"), &alice = at_chat("alice");
  alice.says("/group new climbers bob", "you made #climbers (#1)");
  alice.says("/group new climbers bob", "you made #climbers (#2)");
  alice.says("/to #climbers",
             "more than one is meant by #climbers, give the number instead: #climbers (#1) #climbers (#2)");
  alice.says("/to #1", "no messages in #climbers yet");
  alice.says("in the first", "✓ 1");
  bob.says("/to #2", "no messages in #climbers yet");
  bob.says("/to #1", "alice: in the first");
  everybody_leaves();
}

TEST_F(chats, of_friends_show_requests_and_who_is_there) {
  auto &bob = at_chat("bob"), &carol = at_chat("carol"), &alice = at_chat("alice");
  alice.says("/friend add bob from the wall", "you asked bob to be your friend");
  bob.reads("alice asks to be your friend: from the wall");
  bob.says("/friend accept alice", "alice is your friend now");
  alice.reads("bob is your friend now");
  alice.says("/friend remark bob \"climbs well\"", "bob: climbs well");
  alice.says("/friends", "● bob  climbs well");
  bob.says("/away", "you are away");
  alice.reads("bob is away");
  bob.says("/back", "you are back");
  alice.reads("bob is online");
  carol.says("/friend add bob", "you asked bob to be your friend");
  bob.says("/friend refuse carol", "you refused carol");
  carol.reads("bob does not want to be your friend");
  bob.says("/block carol", "carol is blocked");
  bob.says("/blocks", " carol");
  carol.says("/to bob", "no messages with bob yet");
  bob.says("/unblock carol", "carol is not blocked");
  carol.says("hello", "you: hello ✓ 1");
  bob.says("/friend remove alice", "alice and you are no longer friends");
  alice.reads("bob and you are no longer friends");
  alice.says("/friends", "no friends yet");
  everybody_leaves();
}

TEST_F(chats, sort_friends_into_groups) {
  auto &bob = at_chat("bob"), &carol = at_chat("carol"), &alice = at_chat("alice");
  for (const auto* name : {"bob", "carol"}) alice.says("/friend add " + std::string(name), "to be your friend");
  for (auto* each : {&bob, &carol}) {
    each->reads("alice asks to be your friend");
    each->says("/friend accept alice", "alice is your friend now");
  }
  alice.reads("carol is your friend now");
  alice.says("/friend groups", "no groups of friends");
  alice.says("/friend group", "usage: /friend group new NAME");
  alice.says("/friend group new \"at the wall\"", "you have a group of friends called at the wall");
  alice.says("/friend group new swimmers", "you have a group of friends called swimmers");
  alice.says("/friend group move bob at the wall", "bob is in at the wall");
  alice.says("/friend group move carol divers", "you have no group of friends called divers");
  alice.says("/friend group rename \"at the wall\" climbers", "at the wall is called climbers now");
  alice.says("/friend groups", "climbers  bob");
  alice.reads("swimmers");
  alice.says("/friends", "● carol");
  alice.reads("── climbers ──");
  alice.reads("● bob");
  alice.reads("── swimmers ──");
  alice.says("/friend group order swimmers", "your groups of friends: swimmers, climbers");
  alice.says("/friend group move bob", "bob is in no group of friends");
  alice.says("/friend group delete climbers", "climbers is gone");
  alice.says("/friend groups", "swimmers");
  EXPECT_EQ(alice.count_of("climbers  "), 1u) << "it is not listed any more";
  everybody_leaves();
}

TEST_F(chats, tell_what_came_while_one_was_away) {
  auto &carol = at_chat("carol"), &alice = at_chat("alice");
  at_chat("bob").leaves();
  alice.says("/group new climbers bob", "you made #climbers");
  alice.says("hello bob", "✓ 1");
  alice.says("/friend add bob it is me", "you asked bob");
  carol.says("/group new swimmers alice", "you made #swimmers");
  carol.says("/group invite bob \"water is warm\"", "you invited bob to #swimmers");
  auto& bob = at_chat("bob");
  bob.reads("alice asks to be your friend: it is me");
  bob.reads("carol invites you to #swimmers (#2): water is warm");
  bob.reads("unread: #climbers 1");
  bob.says("/decline #2", "you declined the invitation to #swimmers");
  bob.says("/to #climbers", "alice: hello bob");

  // Once told is enough, and of a group that one was put out of meanwhile one hears.
  node().kill9();
  node().run_sql(
      "UPDATE IMGroupMember SET status = 1 WHERE groupId = 1 AND userId = (SELECT id FROM IMUser WHERE name = 'bob')");
  node().run_sql("UPDATE IMGroup SET version = version + 1, userCnt = 1 WHERE id = 1");
  node().start();
  bob.reads("connected again");
  bob.reads("you are no longer in #climbers");
  bob.says("/unread", "nothing is unread");
  EXPECT_EQ(bob.count_of("asks to be your friend"), 1u);
  bob.says("to nobody", "no chat is open");
  everybody_leaves();
}

TEST_F(chats, say_what_cannot_be_done) {
  auto &bob = at_chat("bob"), &alice = at_chat("alice");
  alice.says("/grup", "there is no command /grup");
  alice.says("/group", "usage: /group new NAME MEMBER...");
  alice.says("/group add", "usage: /group add [#GROUP] MEMBER...");
  alice.says("/group add bob", "no group is open");
  alice.says("/group new climbers eve", "nobody here is called eve");
  alice.says("/group new climbers bob", "you made #climbers");
  bob.says("/group rename #climbers mine", "not renamed: only the group's owner may");
  bob.says("/group remove #climbers alice", "nobody removed: only the group's owner may");
  alice.says("/group add bob", "nobody added: ");
  alice.says("/accept #7", "no invitation to #7");
  alice.says("/friend accept bob", "not answered: ");
  alice.says("/friend add alice", "not asked: ");
  alice.says("/help", "── groups ──");
  alice.reads("── friends ──");
  at_chat("dave");
  alice.says("/group add dave", "you added dave to #climbers");
  everybody_leaves();
}

}  // namespace
}  // namespace parley::test

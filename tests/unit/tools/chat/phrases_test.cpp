#include "chat/phrases.hpp"

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

class phrases_test : public testing::Test {
 protected:
  phrases_test() {
    const char* const all[] = {"alice", "bob", "carol"};
    for (std::uint32_t i = 0; i < 3; ++i) {
      IM::BaseDefine::UserInfo info;
      info.set_user_id(i + 1);
      info.set_user_real_name(all[i]);
      names.add(info);
    }
    parley::group::MyGroup team;
    team.set_group_id(9);
    team.set_name("team");
    names.add(team);
  }

  std::string members(std::uint32_t actor, bool added, std::vector<std::uint32_t> changed) const {
    return say.members(actor, added, 9, changed);
  }

  directory names;
  std::uint32_t me = 1;
  phrases say{names, me};
};

TEST_F(phrases_test, name_people_and_oneself) {
  EXPECT_EQ(say.who(1), "you");
  EXPECT_EQ(say.who(2), "bob");
  EXPECT_EQ(say.who(77), "user 77");
  EXPECT_EQ(say.list(std::vector<std::uint32_t>{2}), "bob");
  EXPECT_EQ(say.list(std::vector<std::uint32_t>{2, 1}), "bob and you");
  EXPECT_EQ(say.list(std::vector<std::uint32_t>{2, 3, 1}), "bob, carol and you");
  EXPECT_EQ(say.list({}), "");
}

TEST_F(phrases_test, count_what_would_be_too_long) {
  std::vector<std::uint32_t> many(1000, 2);
  const auto line = say.list(many);
  EXPECT_TRUE(line.ends_with("bob and 988 more")) << line;
}

TEST_F(phrases_test, tell_who_came_and_went) {
  EXPECT_EQ(members(2, true, {3, 1}), "bob added carol and you to #team");
  EXPECT_EQ(members(1, true, {2}), "you added bob to #team");
  EXPECT_EQ(members(2, true, {2}), "bob joined #team");
  EXPECT_EQ(members(1, true, {1}), "you joined #team");
  EXPECT_EQ(members(2, true, {1, 2, 3}), "bob added you and carol to #team") << "who makes a group is in it";
  EXPECT_EQ(members(2, false, {2}), "bob left #team");
  EXPECT_EQ(members(2, false, {1}), "bob removed you from #team");
}

TEST_F(phrases_test, tell_what_becomes_of_a_group) {
  EXPECT_EQ(say.owner(9, 1), "you are the owner of #team now");
  EXPECT_EQ(say.owner(9, 3), "carol is the owner of #team now");
  EXPECT_EQ(say.renamed(2, "#old", 9), "bob renamed #old to #team");
  EXPECT_EQ(say.dissolved(2, 9), "bob dissolved #team");
  EXPECT_EQ(say.dissolved(2, 8), "bob dissolved #8");
}

TEST_F(phrases_test, are_printable_whatever_others_wrote) {
  parley::group::Invitation from;
  from.set_group_id(12);
  from.set_group_name("evil\x1b[2J");
  from.set_inviter_id(2);
  EXPECT_EQ(say.invitation(from), "bob invites you to #evil^[[2J (#12)");
  from.set_text(
      "come\x1b"
      "c");
  EXPECT_EQ(say.invitation(from), "bob invites you to #evil^[[2J (#12): come^[c");
}

TEST_F(phrases_test, tell_who_is_there) {
  EXPECT_EQ(say.status(2), "bob is offline");
  names.set_status(2, presence::online);
  EXPECT_EQ(say.status(2), "bob is online");
  names.set_status(2, presence::away);
  EXPECT_EQ(say.status(2), "bob is away");
  EXPECT_TRUE(names.online(2));
}

}  // namespace
}  // namespace parley::chat

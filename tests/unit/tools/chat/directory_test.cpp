#include "chat/directory.hpp"

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

IM::BaseDefine::UserInfo user(std::uint32_t id, const std::string& name, const std::string& nickname,
                              std::uint32_t status = 0) {
  IM::BaseDefine::UserInfo info;
  info.set_user_id(id);
  info.set_user_real_name(name);
  info.set_user_nick_name(nickname);
  info.set_status(status);
  return info;
}

class directory_test : public testing::Test {
 protected:
  directory_test() {
    people.add(user(1, "alice", "Ally"));
    people.add(user(2, "alan", "Al"));
    people.add(user(3, "bob", "bob"));
    people.add(user(4, "carol", "gone", 3));
    IM::BaseDefine::GroupInfo group;
    group.set_group_id(9);
    group.set_group_name("team");
    people.add(group);
  }
  directory people;
};

TEST_F(directory_test, finds_by_name_nickname_beginning_and_number) {
  EXPECT_EQ(people.find("alice").found, (std::vector<peer>{{false, 1}}));
  EXPECT_EQ(people.find("ALLY").found, (std::vector<peer>{{false, 1}}));
  EXPECT_EQ(people.find("b").found, (std::vector<peer>{{false, 3}}));
  EXPECT_EQ(people.find("2").found, (std::vector<peer>{{false, 2}}));
  EXPECT_EQ(people.find("#te").found, (std::vector<peer>{{true, 9}}));
  EXPECT_EQ(people.find("#9").found, (std::vector<peer>{{true, 9}}));
  EXPECT_TRUE(people.find("#12").found.empty());
}

TEST_F(directory_test, prefers_the_exact_name_and_tells_ambiguity) {
  EXPECT_EQ(people.find("al").found, (std::vector<peer>{{false, 2}}));
  EXPECT_EQ(people.find("ali").found, (std::vector<peer>{{false, 1}}));
  EXPECT_EQ(people.find("ala").found, (std::vector<peer>{{false, 2}}));
  EXPECT_EQ(people.find("a").found.size(), 2u);
}

TEST_F(directory_test, does_not_find_who_left_or_was_never_there) {
  EXPECT_TRUE(people.find("carol").found.empty());
  EXPECT_TRUE(people.find("").found.empty());
  EXPECT_TRUE(people.find("#").found.empty());
  EXPECT_TRUE(people.find("77").found.empty());
}

TEST_F(directory_test, reaches_every_group_by_its_number) {
  parley::group::MyGroup nine;
  nine.set_group_id(10);
  nine.set_name("9");
  nine.set_member_count(3);
  people.add(nine);
  EXPECT_EQ(people.find("#9").found, (std::vector<peer>{{true, 9}}));
  EXPECT_EQ(people.find("#10").found, (std::vector<peer>{{true, 10}}));
  EXPECT_EQ(people.name_and_id({true, 10}), "#9 (#10)");
  EXPECT_EQ(people.name_and_id({false, 3}), "bob (3)");
  EXPECT_EQ(people.group_at(10).member_count, 3u);
  EXPECT_EQ(people.group_at(11).name, "");
}

TEST_F(directory_test, tells_that_several_groups_have_a_name) {
  parley::group::MyGroup other;
  other.set_group_id(10);
  other.set_name("Team");
  people.add(other);
  EXPECT_EQ(people.find("#team").found, (std::vector<peer>{{true, 9}, {true, 10}}));
  people.leave(9);
  EXPECT_EQ(people.find("#team").found, (std::vector<peer>{{true, 10}}));
}

TEST_F(directory_test, keeps_the_name_of_a_group_that_one_left) {
  EXPECT_TRUE(people.is_in(9));
  people.leave(9);
  EXPECT_FALSE(people.is_in(9));
  EXPECT_FALSE(people.is_in(10));
  EXPECT_TRUE(people.groups().empty());
  EXPECT_TRUE(people.find("#team").found.empty());
  EXPECT_TRUE(people.find("#9").found.empty());
  EXPECT_EQ(people.name({true, 9}), "#team");
  people.rename(9, "crew");
  EXPECT_EQ(people.name({true, 9}), "#crew");
}

TEST_F(directory_test, tells_away_from_online_and_offline) {
  EXPECT_FALSE(people.online(1));
  people.set_status(1, presence::away);
  EXPECT_TRUE(people.online(1));
  EXPECT_EQ(people.status(1), presence::away);
  EXPECT_EQ(presence_of(IM::BaseDefine::USER_STATUS_LEAVE), presence::away);
  EXPECT_EQ(people.status(77), presence::offline);
}

TEST_F(directory_test, names_are_printable) {
  people.add(user(5, "evil\x1b[2J", ""));
  EXPECT_EQ(people.name({false, 5}), "evil^[[2J");
  EXPECT_EQ(people.name({false, 6}), "user 6");
  EXPECT_EQ(people.name({true, 9}), "#team");
  EXPECT_EQ(people.name({true, 8}), "#8");
}

}  // namespace
}  // namespace parley::chat

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
  EXPECT_EQ(people.find("#12").found, (std::vector<peer>{{true, 12}}));
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

TEST_F(directory_test, names_are_printable) {
  people.add(user(5, "evil\x1b[2J", ""));
  EXPECT_EQ(people.name({false, 5}), "evil^[[2J");
  EXPECT_EQ(people.name({false, 6}), "user 6");
  EXPECT_EQ(people.name({true, 9}), "#team");
  EXPECT_EQ(people.name({true, 8}), "#8");
}

}  // namespace
}  // namespace parley::chat

#include "group_fixture.hpp"

namespace group_test {
namespace {

using shield_test = group_fixture;

TEST_F(shield_test, mutes_and_unmutes_as_often_as_asked) {
  const auto id = make_group(anna, {2});
  for (int i = 0; i < 2; ++i) {
    const auto done = shield(ben, id, 1);
    EXPECT_EQ(done.result_code(), 0u);
    EXPECT_EQ(done.user_id(), 2u);
    EXPECT_EQ(done.group_id(), id);
  }
  EXPECT_EQ(sql("SELECT user_id FROM group_shield"), "2");
  EXPECT_EQ(info(ben, {{id, 0}}).at(0).shield_status(), 1u);
  EXPECT_EQ(info(anna, {{id, 0}}).at(0).shield_status(), 0u);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(shield(ben, id, 0).result_code(), 0u);
  EXPECT_EQ(sql("SELECT COUNT(*) FROM group_shield"), "0");
  EXPECT_EQ(version(id), "1");
  const auto told = events();
  ASSERT_EQ(told.size(), 4u);
  EXPECT_EQ(told[0].what(), static_cast<unsigned>(parley::events::GROUP_SHIELD));
  EXPECT_EQ(ids_of(told[0].changed_user_id()), (ids{2}));
}

TEST_F(shield_test, is_for_members_and_has_two_values) {
  const auto id = make_group(anna, {2});
  EXPECT_EQ(shield(carl_1, id, 1).refused_code(), 8u);
  EXPECT_EQ(shield(carl_1, 4711, 1).refused_code(), 8u);
  EXPECT_EQ(shield(anna, id, 2).result_code(), 1u);
  EXPECT_EQ(last, PARLEY_MALFORMED);
  EXPECT_EQ(sql("SELECT COUNT(*) FROM group_shield"), "0");
}

TEST_F(shield_test, goes_with_the_membership) {
  const auto id = make_group(anna, {2});
  shield(ben, id, 1);
  remove(ben, id, {2});
  EXPECT_EQ(sql("SELECT COUNT(*) FROM group_shield"), "0");
}

TEST_F(shield_test, of_old_data_does_not_mute_who_joins) {
  const auto id = make_group(anna, {2});
  const auto group = std::to_string(id);
  sql("INSERT INTO group_shield(group_id, user_id, updated) VALUES (" + group + ",3,1),(" + group + ",2,1),(" +
      std::to_string(id + 1) + ",3,1)");
  add(anna, id, {3});
  EXPECT_EQ(info(carl, {{id, 0}}).at(0).shield_status(), 0u);
  EXPECT_EQ(info(ben, {{id, 0}}).at(0).shield_status(), 1u) << "he was there before";
  EXPECT_EQ(sql("SELECT group_id - " + group + " FROM group_shield WHERE user_id = 3"), "1") << "another group's";
}

}  // namespace
}  // namespace group_test

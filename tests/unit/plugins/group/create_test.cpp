#include "group_fixture.hpp"

namespace group_test {
namespace {

using create_test = group_fixture;

TEST_F(create_test, makes_the_creator_a_member_and_drops_who_cannot_be_one) {
  const auto made = create_as(anna, wish({3, 2, 3, 0, 9, 4000000000}));
  EXPECT_EQ(last, PARLEY_OK);
  EXPECT_EQ(made.user_id(), 1u);
  EXPECT_EQ(made.result_code(), 0u);
  EXPECT_EQ(made.group_name(), "friends");
  EXPECT_EQ(ids_of(made.user_id_list()), (ids{1, 2, 3}));
  const auto id = made.group_id();
  EXPECT_EQ(
      sql("SELECT COUNT(*) FROM IMGroup WHERE type = 2 AND status = 0 AND version = 1 AND lastChated = 0 AND avatar = "
          "'a.png' AND updated = 1700000001 AND created = 1700000000"),
      "1");
  EXPECT_EQ(owner(id), "1");
  EXPECT_EQ(counted(id), "3");
  EXPECT_EQ(sql("SELECT COUNT(*) FROM group_join WHERE since_msg_id = 0 AND since_created = 0"), "3");
}

TEST_F(create_test, tells_the_others_after_the_commit_and_the_reply) {
  const int before = host.db().commits();
  create_as(anna, wish({2}));
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].command, cid::group_change_member_notify);
  EXPECT_EQ(pushes[0].users, (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(pushes[0].which.except, anna.session);
  EXPECT_EQ(pushes[0].replies_before, 1u);
  EXPECT_EQ(pushes[0].commits_before, before + 1);
  const auto notify = parsed<IMGroupChangeMemberNotify>(pushes[0].body);
  EXPECT_EQ(notify.user_id(), 1u);
  EXPECT_EQ(notify.change_type(), GROUP_MODIFY_TYPE_ADD);
  EXPECT_EQ(ids_of(notify.cur_user_id_list()), (ids{1, 2}));
  EXPECT_EQ(ids_of(notify.chg_user_id_list()), (ids{1, 2}));
  EXPECT_EQ(notify.version(), 1u);
  EXPECT_FALSE(notify.partial());
  const auto told = events();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].what(), static_cast<unsigned>(parley::events::GROUP_CREATED));
  EXPECT_EQ(told[0].changed_by(), 1u);
  EXPECT_EQ(ids_of(told[0].changed_user_id()), (ids{1, 2}));
}

TEST_F(create_test, drops_users_who_block_the_creator_without_a_word) {
  sql("INSERT INTO block(user_id, peer_id, created) VALUES (2, 1, 0), (1, 3, 0)");
  EXPECT_EQ(ids_of(create_as(anna, wish({2, 3})).user_id_list()), (ids{1, 3}));
}

TEST_F(create_test, takes_names_of_1_to_256_characters) {
  std::string longest;
  for (int i = 0; i < 256; ++i) longest += "\xe7\xbe\xa4";
  EXPECT_EQ(create_as(anna, wish({2}, longest)).group_name(), longest);
  EXPECT_EQ(sql("SELECT name FROM IMGroup"), longest);
  for (const std::string& name : {std::string(), longest + "x", std::string("a\0b", 3), std::string("\xff"),
                                  std::string("\xc0\x80"), std::string("\xed\xa0\x80"), std::string(1 << 20, 'x')}) {
    EXPECT_EQ(create_as(anna, wish({2}, name)).result_code(), 1u);
    EXPECT_EQ(last, PARLEY_MALFORMED);
    EXPECT_EQ(host.replies().at(0).body.size() < 1000, true);
  }
  auto request = wish({2});
  request.set_group_avatar(longest);
  EXPECT_EQ(create_as(anna, request).result_code(), 0u);
  request.set_group_avatar(longest + "x");
  EXPECT_EQ(create_as(anna, request).result_code(), 1u);
  EXPECT_EQ(sql("SELECT COUNT(*) FROM IMGroup"), "2");
}

TEST_F(create_test, leaves_normal_groups_to_calls) {
  auto request = wish({2, 3});
  request.set_group_type(GROUP_TYPE_NORMAL);
  const auto refused = create_as(anna_1, request);
  EXPECT_EQ(refused.result_code(), 1u);
  EXPECT_EQ(refused.refused_code(), 3u);
  const auto made = create_as(administrator, request);
  EXPECT_EQ(made.result_code(), 0u);
  EXPECT_EQ(ids_of(made.user_id_list()), (ids{2, 3}));
  EXPECT_EQ(owner(made.group_id()), "0");
  EXPECT_EQ(sql("SELECT type FROM IMGroup"), "1");
}

TEST_F(create_test, needs_a_member) {
  EXPECT_EQ(ids_of(create_as(anna, wish({})).user_id_list()), (ids{1}));
  EXPECT_EQ(create_as(administrator, wish({9, 77})).result_code(), 1u);
  EXPECT_EQ(create_as({9, 1}, wish({1, 2})).result_code(), 1u) << "who has left makes no group";
  EXPECT_EQ(sql("SELECT COUNT(*) FROM IMGroup"), "1");
}

TEST_F(create_test, a_failure_is_told_to_everybody_and_explained_to_level_1) {
  host.db().fail("INSERT INTO IMGroupMember", PARLEY_UNAVAILABLE);
  EXPECT_FALSE(create_as(anna, wish({2})).has_refused_code());
  EXPECT_EQ(last, PARLEY_UNAVAILABLE);
  host.db().fail("COMMIT", PARLEY_UNAVAILABLE);
  const auto refused = create_as(anna_1, wish({2}));
  EXPECT_EQ(refused.result_code(), 1u);
  EXPECT_EQ(refused.refused_code(), 7u);
  EXPECT_FALSE(refused.has_group_id());
  EXPECT_EQ(sql("SELECT COUNT(*) FROM IMGroup"), "0");
  EXPECT_TRUE(host.take_pushes().empty());
  EXPECT_TRUE(host.take_told().empty());
}

TEST_F(create_test, tries_again_after_a_deadlock) {
  host.db().fail("INSERT INTO IMGroupMember", PARLEY_RETRY, 3);
  EXPECT_EQ(create_as(anna, wish({2})).result_code(), 0u);
  EXPECT_EQ(sql("SELECT COUNT(*) FROM IMGroup"), "1");
  EXPECT_EQ(sql("SELECT COUNT(*) FROM IMGroupMember"), "2");
}

}  // namespace
}  // namespace group_test

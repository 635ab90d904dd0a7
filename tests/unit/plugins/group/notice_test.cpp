#include "group_fixture.hpp"

namespace group_test {
namespace {

class notice_test : public group_fixture {
 protected:
  notice_test() : group_fixture({{"full_notice", "3"}}) { add_users(10, 30); }
};

TEST_F(notice_test, up_to_full_notice_members_everybody_gets_both_lists_once) {
  const auto id = make_group(anna, {2});
  add(anna, id, {3});
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].users, (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_EQ(pushes[0].which.except, anna.session);
  EXPECT_EQ(pushes[0].which.min_level, 0u);
  const auto notify = parsed<IMGroupChangeMemberNotify>(pushes[0].body);
  EXPECT_EQ(notify.user_id(), 1u);
  EXPECT_EQ(ids_of(notify.cur_user_id_list()), (ids{1, 2, 3}));
  EXPECT_EQ(ids_of(notify.chg_user_id_list()), (ids{3}));
  EXPECT_EQ(notify.version(), 2u);
  EXPECT_FALSE(notify.has_partial());
}

TEST_F(notice_test, whoever_was_removed_hears_it_too) {
  const auto id = make_group(anna, {2, 3});
  remove(anna, id, {2});
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].users, (std::vector<std::uint64_t>{1, 2, 3}));
  const auto notify = parsed<IMGroupChangeMemberNotify>(pushes[0].body);
  EXPECT_EQ(notify.change_type(), GROUP_MODIFY_TYPE_DEL);
  EXPECT_EQ(ids_of(notify.cur_user_id_list()), (ids{1, 3}));
}

TEST_F(notice_test, above_it_lists_go_to_the_changed_and_level_1_hears_of_the_change) {
  const auto id = make_group(anna, {2, 10});
  add(anna, id, {3, 4});
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 2u);
  EXPECT_EQ(pushes[0].users, (std::vector<std::uint64_t>{3, 4}));
  EXPECT_EQ(pushes[0].which.flags, static_cast<std::uint32_t>(PARLEY_LEVEL_0));
  EXPECT_EQ(ids_of(parsed<IMGroupChangeMemberNotify>(pushes[0].body).cur_user_id_list()), (ids{1, 2, 3, 4, 10}));
  EXPECT_EQ(pushes[1].users, (std::vector<std::uint64_t>{1, 2, 3, 4, 10}));
  EXPECT_EQ(pushes[1].which.min_level, 1u);
  const auto partial = parsed<IMGroupChangeMemberNotify>(pushes[1].body);
  EXPECT_TRUE(partial.partial());
  EXPECT_TRUE(partial.cur_user_id_list().empty());
  EXPECT_EQ(ids_of(partial.chg_user_id_list()), (ids{3, 4}));
  EXPECT_EQ(partial.version(), 2u);
}

TEST_F(notice_test, a_long_list_of_changes_is_sent_to_nobody) {
  ids many;
  for (std::uint32_t i = 10; i <= 30; ++i) many.push_back(i);
  const auto made = create_as(anna, wish(many));
  ASSERT_EQ(made.user_id_list_size(), 22);
  for (const auto what : {GROUP_MODIFY_TYPE_ADD, GROUP_MODIFY_TYPE_DEL}) {
    const auto pushes = host.take_pushes();
    ASSERT_EQ(pushes.size(), 1u);
    EXPECT_EQ(pushes[0].which.min_level, 1u);
    EXPECT_EQ(pushes[0].users.size(), 22u);
    const auto partial = parsed<IMGroupChangeMemberNotify>(pushes[0].body);
    EXPECT_TRUE(partial.partial());
    EXPECT_EQ(partial.change_type(), what);
    EXPECT_TRUE(partial.chg_user_id_list().empty());
    if (what == GROUP_MODIFY_TYPE_ADD) remove(anna, made.group_id(), many);
  }
}

}  // namespace
}  // namespace group_test

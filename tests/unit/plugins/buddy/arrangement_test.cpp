#include "people.hpp"

namespace buddy_test {
namespace {

class arrangement : public people {
 protected:
  arrangement() {
    befriend(1, 2);
    befriend(1, 3);
  }
  std::uint32_t create(const std::string& name) {
    auto db = host.sql();
    return buddy::create_grouping(db, 1, name).grouping;
  }
  std::string names() {
    auto db = host.sql();
    std::string all;
    for (const auto& one : buddy::store::groupings(db, 1)) all += one.name() + ' ';
    return all;
  }
};

TEST_F(arrangement, a_remark_is_a_friends) {
  auto db = host.sql();
  EXPECT_EQ(buddy::remark(db, {1, 2}, "Benny", now).revision, 3u);
  EXPECT_FALSE(buddy::remark(db, {1, 2}, "Benny", now).changed);
  EXPECT_EQ(buddy::remark(db, {1, 4}, "Dora", now).is.code, status::no_target);
  EXPECT_EQ(buddy::store::find_friend(db, 1, 2)->remark(), "Benny");
  EXPECT_EQ(buddy::store::find_friend(db, 2, 1)->remark(), "") << "the other side has its own";
  part(1, 3);
  EXPECT_EQ(buddy::remark(db, {1, 3}, "Carl", now).is.code, status::no_target);
}

TEST_F(arrangement, remarks_compare_by_bytes) {
  auto db = host.sql();
  buddy::remark(db, {1, 2}, "ben", now);
  EXPECT_TRUE(buddy::remark(db, {1, 2}, "Ben", now).changed);
  EXPECT_TRUE(buddy::remark(db, {1, 2}, "Ben ", now).changed);
  EXPECT_EQ(buddy::store::find_friend(db, 1, 2)->remark(), "Ben ");
}

TEST_F(arrangement, friends_move_between_groupings) {
  const auto work = create("work");
  auto db = host.sql();
  EXPECT_TRUE(buddy::move(db, {1, 2}, work, now).changed);
  EXPECT_FALSE(buddy::move(db, {1, 2}, work, now).changed);
  EXPECT_EQ(buddy::move(db, {1, 2}, 77, now).is.code, status::no_target);
  EXPECT_EQ(buddy::move(db, {1, 4}, work, now).is.code, status::no_target);
  EXPECT_TRUE(buddy::move(db, {1, 3}, work, now).changed);
  EXPECT_TRUE(buddy::move(db, {1, 3}, 0, now).changed);
  EXPECT_EQ(buddy::move(db, {2, 1}, work, now).is.code, status::no_target) << "another user's grouping";
}

TEST_F(arrangement, a_deleted_grouping_lets_its_friends_go) {
  const auto work = create("work");
  auto db = host.sql();
  buddy::move(db, {1, 2}, work, now);
  const auto before = buddy::store::read_list(db, 1).revision;
  const auto done = buddy::delete_grouping(db, 1, work, now);
  EXPECT_TRUE(done.changed);
  EXPECT_EQ(done.revision, before + 1);
  EXPECT_TRUE(done.groupings.empty());
  EXPECT_FALSE(buddy::delete_grouping(db, 1, work, now).changed);
  const auto changed = buddy::store::friends_since(db, 1, before);
  ASSERT_EQ(changed.pages.size(), 1u);
  ASSERT_EQ(changed.pages[0].rows.size(), 1);
  EXPECT_EQ(changed.pages[0].rows[0].user_id(), 2u);
  EXPECT_EQ(changed.pages[0].rows[0].grouping_id(), 0u);
}

TEST_F(arrangement, groupings_have_names_of_their_own) {
  const auto work = create("work");
  EXPECT_EQ(create("work"), work);
  const auto other = create("Work");
  EXPECT_NE(other, work);
  auto db = host.sql();
  EXPECT_EQ(buddy::rename_grouping(db, 1, other, "work").is.code, status::not_allowed);
  EXPECT_EQ(buddy::rename_grouping(db, 1, 77, "x").is.code, status::no_target);
  EXPECT_TRUE(buddy::rename_grouping(db, 1, other, "play").changed);
  EXPECT_FALSE(buddy::rename_grouping(db, 1, other, "play").changed);
  EXPECT_EQ(names(), "work play ");
}

TEST_F(arrangement, groupings_stand_in_the_users_order) {
  const auto a = create("a"), b = create("b"), c = create("c");
  auto db = host.sql();
  const std::uint32_t order[] = {c, a, b};
  EXPECT_TRUE(buddy::order_groupings(db, 1, order).changed);
  EXPECT_FALSE(buddy::order_groupings(db, 1, order).changed);
  EXPECT_EQ(names(), "c a b ");
  create("d");
  EXPECT_EQ(names(), "c a b d ");
  const std::uint32_t short_of_one[] = {c, a, b}, doubled[] = {c, a, b, b}, strange[] = {c, a, b, 77};
  for (const auto& wrong : {std::span<const std::uint32_t>(short_of_one), {doubled}, {strange}}) {
    EXPECT_EQ(buddy::order_groupings(db, 1, wrong).is.code, status::malformed);
  }
  EXPECT_EQ(names(), "c a b d ");
}

TEST_F(arrangement, ids_of_groupings_are_not_given_twice) {
  const auto first = create("first");
  auto db = host.sql();
  buddy::delete_grouping(db, 1, first, now);
  EXPECT_NE(create("second"), first);
}

TEST_F(arrangement, groupings_are_bounded) {
  for (std::size_t i = 0; i < buddy::most_groupings; ++i) create("g" + std::to_string(i));
  auto db = host.sql();
  EXPECT_EQ(buddy::create_grouping(db, 1, "more").is.code, status::refused);
  EXPECT_TRUE(buddy::create_grouping(db, 1, "g0").is);
  EXPECT_TRUE(buddy::create_grouping(db, 2, "another's").is);
}

TEST_F(arrangement, every_change_is_one_revision) {
  auto db = host.sql();
  auto last = buddy::store::read_list(db, 1).revision;
  const auto next = [&](std::uint32_t revision) { EXPECT_EQ(revision, ++last); };
  next(buddy::create_grouping(db, 1, "work").revision);
  next(buddy::rename_grouping(db, 1, 1, "play").revision);
  next(buddy::move(db, {1, 2}, 1, now).revision);
  next(buddy::remark(db, {1, 2}, "B", now).revision);
  next(buddy::delete_grouping(db, 1, 1, now).revision);
  next(part(1, 2).revision);
  EXPECT_EQ(buddy::store::read_list(db, 1).revision, last);
}

}  // namespace
}  // namespace buddy_test

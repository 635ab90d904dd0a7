#include "group_fixture.hpp"

namespace group_test {
namespace {

constexpr std::uint32_t most = 10'000;

/// Ten thousand users, of whom anna is one.
class large_group_test : public group_fixture {
 protected:
  large_group_test() {
    add_users(10, most + 10);
    for (std::uint32_t i = 10; i < most + 9; ++i) others.push_back(i);
  }
  ids others;  // 9999
};

TEST_F(large_group_test, is_made_filled_and_emptied_with_few_statements) {
  const auto made = create_as(anna, wish(others));
  ASSERT_EQ(made.user_id_list_size(), static_cast<int>(most));
  EXPECT_TRUE(std::is_sorted(made.user_id_list().begin(), made.user_id_list().end()));
  const auto id = made.group_id();
  EXPECT_EQ(counted(id), "10000");
  EXPECT_EQ(sql("SELECT COUNT(*) FROM group_join"), "10000");
  EXPECT_LT(host.db().take_log().size(), 110u)
      << "20 each for who exists, who blocks, rows, invitations, and what was muted";

  EXPECT_EQ(remove(anna, id, others).cur_user_id_list_size(), 1);
  EXPECT_EQ(counted(id), "1");
  EXPECT_LT(host.db().take_log().size(), 70u);

  EXPECT_EQ(add(anna, id, others).chg_user_id_list_size(), static_cast<int>(most - 1));
  EXPECT_EQ(counted(id), "10000");
  EXPECT_EQ(sql("SELECT COUNT(*) FROM IMGroupMember"), "10000") << "every row taken up again";
  EXPECT_LT(host.db().take_log().size(), 140u);
  EXPECT_EQ(version(id), "3");
}

TEST_F(large_group_test, is_answered_in_one_pdu_and_takes_nobody_more) {
  const auto id = make_group(anna, others);
  const auto found = info(anna, {{id, 0}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(host.replies().size(), 1u);
  EXPECT_EQ(found[0].group_member_list_size(), static_cast<int>(most));
  EXPECT_EQ(add(anna_1, id, {2}).refused_code(), 4u);
  EXPECT_EQ(counted(id), "10000");
  EXPECT_EQ(ids_of(remove(anna, id, {10}).chg_user_id_list()), (ids{10}));
  EXPECT_EQ(host.replies().size(), 1u);
  EXPECT_EQ(add(anna, id, {2}).result_code(), 0u);
}

TEST_F(large_group_test, many_of_them_come_in_eight_replies_at_most) {
  const auto first = make_group(anna, others);
  sql("INSERT INTO IMGroup(name, status, version) SELECT 'copy', 0, 5 FROM IMUser WHERE id BETWEEN 10 AND 64");
  sql("INSERT INTO IMGroupMember(groupId, userId, status) SELECT g.id, m.userId + 300000000 * (m.userId > 1), 0 FROM "
      "IMGroup g, IMGroupMember m WHERE g.name = 'copy'");
  std::vector<std::pair<std::uint32_t, std::uint32_t>> known;
  for (std::uint32_t i = 0; i < 56; ++i) known.emplace_back(first + i, 0);
  const auto found = info(anna, known);
  EXPECT_EQ(host.replies().size(), 8u);
  EXPECT_GT(found.size(), 40u);
  EXPECT_LT(found.size(), 56u);
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].group_id(), first + i);
    EXPECT_EQ(found[i].group_member_list_size(), static_cast<int>(most));
  }
}

TEST_F(large_group_test, a_notice_of_it_does_not_grow_with_it) {
  const auto id = make_group(anna, others);
  remove(anna, id, {10});
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 2u);
  EXPECT_EQ(pushes[0].users, (std::vector<std::uint64_t>{10}));
  EXPECT_EQ(pushes[1].users.size(), std::size_t{most});
  EXPECT_LT(pushes[1].body.size(), 40u);
  EXPECT_EQ(events().at(0).changed_user_id_size(), 1);
}

/// As many as the configuration admits, with the longest ids.
class largest_group_test : public group_fixture {
 protected:
  largest_group_test() : group_fixture({{"max_members", std::to_string(most())}}) {
    constexpr std::uint32_t at_once = 10'000;
    for (std::uint32_t from = 0; from < largest - 1; from += at_once) {
      add_users(first + from, first + std::min(from + at_once, largest - 1) - 1);
    }
    for (std::uint32_t i = 0; i < largest - 1; ++i) others.push_back(first + i);
  }
  static constexpr std::uint32_t first = 2'000'000'000;
  static constexpr std::size_t one_pdu = (400 << 10) - 16;
  /// Needed before there are members.
  static std::uint32_t most() { return static_cast<std::uint32_t>(small_host::highest("max_members")); }
  const std::uint32_t largest = most();
  ids others;
};

TEST_F(largest_group_test, is_answered_in_one_pdu_whatever_is_done) {
  const auto id = make_group(anna, {});
  const auto added = add(anna, id, others);
  EXPECT_EQ(added.cur_user_id_list_size(), static_cast<int>(largest));
  EXPECT_EQ(added.chg_user_id_list_size(), static_cast<int>(largest - 1));
  EXPECT_LE(host.replies().at(0).body.size(), one_pdu);
  EXPECT_EQ(remove(anna, id, {first}).cur_user_id_list_size(), static_cast<int>(largest - 1));
  EXPECT_LE(host.replies().at(0).body.size(), one_pdu);

  // One that is larger, from when that was allowed.
  sql("INSERT INTO IMGroupMember(groupId, userId, status, updated) SELECT groupId, userId + 1000000000, 0, 1 FROM "
      "IMGroupMember WHERE status = 0");
  sql("INSERT INTO IMGroupMember(groupId, userId, status, updated) SELECT groupId, userId + 1100000000, 0, 1 FROM "
      "IMGroupMember WHERE status = 0 AND userId < 3000000000");
  forget();
  const auto removed = remove(anna, id, {first + 1});
  EXPECT_EQ(ids_of(removed.chg_user_id_list()), (ids{first + 1}));
  EXPECT_LE(host.replies().at(0).body.size(), one_pdu);
  for (const auto& one : host.take_pushes()) EXPECT_LE(one.body.size(), one_pdu);
}

}  // namespace
}  // namespace group_test

#include "group_fixture.hpp"
#include "support/mariadb.hpp"

namespace group_test {
namespace {

class list_test : public group_fixture {
 protected:
  std::vector<GroupVersionInfo> normal(const user& who) {
    IMNormalGroupListReq request;
    request.set_user_id(77);
    EXPECT_EQ(host.serve(who, cid::group_normal_list_request, request), PARLEY_OK);
    const auto list = host.answer<IMNormalGroupListRsp>().group_version_list();
    return {list.begin(), list.end()};
  }
  parley::group::MyGroupsRsp mine(const user& who, std::uint32_t after = 0) {
    parley::group::MyGroupsReq request;
    request.set_after_group_id(after);
    EXPECT_EQ(host.serve(who, cid::group_mine_request, request), PARLEY_OK);
    return host.answer<parley::group::MyGroupsRsp>();
  }
};

TEST_F(list_test, normal_groups_are_listed_with_their_versions) {
  make_group(anna, {2});
  const auto one = make_normal_group(1, {2});
  const auto other = make_normal_group(3, {2});
  add(anna, one, {4});
  EXPECT_TRUE(normal(dora).size() == 1);
  const auto list = normal(ben);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].group_id(), one);
  EXPECT_EQ(list[0].version(), 2u);
  EXPECT_EQ(list[1].group_id(), other);
  EXPECT_TRUE(normal({5, 1}).empty());
  EXPECT_EQ(host.replies().size(), 1u) << "nothing is an answer";
  remove(administrator, other, {2});
  EXPECT_EQ(normal(ben).size(), 1u);
}

TEST_F(list_test, info_is_given_when_the_version_is_higher) {
  const auto id = make_group(anna, {2});
  add(anna, id, {3});
  EXPECT_EQ(info(anna, {{id, 2}}).size(), 0u);
  EXPECT_EQ(info(anna, {{id, 9}}).size(), 0u);
  EXPECT_EQ(host.replies().size(), 1u);
  EXPECT_EQ(info(anna, {{id, 2}, {id, 1}, {id, 2}}).size(), 1u);
  const auto found = info(ben, {{id, 0}, {4711, 0}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].group_id(), id);
  EXPECT_EQ(found[0].version(), 2u);
  EXPECT_EQ(found[0].group_name(), "friends");
  EXPECT_EQ(found[0].group_avatar(), "a.png");
  EXPECT_EQ(found[0].group_creator_id(), 1u);
  EXPECT_EQ(found[0].group_type(), GROUP_TYPE_TMP);
  EXPECT_EQ(found[0].shield_status(), 0u);
  EXPECT_EQ(ids_of(found[0].group_member_list()), (ids{1, 2, 3}));
}

TEST_F(list_test, nobody_sees_groups_of_others_or_such_as_are_gone) {
  const auto id = make_group(anna, {2, 3});
  EXPECT_TRUE(info(dora, {{id, 0}}).empty());
  remove(anna, id, {3});
  EXPECT_TRUE(info(carl, {{id, 0}}).empty());
  EXPECT_EQ(mine(carl_1).group_size(), 0);
  sql("UPDATE IMGroup SET status = 1");
  EXPECT_TRUE(info(anna, {{id, 0}}).empty());
  EXPECT_EQ(mine(anna_1).group_size(), 0);
}

TEST_F(list_test, at_most_a_thousand_groups_are_asked_for_at_once) {
  const auto first = make_group(anna, {}), second = make_group(anna, {});
  std::vector<std::pair<std::uint32_t, std::uint32_t>> known(999, {4711, 0});
  known.emplace_back(second, 0);
  EXPECT_EQ(info(anna_1, known).size(), 1u);
  EXPECT_EQ(last, PARLEY_OK);
  known.emplace_back(first, 0);
  info(anna_1, known);
  EXPECT_EQ(last, PARLEY_TOO_LARGE);
  EXPECT_TRUE(host.replies().empty());
  const auto cut = info(anna, known);
  EXPECT_EQ(last, PARLEY_OK) << "TeamTalk's clients would hear nothing";
  ASSERT_EQ(cut.size(), 1u);
  EXPECT_EQ(cut[0].group_id(), second);
}

TEST_F(list_test, many_groups_cost_few_statements) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> known;
  for (std::uint32_t i = 0; i < 130; ++i) known.emplace_back(make_group(anna, {2}), 0);
  forget();
  EXPECT_EQ(info(ben, known).size(), 130u);
  EXPECT_EQ(host.db().take_log().size(), 4u);
}

TEST_F(list_test, all_groups_of_a_user_are_listed_in_order_and_behind_an_id) {
  const auto temporary = make_group(anna, {2});
  host.now_ms += 1000;
  const auto normal_one = make_normal_group(3, {2});
  const auto list = mine(ben_1);
  ASSERT_EQ(list.group_size(), 2);
  EXPECT_EQ(list.group(0).group_id(), temporary);
  EXPECT_EQ(list.group(0).name(), "friends");
  EXPECT_EQ(list.group(0).avatar(), "a.png");
  EXPECT_EQ(list.group(0).group_type(), 2u);
  EXPECT_EQ(list.group(0).owner_id(), 1u);
  EXPECT_EQ(list.group(0).version(), 1u);
  EXPECT_EQ(list.group(0).member_count(), 2u);
  EXPECT_EQ(list.group(1).group_id(), normal_one);
  EXPECT_EQ(list.group(1).group_type(), 1u);
  EXPECT_EQ(list.group(1).updated(), 1'700'000'002u);
  EXPECT_TRUE(list.last());
  EXPECT_FALSE(list.more());
  EXPECT_EQ(mine(ben_1, temporary).group_size(), 1);
  EXPECT_EQ(mine(ben_1, normal_one).group_size(), 0);
}

TEST_F(list_test, long_lists_come_in_replies_of_380_kib_and_can_be_gone_on_with) {
  const std::string name(256, 'n'), avatar(256, 'a');
  std::string groups, members;
  for (int i = 1; i <= 6500; ++i) {
    const auto id = std::to_string(i);
    groups += (i > 1 ? ",(" : "(") + id + ",'" + name + "','" + avatar + "',0)";
    members += (i > 1 ? ",(" : "(") + id + ",2,0)";
  }
  sql("INSERT INTO IMGroup(id, name, avatar, status) VALUES " + groups);
  sql("INSERT INTO IMGroupMember(groupId, userId, status) VALUES " + members);
  std::uint32_t seen = 0;
  for (bool more = true; more;) {
    more = false;
    parley::group::MyGroupsReq request;
    request.set_after_group_id(seen);
    host.serve(ben_1, cid::group_mine_request, request);
    EXPECT_LE(host.replies().size(), 8u);
    for (std::size_t i = 0; i < host.replies().size(); ++i) {
      EXPECT_LT(host.replies()[i].body.size(), 390u << 10);
      const auto part = parsed<parley::group::MyGroupsRsp>(host.replies()[i].body);
      EXPECT_EQ(part.last(), i + 1 == host.replies().size());
      more |= part.more();
      for (const auto& one : part.group()) EXPECT_EQ(one.group_id(), ++seen);
    }
  }
  EXPECT_EQ(seen, 6500u);
}

TEST_F(list_test, every_statement_is_served_by_an_index) {
  if (parley::test::on_mariadb()) GTEST_SKIP() << "the plan of SQLite, which has no statistics to go by";
  const auto id = make_group(anna, {2, 3});
  add(anna, id, {4});
  info(anna, {{id, 0}});
  mine(anna_1);
  normal(anna);
  shield(anna, id, 1);
  parley::group::InviteReq invite;
  invite.set_group_id(id);
  invite.add_user_id(4);
  remove(anna, id, {4});
  host.serve(anna_1, cid::group_invite_request, invite);
  host.serve(dora_1, cid::group_invitations_request, parley::group::InvitationsReq());
  remove(anna, id, {1});
  int looked_at = 0;
  for (auto one : host.db().take_log()) {
    if (one.find("INSERT") == 0) continue;
    if (const auto at = one.find("{for_update}"); at != one.npos) one.erase(at);
    if (const auto at = one.find("{greatest}"); at != one.npos) one.replace(at, 10, "MAX");
    const auto steps = host.db().plan(one);
    // A scan without an index; that of a list of ids in a subquery is none.
    EXPECT_EQ(steps.find("SCAN IM"), steps.npos) << one << "\n" << steps;
    EXPECT_EQ(steps.find("SCAN g"), steps.npos) << one << "\n" << steps;
    EXPECT_EQ(steps.find("SCAN m"), steps.npos) << one << "\n" << steps;
    EXPECT_EQ(steps.find("SCAN i"), steps.npos) << one << "\n" << steps;
    EXPECT_EQ(steps.find("SCAN u"), steps.npos) << one << "\n" << steps;
    EXPECT_EQ(steps.find("SCAN b"), steps.npos) << one << "\n" << steps;
    ++looked_at;
  }
  EXPECT_GT(looked_at, 25);
}

}  // namespace
}  // namespace group_test

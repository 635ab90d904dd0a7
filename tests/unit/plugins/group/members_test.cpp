#include "group_fixture.hpp"

namespace group_test {
namespace {

using members_test = group_fixture;

TEST_F(members_test, any_member_adds_to_a_temporary_group) {
  const auto id = make_group(anna, {2});
  const auto added = add(ben, id, {3, 2, 3, 0, 9, 500});
  EXPECT_EQ(added.result_code(), 0u);
  EXPECT_EQ(added.user_id(), 2u);
  EXPECT_EQ(added.change_type(), GROUP_MODIFY_TYPE_ADD);
  EXPECT_EQ(ids_of(added.cur_user_id_list()), (ids{1, 2, 3}));
  EXPECT_EQ(ids_of(added.chg_user_id_list()), (ids{3}));
  EXPECT_EQ(version(id), "2");
  EXPECT_EQ(counted(id), "3");
}

TEST_F(members_test, only_the_owner_and_administrators_add_to_a_normal_group) {
  const auto id = make_normal_group(1, {2});
  EXPECT_EQ(add(ben_1, id, {3}).refused_code(), 3u);
  EXPECT_EQ(version(id), "1");
  EXPECT_EQ(add(anna, id, {3}).result_code(), 0u);
  EXPECT_EQ(add(administrator, id, {4}).result_code(), 0u);
  EXPECT_EQ(counted(id), "4");
  EXPECT_EQ(version(id), "3");
}

TEST_F(members_test, adding_whom_nobody_can_add_changes_nothing) {
  const auto id = make_group(anna, {2});
  sql("INSERT INTO block(user_id, peer_id, created) VALUES (3, 1, 0)");
  for (const ids& users : {ids{}, ids{2}, ids{0}, ids{9, 500}, ids{3}}) {
    const auto refused = add(anna, id, users);
    EXPECT_EQ(refused.result_code(), 1u);
    EXPECT_TRUE(refused.cur_user_id_list().empty());
  }
  EXPECT_EQ(version(id), "1");
  EXPECT_TRUE(host.take_pushes().empty());
  EXPECT_EQ(add(ben, id, {3}).result_code(), 0u) << "carl does not block ben";
}

TEST_F(members_test, a_stranger_hears_of_a_group_what_he_hears_of_none) {
  const auto id = make_group(anna, {2});
  for (const auto what : {GROUP_MODIFY_TYPE_ADD, GROUP_MODIFY_TYPE_DEL}) {
    auto real = change(carl_1, what, id, {3});
    auto none = change(carl_1, what, 4711, {3});
    EXPECT_EQ(real.group_id(), id);
    EXPECT_EQ(real.result_code(), 1u);
    EXPECT_EQ(real.refused_code(), 8u);
    real.set_group_id(0);
    none.set_group_id(0);
    EXPECT_EQ(real.SerializeAsString(), none.SerializeAsString());
  }
  EXPECT_EQ(counted(id), "2");
}

TEST_F(members_test, the_owner_removes_anybody_and_others_only_themselves) {
  const auto id = make_group(anna, {2, 3, 4});
  EXPECT_EQ(remove(ben_1, id, {3}).refused_code(), 3u);
  EXPECT_EQ(remove(ben_1, id, {2, 3}).refused_code(), 3u);
  EXPECT_EQ(ids_of(remove(ben, id, {2}).cur_user_id_list()), (ids{1, 3, 4}));
  const auto removed = remove(anna, id, {3, 2, 77});
  EXPECT_EQ(ids_of(removed.chg_user_id_list()), (ids{3})) << "who is no member is not listed";
  EXPECT_EQ(ids_of(removed.cur_user_id_list()), (ids{1, 4}));
  EXPECT_EQ(remove(anna, id, {3}).result_code(), 1u);
  EXPECT_EQ(version(id), "3");
  EXPECT_EQ(counted(id), "2");
}

TEST_F(members_test, a_member_of_a_normal_group_may_leave) {
  const auto id = make_normal_group(1, {2});
  EXPECT_EQ(remove(ben, id, {2}).result_code(), 0u);
  EXPECT_EQ(counted(id), "1");
}

TEST_F(members_test, who_comes_back_has_the_same_row) {
  const auto id = make_group(anna, {2});
  remove(anna, id, {2});
  host.now_ms += 5000;
  add(anna, id, {2});
  EXPECT_EQ(sql("SELECT COUNT(*) FROM IMGroupMember WHERE userId = 2"), "1");
  EXPECT_EQ(sql("SELECT updated - created FROM IMGroupMember WHERE userId = 2"), "5");
  EXPECT_EQ(counted(id), "2");
}

TEST_F(members_test, of_doubled_rows_of_old_data_one_is_revived_and_all_are_ended) {
  const auto id = make_group(anna, {2});
  const auto group = std::to_string(id);
  sql("INSERT INTO IMGroupMember(groupId, userId, status) VALUES (" + group + ",3,1),(" + group + ",3,1)");
  EXPECT_EQ(add(anna, id, {3}).result_code(), 0u);
  EXPECT_EQ(counted(id), "3");
  sql("UPDATE IMGroupMember SET status = 0");
  EXPECT_EQ(ids_of(info(anna, {{id, 0}}).at(0).group_member_list()), (ids{1, 2, 3}));
  EXPECT_EQ(ids_of(remove(anna, id, {3}).cur_user_id_list()), (ids{1, 2}));
  EXPECT_EQ(counted(id), "2");
}

TEST_F(members_test, new_members_see_what_is_said_from_then_on_whatever_clocks_say) {
  add_users(10, 20);
  // Groups in three shards, so that none is asked for another's messages.
  for (const std::uint32_t id : {make_group(anna, {2}), make_group(anna, {2}), make_group(anna, {2})}) {
    const auto group = std::to_string(id);
    const auto since = [&](std::uint32_t user) {
      return sql("SELECT since_msg_id FROM group_join WHERE user_id = " + std::to_string(user) +
                 " AND since_created = 0 AND group_id = " + group);
    };
    add(anna, id, {3});
    EXPECT_EQ(since(3), "0");
    // TeamTalk's: one that its clock dates ahead, one without a number, one of another group in the same table.
    sql("INSERT INTO IMGroupMessage_" + std::to_string(id % 8) + "(groupId, userId, msgId, content, created) VALUES (" +
        group + ",1," + std::to_string(20 + id) + ",'x',1900000000),(" + group + ",1,4,'x',5),(" + group +
        ",1,4294967295,'x',6),(" + std::to_string(id + 8) + ",1,77,'x',7)");
    add(anna, id, {4});
    EXPECT_EQ(since(4), std::to_string(20 + id));
    sql("INSERT INTO conversation(kind, a, b, relate_id, last_msg_id) VALUES (2, 0, " + group + ", 1, 41)");
    add(anna, id, {10});
    EXPECT_EQ(since(10), "41");
  }
}

TEST_F(members_test, every_change_is_told_from_what_teamtalk_wrote) {
  // Equal in each of its rows; here all is done in one second, and then by a clock that was set back.
  const auto touched = [&](std::uint32_t id) {
    return sql("SELECT updated > created FROM IMGroup WHERE id = " + std::to_string(id));
  };
  const auto id = make_group(anna, {2});
  EXPECT_EQ(touched(id), "1") << "TeamTalk never had it";
  const auto as_teamtalks = [&] { sql("UPDATE IMGroup SET created = 1700000000, updated = 1700000000"); };
  for (const std::uint64_t now : {1'700'000'000, 1'600'000'000, 1'700'000'009}) {
    host.now_ms = now * 1000;
    as_teamtalks();
    EXPECT_EQ(add(anna, id, {3}).result_code(), 0u);
    EXPECT_EQ(touched(id), "1");
    as_teamtalks();
    EXPECT_EQ(remove(anna, id, {3}).result_code(), 0u);
    EXPECT_EQ(touched(id), "1");
  }
  as_teamtalks();
  remove(anna, id, {1, 2});
  EXPECT_EQ(touched(id), "1");
}

TEST_F(members_test, when_the_owner_leaves_the_longest_standing_member_owns) {
  const auto id = make_group(anna, {2});
  host.now_ms += 1000;
  add(anna, id, {4});
  host.now_ms += 1000;
  remove(anna, id, {2});
  add(anna, id, {2, 3});
  forget();
  EXPECT_EQ(remove(anna, id, {1}).result_code(), 0u);
  EXPECT_EQ(owner(id), "4");
  EXPECT_EQ(version(id), "5") << "one change, one version";
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 2u);
  EXPECT_EQ(pushes[1].command, cid::group_owner_notify);
  EXPECT_EQ(pushes[1].which.min_level, 1u);
  EXPECT_EQ(pushes[1].users, (std::vector<std::uint64_t>{2, 3, 4}));
  EXPECT_EQ(parsed<parley::group::OwnerNotify>(pushes[1].body).owner_id(), 4u);
  const auto told = events();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].what(), static_cast<unsigned>(parley::events::GROUP_MEMBERS_REMOVED));
  EXPECT_EQ(ids_of(told[0].changed_user_id()), (ids{1}));
  EXPECT_EQ(told[1].what(), static_cast<unsigned>(parley::events::GROUP_PROFILE));
  EXPECT_TRUE(told[1].changed_user_id().empty()) << "nobody else came or went";
  EXPECT_EQ(remove(dora, id, {3}).result_code(), 0u);
}

TEST_F(members_test, nobody_who_has_left_comes_to_own_a_group) {
  const auto id = make_group(anna, {2, 3});
  host.now_ms += 1000;
  add(anna, id, {4});
  const auto group = std::to_string(id);
  // Old data: nobody, and one who never was a user, both members for longest.
  sql("INSERT INTO IMGroupMember(groupId, userId, status, updated) VALUES (" + group + ",0,0,1),(" + group +
      ",500,0,2)");
  sql("UPDATE IMUser SET status = 3 WHERE id IN (2, 3)");
  EXPECT_EQ(remove(anna, id, {1}).result_code(), 0u);
  EXPECT_EQ(owner(id), "4");
  forget();
  EXPECT_EQ(remove(dora, id, {4}).result_code(), 0u);
  EXPECT_EQ(owner(id), "0") << "only who has left is left";
  EXPECT_EQ(sql("SELECT status FROM IMGroup"), "0");
  EXPECT_EQ(parsed<parley::group::OwnerNotify>(host.take_pushes().at(1).body).owner_id(), 0u);
  EXPECT_EQ(add(administrator, id, {1}).result_code(), 0u);
  parley::group::HandOverReq over;
  over.set_group_id(id);
  over.set_user_id(2);
  EXPECT_EQ(host.serve(administrator, cid::group_hand_over_request, over), PARLEY_NO_TARGET);
  over.set_user_id(1);
  EXPECT_EQ(host.serve(administrator, cid::group_hand_over_request, over), PARLEY_OK);
  EXPECT_EQ(owner(id), "1");
}

TEST_F(members_test, the_last_one_to_leave_dissolves_the_group) {
  const auto id = make_group(anna, {2});
  remove(ben, id, {2});
  forget();
  const auto left = remove(anna, id, {1});
  EXPECT_EQ(left.result_code(), 0u);
  EXPECT_TRUE(left.cur_user_id_list().empty());
  EXPECT_EQ(sql("SELECT status FROM IMGroup"), "1");
  EXPECT_EQ(version(id), "3");
  EXPECT_EQ(counted(id), "0");
  EXPECT_EQ(events().at(0).what(), static_cast<unsigned>(parley::events::GROUP_DISSOLVED));
  EXPECT_EQ(add(anna, id, {1}).result_code(), 1u);
  EXPECT_EQ(add(administrator, id, {1}).result_code(), 1u);
}

TEST_F(members_test, leaving_by_the_extension_is_the_same) {
  const auto id = make_group(anna, {2});
  parley::group::LeaveReq request;
  request.set_group_id(id);
  EXPECT_EQ(host.serve(carl_1, cid::group_leave_request, request), PARLEY_NO_TARGET);
  EXPECT_EQ(host.explanation(), "no such group");
  EXPECT_EQ(host.serve(administrator, cid::group_leave_request, request), PARLEY_NO_TARGET);
  EXPECT_EQ(host.serve(anna_1, cid::group_leave_request, request), PARLEY_OK);
  EXPECT_EQ(host.answer<parley::group::LeaveRsp>().group_id(), id);
  EXPECT_EQ(owner(id), "2");
  EXPECT_EQ(host.serve(anna_1, cid::group_leave_request, request), PARLEY_NO_TARGET);
}

TEST_F(members_test, a_change_begins_with_the_lock_and_is_one_transaction) {
  const auto id = make_group(anna, {2});
  const int before = host.db().commits();
  add(anna, id, {3, 4});
  EXPECT_EQ(host.db().commits(), before + 1);
  const auto log = host.db().take_log();
  const auto lock =
      std::find_if(log.begin(), log.end(), [](const auto& s) { return s.find("{for_update}") != s.npos; });
  ASSERT_NE(lock, log.end());
  EXPECT_NE(lock->find("FROM IMGroup WHERE id = ?"), lock->npos);
  const auto touches_members = [](const auto& s) { return s.find("IMGroupMember") != s.npos; };
  EXPECT_EQ(std::find_if(log.begin(), lock, touches_members), lock);
  EXPECT_NE(std::find_if(lock, log.end(), touches_members), log.end());
}

TEST_F(members_test, a_failed_change_leaves_everything_as_it_was) {
  const auto id = make_group(anna, {2});
  for (const char* at : {"{for_update}", "INSERT INTO group_join", "UPDATE IMGroup SET", "COMMIT"}) {
    host.db().fail(at, PARLEY_UNAVAILABLE);
    EXPECT_EQ(add(anna_1, id, {3}).refused_code(), 7u) << at;
    EXPECT_EQ(last, PARLEY_UNAVAILABLE);
  }
  EXPECT_EQ(counted(id), "2");
  EXPECT_EQ(version(id), "1");
  EXPECT_EQ(sql("SELECT COUNT(*) FROM group_join"), "2");
  EXPECT_TRUE(host.take_pushes().empty());
}

}  // namespace
}  // namespace group_test

// Calls from inside the node, what each level hears, and a reload between two changes.
#include <gtest/gtest.h>

#include <parley/commands.hpp>
#include <parley/testing.hpp>

#include "IM.Group.pb.h"
#include "Parley.Group.pb.h"
#include "events/group.pb.h"
#include "support/database.hpp"

namespace group_test {
namespace {

namespace cid = parley::cid;
using namespace IM::Group;
using namespace IM::BaseDefine;
using ids = std::vector<std::uint32_t>;

parley::testing::options with_group() {
  parley::testing::options o;
  o.plugins = {{"login", "", {{"password_cost", "low"}}}, {"message", ""}, {"group", PARLEY_PLUGIN_FILE}};
  return o;
}

class group_in_a_host : public testing::Test {
 protected:
  group_in_a_host() : host(with_group()) {
    parley::test::database(host.database())
        .run(
            "INSERT INTO IMUser(id, name, departId, created, updated) VALUES "
            "(1,'a',0,0,0),(2,'b',0,0,0),(3,'c',0,0,0)");
  }
  static IMGroupCreateReq wish(GroupType type, const ids& members) {
    IMGroupCreateReq request;
    request.set_user_id(0);
    request.set_group_type(type);
    request.set_group_name("staff");
    request.set_group_avatar("");
    request.mutable_member_id_list()->Add(members.begin(), members.end());
    return request;
  }
  static IMGroupChangeMemberReq change(GroupModifyType what, std::uint32_t group, const ids& users) {
    IMGroupChangeMemberReq request;
    request.set_user_id(0);
    request.set_change_type(what);
    request.set_group_id(group);
    request.mutable_member_id_list()->Add(users.begin(), users.end());
    return request;
  }
  std::uint32_t made_by_administrator() {
    const auto made = host.call(cid::group_create_request, wish(GROUP_TYPE_NORMAL, {1, 2}));
    EXPECT_EQ(made.code, parley::status::ok);
    const auto reply = made.reply.as<IMGroupCreateRsp>();
    EXPECT_EQ(reply.result_code(), 0u);
    return reply.group_id();
  }
  parley::testing::core host;
};

TEST_F(group_in_a_host, a_call_makes_normal_groups_and_changes_them_as_an_administrator) {
  auto ada = host.connect_as(1, 1, 0);
  auto cleo = host.connect_as(3, 1, 0);
  const auto group = made_by_administrator();
  const auto told = ada.expect<IMGroupChangeMemberNotify>(cid::group_change_member_notify);
  EXPECT_EQ(told.user_id(), 0u);
  EXPECT_EQ(told.group_id(), group);
  const auto added = host.call(cid::group_change_member_request, change(GROUP_MODIFY_TYPE_ADD, group, {3}));
  EXPECT_EQ(added.reply.as<IMGroupChangeMemberRsp>().chg_user_id_list_size(), 1);
  ada.expect<IMGroupChangeMemberNotify>(cid::group_change_member_notify);
  cleo.expect<IMGroupChangeMemberNotify>(cid::group_change_member_notify);
  const auto none = host.call(cid::group_change_member_request, change(GROUP_MODIFY_TYPE_ADD, group, {3}));
  EXPECT_EQ(none.code, parley::status::ok) << "a reply is a reply";
  EXPECT_EQ(none.reply.as<IMGroupChangeMemberRsp>().result_code(), 1u);
  const auto as_a_member = host.call(cid::group_change_member_request, change(GROUP_MODIFY_TYPE_DEL, group, {3}), 2);
  EXPECT_EQ(as_a_member.reply.as<IMGroupChangeMemberRsp>().result_code(), 1u) << "user 2 is no administrator";
}

TEST_F(group_in_a_host, level_0_never_sees_an_extension) {
  auto ada = host.connect_as(1, 1, 1);
  auto ben = host.connect_as(2, 1, 0);
  const auto made =
      ada.ask<IMGroupCreateRsp>(cid::group_create_request, wish(GROUP_TYPE_TMP, {2}), cid::group_create_response);
  ben.expect<IMGroupChangeMemberNotify>(cid::group_change_member_notify);
  parley::group::ChangeProfileReq rename;
  rename.set_group_id(made.group_id());
  rename.set_name("new");
  ada.ask<parley::group::ChangeProfileRsp>(cid::group_change_profile_request, rename,
                                           cid::group_change_profile_response);
  parley::group::HandOverReq over;
  over.set_group_id(made.group_id());
  over.set_user_id(2);
  ada.ask<parley::group::HandOverRsp>(cid::group_hand_over_request, over, cid::group_hand_over_response);
  ben.expect_nothing();
  const auto refused = ben.ask<IMGroupChangeMemberRsp>(
      cid::group_change_member_request, change(GROUP_MODIFY_TYPE_ADD, 4711, {3}), cid::group_change_member_response);
  EXPECT_EQ(refused.result_code(), 1u);
  EXPECT_FALSE(refused.has_refused_code());
  parley::group::LeaveReq leave;
  ben.send(cid::group_leave_request, leave);
  ben.expect_nothing();
}

TEST_F(group_in_a_host, a_long_list_is_answered_and_the_session_goes_on) {
  auto ada = host.connect_as(1, 1, 1);
  const auto group = made_by_administrator();
  ada.expect<IMGroupChangeMemberNotify>(cid::group_change_member_notify);
  ids many(100'000);
  for (std::uint32_t i = 0; i < many.size(); ++i) many[i] = i + 1;
  const auto refused =
      ada.ask<IMGroupCreateRsp>(cid::group_create_request, wish(GROUP_TYPE_TMP, many), cid::group_create_response);
  EXPECT_EQ(refused.refused_code(), 4u);
  IMGroupInfoListReq asked;
  asked.set_user_id(0);
  for (int i = 0; i < 1001; ++i) {
    auto& one = *asked.add_group_version_list();
    one.set_group_id(group);
    one.set_version(0);
  }
  ada.send(cid::group_info_request, asked);
  EXPECT_EQ(ada.expect_refusal().code, 4u);
  asked.mutable_group_version_list()->DeleteSubrange(0, 1);
  EXPECT_EQ(
      ada.ask<IMGroupInfoListRsp>(cid::group_info_request, asked, cid::group_info_response).group_info_list_size(), 1);
}

TEST_F(group_in_a_host, level_0_is_answered_for_the_first_thousand_groups) {
  const auto group = made_by_administrator();
  auto ada = host.connect_as(1, 1, 0);
  IMGroupInfoListReq asked;
  asked.set_user_id(0);
  const auto ask_for = [&](std::uint32_t id) {
    auto& one = *asked.add_group_version_list();
    one.set_group_id(id);
    one.set_version(0);
  };
  for (std::uint32_t i = 0; i < 999; ++i) ask_for(group + 1 + i);
  const auto other = made_by_administrator();
  ada.expect<IMGroupChangeMemberNotify>(cid::group_change_member_notify);
  ask_for(group);
  ask_for(other + 1000);
  const auto first = ada.ask<IMGroupInfoListRsp>(cid::group_info_request, asked, cid::group_info_response);
  EXPECT_EQ(first.group_info_list_size(), 2) << "the second as number 1, the first as number 1000";
  asked.mutable_group_version_list()->SwapElements(999, 1000);
  const auto cut = ada.ask<IMGroupInfoListRsp>(cid::group_info_request, asked, cid::group_info_response);
  ASSERT_EQ(cut.group_info_list_size(), 1) << "number 1001 is left out";
  EXPECT_EQ(cut.group_info_list(0).group_id(), other);
}

TEST_F(group_in_a_host, every_change_is_heard_once_by_who_listens) {
  using namespace parley::events;
  auto ada = host.connect_as(1, 1, 1);
  auto heard = [this] {
    std::vector<GroupChanged> all;
    for (const auto& one : host.events("group.changed")) all.push_back(one.as<GroupChanged>());
    return all;
  };
  const auto expect_heard = [&](GroupChange what, std::uint32_t version, const ids& changed) {
    const auto all = heard();
    ASSERT_EQ(all.size(), 1u) << GroupChange_Name(what);
    EXPECT_EQ(all[0].what(), static_cast<std::uint32_t>(what));
    EXPECT_EQ(all[0].version(), version);
    EXPECT_EQ(all[0].changed_by(), 1u);
    EXPECT_EQ(ids(all[0].changed_user_id().begin(), all[0].changed_user_id().end()), changed);
    EXPECT_EQ(all[0].updated(), host.unix_ms() / 1000);
  };
  const auto group =
      ada.ask<IMGroupCreateRsp>(cid::group_create_request, wish(GROUP_TYPE_TMP, {2}), cid::group_create_response)
          .group_id();
  expect_heard(GROUP_CREATED, 1, {1, 2});
  const auto changed = [&](GroupModifyType what, const ids& users) {
    return ada
        .ask<IMGroupChangeMemberRsp>(cid::group_change_member_request, change(what, group, users),
                                     cid::group_change_member_response)
        .result_code();
  };
  EXPECT_EQ(changed(GROUP_MODIFY_TYPE_ADD, {2, 3}), 0u);
  expect_heard(GROUP_MEMBERS_ADDED, 2, {3});
  EXPECT_EQ(changed(GROUP_MODIFY_TYPE_ADD, {3}), 1u);
  EXPECT_TRUE(heard().empty()) << "nothing changed";
  EXPECT_EQ(changed(GROUP_MODIFY_TYPE_DEL, {3}), 0u);
  expect_heard(GROUP_MEMBERS_REMOVED, 3, {3});
  ASSERT_TRUE(host.reload("group"));
  IMGroupShieldReq mute;
  mute.set_user_id(0);
  mute.set_group_id(group);
  mute.set_shield_status(1);
  ada.ask<IMGroupShieldRsp>(cid::group_shield_group_request, mute, cid::group_shield_group_response);
  expect_heard(GROUP_SHIELD, 3, {1});
  parley::group::HandOverReq over;
  over.set_group_id(group);
  over.set_user_id(2);
  ada.ask<parley::group::HandOverRsp>(cid::group_hand_over_request, over, cid::group_hand_over_response);
  expect_heard(GROUP_PROFILE, 4, {});
  parley::group::LeaveReq leave;
  leave.set_group_id(group);
  ada.ask<parley::group::LeaveRsp>(cid::group_leave_request, leave, cid::group_leave_response);
  expect_heard(GROUP_MEMBERS_REMOVED, 5, {1});
}

TEST_F(group_in_a_host, groups_outlive_a_reload_and_a_restart) {
  const auto group = made_by_administrator();
  EXPECT_TRUE(host.reload("group"));
  auto added = host.call(cid::group_change_member_request, change(GROUP_MODIFY_TYPE_ADD, group, {3}));
  EXPECT_EQ(added.reply.as<IMGroupChangeMemberRsp>().cur_user_id_list_size(), 3);
#ifndef PARLEY_SANITIZED  // whose runtime keeps libraries mapped: the same files cannot be loaded anew
  host.restart();
#endif
  const auto shown = host.verb("groups show", {{"id", std::to_string(group)}});
  EXPECT_TRUE(shown) << shown.text;
  EXPECT_NE(shown.text.find("\"members\":3,\"version\":2"), std::string::npos) << shown.text;
}

}  // namespace
}  // namespace group_test

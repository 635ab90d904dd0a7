// A host with a few users and what they do with groups.
#pragma once

#include <gtest/gtest.h>

#include <parley/commands.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "IM.Group.pb.h"
#include "Parley.Group.pb.h"
#include "events/group.pb.h"
#include "small_host.hpp"

namespace group_test {

namespace cid = parley::cid;
using namespace IM::Group;
using namespace IM::BaseDefine;

inline const user anna{1, 101};
inline const user ben{2, 102};
inline const user carl{3, 103};
inline const user dora{4, 104};
inline const user anna_1{1, 111, 1};  // at a terminal of extension level 1
inline const user ben_1{2, 112, 1};
inline const user carl_1{3, 113, 1};
inline const user dora_1{4, 114, 1};
inline const user administrator{0, 0, 0, true};

using ids = std::vector<std::uint32_t>;
template <class List>
ids ids_of(const List& list) {
  return {list.begin(), list.end()};
}

template <class Message>
Message parsed(const std::string& body) {
  Message message;
  EXPECT_TRUE(message.ParseFromString(body));
  return message;
}

class group_fixture : public testing::Test {
 protected:
  explicit group_fixture(std::map<std::string, std::string> keys = {}) : host(std::move(keys)) {
    host.db().run(
        "INSERT INTO IMUser(id, name, departId, created, updated) VALUES "
        "(1,'anna',0,0,0),(2,'ben',0,0,0),(3,'carl',0,0,0),(4,'dora',0,0,0)");
    host.db().run("INSERT INTO IMUser(id, name, status, departId, created, updated) VALUES (9,'gone',3,0,0,0)");
  }
  /// Users `from` to `to`.
  void add_users(std::uint32_t from, std::uint32_t to) {
    std::string rows;
    for (auto id = from; id <= to; ++id) {
      rows += (rows.empty() ? "(" : ",(") + std::to_string(id) + ",'u" + std::to_string(id) + "',0,0,0)";
    }
    host.db().run("INSERT INTO IMUser(id, name, departId, created, updated) VALUES " + rows);
  }

  static IMGroupCreateReq wish(const ids& members, const std::string& name = "friends") {
    IMGroupCreateReq request;
    request.set_user_id(77);  // not to be believed
    request.set_group_type(GROUP_TYPE_TMP);
    request.set_group_name(name);
    request.set_group_avatar("a.png");
    request.mutable_member_id_list()->Add(members.begin(), members.end());
    return request;
  }
  IMGroupCreateRsp create_as(const user& who, const IMGroupCreateReq& request) {
    last = host.serve(who, cid::group_create_request, request);
    return host.answer<IMGroupCreateRsp>();
  }
  /// A temporary group of `who` and `others`; what that caused is forgotten.
  std::uint32_t make_group(const user& who, const ids& others) {
    const auto made = create_as(who, wish(others));
    EXPECT_EQ(made.result_code(), 0u) << host.explanation();
    forget();
    return made.group_id();
  }
  std::uint32_t make_normal_group(std::uint32_t owner, const ids& others) {
    auto request = wish(others);
    request.set_group_type(GROUP_TYPE_NORMAL);
    const auto made = create_as({owner, 0, 0, true}, request);
    EXPECT_EQ(made.result_code(), 0u) << host.explanation();
    forget();
    return made.group_id();
  }
  void forget() {
    host.take_pushes();
    host.take_told();
    host.db().take_log();
  }

  IMGroupChangeMemberRsp change(const user& who, GroupModifyType what, std::uint32_t group, const ids& users) {
    IMGroupChangeMemberReq request;
    request.set_user_id(77);
    request.set_change_type(what);
    request.set_group_id(group);
    request.mutable_member_id_list()->Add(users.begin(), users.end());
    last = host.serve(who, cid::group_change_member_request, request);
    return host.answer<IMGroupChangeMemberRsp>();
  }
  IMGroupChangeMemberRsp add(const user& who, std::uint32_t group, const ids& users) {
    return change(who, GROUP_MODIFY_TYPE_ADD, group, users);
  }
  IMGroupChangeMemberRsp remove(const user& who, std::uint32_t group, const ids& users) {
    return change(who, GROUP_MODIFY_TYPE_DEL, group, users);
  }
  std::vector<GroupInfo> info(const user& who, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& known) {
    IMGroupInfoListReq request;
    request.set_user_id(77);
    for (const auto& [group, version] : known) {
      auto& one = *request.add_group_version_list();
      one.set_group_id(group);
      one.set_version(version);
    }
    last = host.serve(who, cid::group_info_request, request);
    std::vector<GroupInfo> all;
    for (const auto& one : host.replies()) {
      const auto part = parsed<IMGroupInfoListRsp>(one.body);
      EXPECT_EQ(part.user_id(), who.id);
      EXPECT_LE(one.body.size(), 400u << 10);
      all.insert(all.end(), part.group_info_list().begin(), part.group_info_list().end());
    }
    return all;
  }
  IMGroupShieldRsp shield(const user& who, std::uint32_t group, std::uint32_t status) {
    IMGroupShieldReq request;
    request.set_user_id(77);
    request.set_group_id(group);
    request.set_shield_status(status);
    last = host.serve(who, cid::group_shield_group_request, request);
    return host.answer<IMGroupShieldRsp>();
  }

  std::string sql(const std::string& statement) { return host.db().run(statement); }
  std::string version(std::uint32_t group) {
    return sql("SELECT version FROM IMGroup WHERE id = " + std::to_string(group));
  }
  /// IMGroup.userCnt, which has to be what the member rows say.
  std::string counted(std::uint32_t group) {
    const auto id = std::to_string(group);
    const auto count = sql("SELECT userCnt FROM IMGroup WHERE id = " + id);
    EXPECT_EQ(count, sql("SELECT COUNT(*) FROM IMGroupMember WHERE status = 0 AND groupId = " + id));
    return count;
  }
  std::string owner(std::uint32_t group) {
    return sql("SELECT creator FROM IMGroup WHERE id = " + std::to_string(group));
  }
  std::vector<parley::events::GroupChanged> events() {
    std::vector<parley::events::GroupChanged> all;
    for (const auto& one : host.take_told()) all.push_back(parsed<parley::events::GroupChanged>(one));
    return all;
  }

  small_host host;
  parley_status last = PARLEY_OK;  // the newest request's verdict
};

}  // namespace group_test

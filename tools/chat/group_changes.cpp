#include <algorithm>
#include <parley/commands.hpp>

#include "chat/chat.hpp"

namespace parley::chat {

using IM::BaseDefine::GROUP_MODIFY_TYPE_ADD;
using IM::BaseDefine::GROUP_MODIFY_TYPE_DEL;

bool chat::group_add(words& given) {
  return change_members(given, GROUP_MODIFY_TYPE_ADD);
}
bool chat::group_remove(words& given) {
  return change_members(given, GROUP_MODIFY_TYPE_DEL);
}

bool chat::change_members(words& given, IM::BaseDefine::GroupModifyType how) {
  const std::string typed = given.take_group();
  if (given.empty()) return false;
  with_group(typed, [this, how, names = given.take_all()](std::uint32_t group) {
    with_people(names, [this, how, group](const std::vector<std::uint32_t>& ids) {
      const char* const what = how == GROUP_MODIFY_TYPE_ADD ? "nobody added" : "nobody removed";
      IM::Group::IMGroupChangeMemberReq request;
      request.set_user_id(me_.user_id);
      request.set_change_type(how);
      request.set_group_id(group);
      for (const std::uint32_t id : ids) request.add_member_id_list(id);
      ask<IM::Group::IMGroupChangeMemberRsp>(
          cid::group_change_member_request, request, what, [this, how, group, ids, what](const auto& answer) {
            if (!granted(answer, what)) return;
            const std::vector<std::uint32_t> changed(answer.chg_user_id_list().begin(),
                                                     answer.chg_user_id_list().end());
            tell_members_changed(me_.user_id, how == GROUP_MODIFY_TYPE_ADD, group, changed);
            if (how == GROUP_MODIFY_TYPE_ADD) tell_left_out(ids, changed);
          });
    });
  });
  return true;
}

/// Whoever was asked for and is not there: a member already, somebody who left, or who takes nothing from one.
void chat::tell_left_out(const std::vector<std::uint32_t>& wanted, const std::vector<std::uint32_t>& there) {
  std::vector<std::uint32_t> missing;
  for (const std::uint32_t id : wanted) {
    if (id != me_.user_id && std::ranges::find(there, id) == there.end()) missing.push_back(id);
  }
  if (!missing.empty()) view_.trouble("not added: " + phrases_.list(missing));
}

bool chat::group_leave(words& given) {
  const std::string typed = given.take_group();
  if (!given.empty()) return false;
  with_group(typed, [this](std::uint32_t group) {
    parley::group::LeaveReq request;
    request.set_group_id(group);
    ask<parley::group::LeaveRsp>(cid::group_leave_request, request, "not left", [this, group](const auto&) {
      tell_members_changed(me_.user_id, false, group, {me_.user_id});
    });
  });
  return true;
}

bool chat::group_rename(words& given) {
  const std::string typed = given.take_group();
  const std::string name = given.rest();
  if (name.empty()) return false;
  with_group(typed, [this, name](std::uint32_t group) {
    parley::group::ChangeProfileReq request;
    request.set_group_id(group);
    request.set_name(name);
    ask<parley::group::ChangeProfileRsp>(cid::group_change_profile_request, request, "not renamed",
                                         [this, group](const auto& answer) {
                                           const std::string before = directory_.name({true, group});
                                           directory_.rename(group, answer.name());
                                           view_.notice(phrases_.renamed(me_.user_id, before, group));
                                           refresh_prompt();
                                         });
  });
  return true;
}

bool chat::group_owner(words& given) {
  const std::string typed = given.take_group();
  const std::string name = given.rest();
  if (name.empty()) return false;
  with_group(typed, [this, name](std::uint32_t group) {
    with_person(name, [this, group](std::uint32_t id) {
      parley::group::HandOverReq request;
      request.set_group_id(group);
      request.set_user_id(id);
      ask<parley::group::HandOverRsp>(cid::group_hand_over_request, request, "not handed over",
                                      [this, group](const auto& answer) {
                                        directory_.set_owner(group, answer.owner_id());
                                        view_.notice(phrases_.owner(group, answer.owner_id()));
                                      });
    });
  });
  return true;
}

bool chat::group_dissolve(words& given) {
  const std::string typed = given.take_group();
  if (!given.empty()) return false;
  with_group(typed, [this](std::uint32_t group) {
    parley::group::DissolveReq request;
    request.set_group_id(group);
    ask<parley::group::DissolveRsp>(cid::group_dissolve_request, request, "not dissolved", [this, group](const auto&) {
      view_.notice(phrases_.dissolved(me_.user_id, group));
      no_member_any_more(group);
    });
  });
  return true;
}

bool chat::mute(words& given) {
  const std::string typed = given.take_group();
  if (given.empty()) set_shield(typed, true);
  return given.empty();
}

bool chat::unmute(words& given) {
  const std::string typed = given.take_group();
  if (given.empty()) set_shield(typed, false);
  return given.empty();
}

void chat::set_shield(const std::string& typed, bool muted) {
  with_group(typed, [this, muted](std::uint32_t group) {
    IM::Group::IMGroupShieldReq request;
    request.set_user_id(me_.user_id);
    request.set_group_id(group);
    request.set_shield_status(muted ? 1 : 0);
    ask<IM::Group::IMGroupShieldRsp>(
        cid::group_shield_group_request, request, "not changed", [this, group, muted](const auto& answer) {
          if (!granted(answer, "not changed")) return;
          view_.notice(directory_.name({true, group}) +
                       (muted ? " is muted: no notifications on your phone" : " notifies your phone again"));
        });
  });
}

}  // namespace parley::chat

// Groups: who is in them, who may change that, and telling everybody concerned.
#pragma once

#include <parley/plugin.hpp>
#include <parley/sql.hpp>
#include <parley/verb.hpp>

#include "IM.Group.pb.h"
#include "Parley.Group.pb.h"
#include "changes.hpp"
#include "events.hpp"

namespace group {

/// Who is behind a change: a terminal, or an operator, who is nobody's user.
struct asker {
  asker() = default;
  asker(const parley::request& request) : user(request.user()), session(request.session()) {}
  number user = 0;
  parley_session_id session = 0;
};

class keeper final : public parley::plugin {
 public:
  using status = parley::status;
  using task = parley::task<status>;

  explicit keeper(const parley::context& ctx);

  // read.cpp
  task on_normal_list(parley::request request, IM::Group::IMNormalGroupListReq message);
  task on_info(parley::request request, IM::Group::IMGroupInfoListReq message);
  task on_mine(parley::request request, parley::group::MyGroupsReq message);

  // create.cpp
  task on_create(parley::request request, IM::Group::IMGroupCreateReq message);

  // members.cpp
  task on_change_members(parley::request request, IM::Group::IMGroupChangeMemberReq message);
  task on_leave(parley::request request, parley::group::LeaveReq message);

  // shield.cpp
  task on_shield(parley::request request, IM::Group::IMGroupShieldReq message);

  // manage.cpp
  task on_dissolve(parley::request request, parley::group::DissolveReq message);
  task on_change_profile(parley::request request, parley::group::ChangeProfileReq message);
  task on_hand_over(parley::request request, parley::group::HandOverReq message);

  // invitations.cpp
  task on_invite(parley::request request, parley::group::InviteReq message);
  task on_invitations(parley::request request, parley::group::InvitationsReq message);
  task on_answer_invitation(parley::request request, parley::group::AnswerInvitationReq message);

  // verbs.cpp
  parley::task<> on_groups_list(parley::verb_call call);
  parley::task<> on_groups_show(parley::verb_call call);
  parley::task<> on_groups_members(parley::verb_call call);

  // operate.cpp
  parley::task<> on_groups_add(parley::verb_call call);
  parley::task<> on_groups_rename(parley::verb_call call);
  parley::task<> on_groups_avatar(parley::verb_call call);
  parley::task<> on_groups_owner(parley::verb_call call);
  parley::task<> on_groups_member_add(parley::verb_call call);
  parley::task<> on_groups_member_remove(parley::verb_call call);
  parley::task<> on_groups_dissolve(parley::verb_call call);

 private:
  // verbs.cpp
  parley::task<> list_page(parley::verb_call call);

  // operate.cpp
  parley::task<> change_members(parley::verb_call call, bool adding);
  parley::task<> set_profile(parley::verb_call call, bool name);

  // announce.cpp
  using modify = IM::BaseDefine::GroupModifyType;
  /// Everything that follows from a change of members: 0x040B and, where it ended so, the new owner or the group's end.
  void tell_change(const asker& by, const outcome& done, modify what) const;
  /// 0x040B to whom it concerns.
  void tell_members(const asker& by, const outcome& done, modify what) const;
  void tell_owner(const asker& by, const outcome& done) const;
  void tell_profile(const asker& by, const outcome& done) const;
  void tell_dissolved(const asker& by, const outcome& done) const;
  void tell_invited(const outcome& done, number inviter, const std::string& text, number now) const;
  void publish(const asker& by, const outcome& done, group_change what) const;

  parley::sql_pool main_;
  limits limits_;
  const std::size_t full_notice_;
};

}  // namespace group

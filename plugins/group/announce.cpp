// Who is told of a change, once it is committed.
#include <parley/commands.hpp>

#include <vector>

#include "answers.hpp"
#include "group.hpp"

namespace group {
namespace {

using IM::Group::IMGroupChangeMemberNotify;

std::vector<std::uint64_t> users(const id_list& ids) {
  return {ids.begin(), ids.end()};
}

}  // namespace

/// Rationale: in a large group the whole lists for everybody would be quadratic. Beyond `full_notice_` nothing is sent
/// to many that grows with the number of members.
void keeper::tell_members(const asker& by, const outcome& done, modify what) const {
  const auto all = users(merged(done.members, done.changed));
  const bool few_members = all.size() <= full_notice_;
  const bool few_changed = done.changed.size() <= full_notice_;
  IMGroupChangeMemberNotify notify;
  notify.set_user_id(by.user);
  notify.set_change_type(what);
  notify.set_group_id(done.group.id);
  notify.set_version(done.group.version);
  if (few_changed) {
    notify.mutable_cur_user_id_list()->Add(done.members.begin(), done.members.end());
    notify.mutable_chg_user_id_list()->Add(done.changed.begin(), done.changed.end());
    fit(notify);
  }
  constexpr auto command = parley::cid::group_change_member_notify;
  if (few_members) {
    sessions().push_users(all, command, notify, {.except = by.session});
  } else {
    if (few_changed) {
      sessions().push_users(users(done.changed), command, notify, {.level_0_only = true, .except = by.session});
    }
    notify.clear_cur_user_id_list();
    notify.set_partial(true);
    sessions().push_users(all, command, notify, {.min_level = 1, .except = by.session});
  }
}

void keeper::tell_change(const asker& by, const outcome& done, modify what) const {
  const bool added = what == IM::BaseDefine::GROUP_MODIFY_TYPE_ADD;
  if (done.dissolved) {
    tell_dissolved(by, done);
    publish(by, done, group_change::dissolved);
    return;
  }
  tell_members(by, done, what);
  publish(by, done, added ? group_change::members_added : group_change::members_removed);
  if (!done.owner_changed) return;
  tell_owner(by, done);
  publish(by, done, group_change::profile);
}

void keeper::tell_owner(const asker& by, const outcome& done) const {
  parley::group::OwnerNotify notify;
  notify.set_group_id(done.group.id);
  notify.set_version(done.group.version);
  notify.set_changed_by(by.user);
  notify.set_owner_id(done.group.owner);
  sessions().push_users(users(done.members), parley::cid::group_owner_notify, notify,
                        {.min_level = 1, .except = by.session});
}

void keeper::tell_profile(const asker& by, const outcome& done) const {
  parley::group::ProfileNotify notify;
  notify.set_group_id(done.group.id);
  notify.set_version(done.group.version);
  notify.set_changed_by(by.user);
  notify.set_name(done.group.name);
  notify.set_avatar(done.group.avatar);
  sessions().push_users(users(done.members), parley::cid::group_profile_notify, notify,
                        {.min_level = 1, .except = by.session});
}

void keeper::tell_dissolved(const asker& by, const outcome& done) const {
  parley::group::DissolvedNotify notify;
  notify.set_group_id(done.group.id);
  notify.set_version(done.group.version);
  notify.set_changed_by(by.user);
  const auto all = users(done.changed);
  sessions().push_users(all, parley::cid::group_dissolved_notify, notify, {.min_level = 1, .except = by.session});
  if (all.size() > full_notice_) return;
  // To a TeamTalk client everybody has left.
  IMGroupChangeMemberNotify left;
  left.set_user_id(by.user);
  left.set_change_type(IM::BaseDefine::GROUP_MODIFY_TYPE_DEL);
  left.set_group_id(done.group.id);
  left.set_version(done.group.version);
  left.mutable_chg_user_id_list()->Add(done.changed.begin(), done.changed.end());
  sessions().push_users(all, parley::cid::group_change_member_notify, left,
                        {.level_0_only = true, .except = by.session});
}

void keeper::tell_invited(const outcome& done, number inviter, const std::string& text, number now) const {
  parley::group::InvitationNotify notify;
  auto& invitation = *notify.mutable_invitation();
  invitation.set_group_id(done.group.id);
  invitation.set_group_name(done.group.name);
  invitation.set_inviter_id(inviter);
  invitation.set_text(text);
  invitation.set_created(now);
  invitation.set_expires(now + limits_.invitation_s);
  sessions().push_users(users(done.told), parley::cid::group_invitation_notify, notify, {.min_level = 1});
}

void keeper::publish(const asker& by, const outcome& done, group_change what) const {
  static constexpr char name[] = "group.changed";
  if (!events().heard(name)) return;
  const std::string event = group_changed(done, what, by.user, unix_s());
  host_edge()->event->publish(host_edge()->self, name, parley::bytes(event));
}

}  // namespace group

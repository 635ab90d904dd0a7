#include <algorithm>

#include "chat/chat.hpp"

namespace parley::chat {

/// Of large groups only the fact is told. Nothing is asked about a group that is known: in a large one that would be
/// everybody at once.
void chat::members_changed(const IM::Group::IMGroupChangeMemberNotify& notice) {
  const std::uint32_t group = notice.group_id();
  const std::uint32_t actor = notice.user_id();
  const bool added = notice.change_type() == IM::BaseDefine::GROUP_MODIFY_TYPE_ADD;
  const std::vector<std::uint32_t> changed(notice.chg_user_id_list().begin(), notice.chg_user_id_list().end());
  std::vector<std::uint32_t> people = changed;
  people.push_back(actor);
  const auto tell = [this, actor, added, group, changed] { tell_members_changed(actor, added, group, changed); };
  if (!added || directory_.is_in(group)) {
    with_profiles(people, tell);
    if (!added && changed.empty()) ask_groups({});  // perhaps one is out
    return;
  }
  with_group_infos({group}, [this, people, tell] { with_profiles(people, tell); });
}

void chat::tell_members_changed(std::uint32_t actor, bool added, std::uint32_t group_id,
                                const std::vector<std::uint32_t>& changed) {
  if (changed.empty()) {
    return view_.notice(phrases_.who(actor) + " changed who is in " + directory_.name({true, group_id}));
  }
  view_.notice(phrases_.members(actor, added, group_id, changed));
  if (!added && std::ranges::find(changed, me_.user_id) != changed.end()) no_member_any_more(group_id);
}

void chat::no_member_any_more(std::uint32_t group_id) {
  directory_.leave(group_id);
  close_if_open({true, group_id});
}

void chat::profile_changed(const parley::group::ProfileNotify& notice) {
  const std::uint32_t group = notice.group_id();
  const std::string before = directory_.name({true, group});
  directory_.rename(group, notice.name());
  refresh_prompt();
  if (directory_.name({true, group}) == before) return;  // a picture
  with_profiles({notice.changed_by()},
                [this, notice, before, group] { view_.notice(phrases_.renamed(notice.changed_by(), before, group)); });
}

void chat::owner_changed(const parley::group::OwnerNotify& notice) {
  directory_.set_owner(notice.group_id(), notice.owner_id());
  with_profiles({notice.owner_id()},
                [this, notice] { view_.notice(phrases_.owner(notice.group_id(), notice.owner_id())); });
}

void chat::dissolved(const parley::group::DissolvedNotify& notice) {
  with_profiles({notice.changed_by()}, [this, notice] {
    view_.notice(phrases_.dissolved(notice.changed_by(), notice.group_id()));
    no_member_any_more(notice.group_id());
  });
}

}  // namespace parley::chat

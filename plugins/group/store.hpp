// All SQL of group. Tables: message's IMGroup, IMGroupMember, group_join and group_shield, login's IMUser and block,
// and schema.hpp. Ids in lists are ascending, each once. [worker]
#pragma once

#include <parley/sql.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "IM.BaseDefine.pb.h"
#include "Parley.Group.pb.h"
#include "ids.hpp"
#include "pages.hpp"

namespace group::store {

// ---- groups: store_groups.cpp ----

/// IMGroup.type.
inline constexpr number normal_group = 1, temporary_group = 2;
/// IMGroup.status.
inline constexpr number live_group = 0, dissolved_group = 1;

struct group_row {
  number id = 0;
  std::string name;
  std::string avatar;
  number owner = 0;
  number type = temporary_group;
  number version = 1;
  number member_count = 0;
};

/// A live group's row, locked until the transaction ends: whoever changes anything of a group begins with this.
std::optional<group_row> lock_group(parley::sql& db, number group);
/// A new live group's id.
///
/// Rationale: IMGroup.updated is behind `created` in all that is written here. TeamTalk leaves them equal, and so an
/// import can tell what was changed since.
number insert_group(parley::sql& db, const group_row& row, number now);
/// Everything of a locked row but its type.
void save_group(parley::sql& db, const group_row& row, number status, number now);

/// Of `ids`, who can become a member when `by` (0: an administrator) asks: exists, has not left, does not block `by`.
id_list admissible(parley::sql& db, const id_list& ids, number by);
/// Of `users`, who blocks `by`.
id_list blocking(parley::sql& db, const id_list& users, number by);

/// Mutes a group for a member, or no more.
void set_shield(parley::sql& db, number group, number user, bool muted, number now);

// ---- members: store_members.cpp ----

id_list members(parley::sql& db, number group);
bool is_member(parley::sql& db, number group, number user);
/// Who has been a member for longest among users who have not left; 0: all of them have.
number longest_standing(parley::sql& db, number group);

/// Of a locked group; 0: there is none.
number newest_message(parley::sql& db, number group);

/// Nobody of `users` is a member; they see what is behind `since_msg_id`. Forgets their invitations into the group, and
/// what they had set in it.
void join(parley::sql& db, number group, const id_list& users, number since_msg_id, number now);
/// Forgets what they had set, and whom they had invited.
void leave(parley::sql& db, number group, const id_list& users, number now);
/// Everybody, and every invitation.
void leave_all(parley::sql& db, number group, number now);

// ---- lists: store_lists.cpp ----

using version_info = IM::BaseDefine::GroupVersionInfo;
using group_info = IM::BaseDefine::GroupInfo;

std::vector<pager<version_info>::rows> normal_groups(parley::sql& db, number user);

struct own_groups {
  std::vector<pager<parley::group::MyGroup>::rows> pages;
  bool more = false;
};
/// All of `user`'s groups with an id above `after`, in order of id.
own_groups groups_of(parley::sql& db, number user, number after);

struct known_version {
  number group = 0;
  number version = 0;
};
/// Of the groups in `known` (ascending, each once) that `user` is a member of, those that have changed since.
std::vector<pager<group_info>::rows> infos(parley::sql& db, number user, const std::vector<known_version>& known);

struct listed_group {
  number id = 0, type = 0, owner = 0, members = 0, status = 0, version = 0, created = 0, updated = 0;
  std::string name;
};
/// For the operator; names that contain `search`, in order of id.
std::vector<listed_group> list_groups(parley::sql& db, std::string_view search, number most);

struct group_page {
  number total = 0;
  std::vector<listed_group> items;
};
/// The same of live or dissolved ones, from the one in place `first` on.
group_page page_of_groups(parley::sql& db, std::string_view search, number status, std::uint64_t first, number most);

struct listed_member {
  number user = 0, since = 0;
  std::string name, nick;
  bool muted = false;
};
struct shown_group {
  listed_group row;
  std::string avatar;
  number invitations = 0;
  std::vector<listed_member> members;  // the longest-standing ones first
};
std::optional<shown_group> show_group(parley::sql& db, number group, number most_members);
struct member_page {
  number total = 0;
  std::vector<listed_member> items;
};
/// None: there is no such group.
std::optional<member_page> page_of_members(parley::sql& db, number group, std::uint64_t first, number most);

// ---- invitations: store_invitations.cpp ----
//
// One created before `oldest`, or by somebody who is no member any more, does not exist for any of these.

void forget_expired(parley::sql& db, number oldest);
/// Pending ones into a group.
number count_invitations(parley::sql& db, number group, number oldest);
/// Of `users`, who has been invited into the group.
id_list invited(parley::sql& db, number group, const id_list& users, number oldest);
/// Of `users`, who has `most` pending invitations, or more.
id_list overwhelmed(parley::sql& db, const id_list& users, number most, number oldest);
void insert_invitations(parley::sql& db, number group, number inviter, const id_list& users, std::string_view text,
                        number now);
/// False when there was none.
bool forget_invitation(parley::sql& db, number group, number user);

struct pending_invitation {
  number group = 0, inviter = 0, created = 0;
  std::string group_name, text;
};
/// Newest first, of live groups, not by somebody whom `user` blocks by now.
std::vector<pending_invitation> invitations_of(parley::sql& db, number user, number most, number oldest);

}  // namespace group::store

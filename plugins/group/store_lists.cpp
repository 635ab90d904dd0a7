#include <parley/in_list.hpp>

#include <algorithm>

#include "store.hpp"

namespace group::store {
namespace {

using parley::sql;
using parley::sql_value;
using text = std::string_view;

// What eight pages hold of the shortest rows.
constexpr number most_versions = 200'000, most_groups = 50'000;
constexpr std::size_t groups_at_once = 64;  // whose members are in memory

IM::BaseDefine::GroupType type_of(number stored) {
  return stored == temporary_group ? IM::BaseDefine::GROUP_TYPE_TMP : IM::BaseDefine::GROUP_TYPE_NORMAL;
}

/// Groups among `ids` that `user` is a member of, in order of id, without their members.
std::vector<group_info> heads(sql& db, number user, const id_list& ids) {
  static const parley::long_in_list wanted(
      // groups and shields by primary key, members by index (groupId, userId, status)
      "SELECT g.id, g.version, g.name, g.avatar, g.creator, g.type, COALESCE(s.user_id, 0) FROM IMGroup g "
      "LEFT JOIN group_shield s ON s.group_id = g.id AND s.user_id = ? WHERE g.status = 0 AND EXISTS (SELECT 1 FROM "
      "IMGroupMember m WHERE m.groupId = g.id AND m.userId = ? AND m.status = 0) AND g.id IN ",
      " ORDER BY g.id");
  std::vector<group_info> found;
  wanted.each({user, user}, ids, [&](const char* statement, const sql_value* values, std::size_t count) {
    db.each<number, number, text, text, number, number, number>(
        statement, values, count,
        [&](number id, number version, text name, text avatar, number owner, number type, number muted) {
          auto& one = found.emplace_back();
          one.set_group_id(id);
          one.set_version(version);
          one.set_group_name(name.data(), name.size());
          one.set_group_avatar(avatar.data(), avatar.size());
          one.set_group_creator_id(owner);
          one.set_group_type(type_of(type));
          one.set_shield_status(muted != 0);
        });
  });
  return found;
}

/// Of up to groups_at_once groups in order of id.
void add_members(sql& db, std::span<group_info> groups) {
  static const parley::long_in_list all(  // index (groupId, userId, status)
      "SELECT groupId, userId FROM IMGroupMember WHERE status = 0 AND groupId IN ", " ORDER BY groupId, userId");
  id_list ids;
  for (const auto& one : groups) ids.push_back(one.group_id());
  auto at = groups.begin();
  all.each({}, ids, [&](const char* statement, const sql_value* values, std::size_t count) {
    db.each<number, number>(statement, values, count, [&](number group, number user) {
      while (at != groups.end() && at->group_id() < group) ++at;
      if (at == groups.end() || at->group_id() != group || user == 0) return;
      auto& list = *at->mutable_group_member_list();
      if (list.empty() || list[list.size() - 1] != user) list.Add(user);
    });
  });
}

std::string like(text search) {
  std::string pattern = "%";
  for (const char c : search) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  if (!search.empty()) pattern += '%';
  return pattern;
}

std::vector<listed_group> read_groups(sql& db, const char* statement, std::initializer_list<sql_value> parameters) {
  std::vector<listed_group> found;
  db.each<number, number, number, number, number, number, number, number, text>(
      statement, parameters,
      [&](number id, number type, number owner, number members, number status, number version, number created,
          number updated, text name) {
        found.push_back({id, type, owner, members, status, version, created, updated, std::string(name)});
      });
  return found;
}

/// The longest-standing ones first.
std::vector<listed_member> read_members(sql& db, number group, std::uint64_t first, number most) {
  std::vector<listed_member> found;
  db.each<number, number, text, text, number>(  // members by index (groupId, updated), users and shields by primary key
      "SELECT m.userId, m.updated, u.name, u.nick, COALESCE(s.user_id, 0) FROM IMGroupMember m LEFT JOIN IMUser u ON "
      "u.id = m.userId LEFT JOIN group_shield s ON s.group_id = m.groupId AND s.user_id = m.userId WHERE m.groupId = ? "
      "AND m.status = 0 ORDER BY m.updated, m.id LIMIT ? OFFSET ?",
      {group, most, first}, [&](number user, number since, text name, text nick, number muted) {
        found.push_back({user, since, std::string(name), std::string(nick), muted != 0});
      });
  return found;
}

}  // namespace

std::vector<pager<version_info>::rows> normal_groups(sql& db, number user) {
  pager<version_info> found;
  db.each<number, number>(  // members by index (userId, status, updated), groups by primary key
      "SELECT g.id, g.version FROM IMGroup g WHERE g.status = 0 AND g.type = 1 AND g.id IN "
      "(SELECT m.groupId FROM IMGroupMember m WHERE m.userId = ? AND m.status = 0) ORDER BY g.id LIMIT ?",
      {user, most_versions}, [&](number id, number version) {
        version_info one;
        one.set_group_id(id);
        one.set_version(version);
        found.add(std::move(one));
      });
  return found.take_some();
}

own_groups groups_of(sql& db, number user, number after) {
  pager<parley::group::MyGroup> found;
  number rows = 0;
  db.each<number, number, text, text, number, number, number, number>(
      // members by index (userId, status, updated), groups by primary key
      "SELECT g.id, g.version, g.name, g.avatar, g.type, g.creator, g.updated, g.userCnt FROM IMGroup g WHERE "
      "g.status = 0 AND g.id > ? AND g.id IN (SELECT m.groupId FROM IMGroupMember m WHERE m.userId = ? AND "
      "m.status = 0) ORDER BY g.id LIMIT ?",
      {after, user, most_groups},
      [&](number id, number version, text name, text avatar, number type, number owner, number updated, number count) {
        ++rows;
        if (found.full()) return;
        parley::group::MyGroup one;
        one.set_group_id(id);
        one.set_version(version);
        one.set_name(name.data(), name.size());
        one.set_avatar(avatar.data(), avatar.size());
        one.set_group_type(type_of(type));
        one.set_owner_id(owner);
        one.set_updated(updated);
        one.set_member_count(count);
        found.add(std::move(one));
      });
  const bool more = found.full() || rows == most_groups;
  return {found.take_some(), more};
}

std::vector<pager<group_info>::rows> infos(sql& db, number user, const std::vector<known_version>& known) {
  id_list ids;
  for (const auto& one : known) ids.push_back(one.group);
  // The version is read before the members: what changes in between is seen with the next version again.
  auto changed = heads(db, user, ids);
  std::erase_if(changed, [&](const group_info& one) {
    const auto mine = std::lower_bound(known.begin(), known.end(), one.group_id(),
                                       [](const known_version& k, number id) { return k.group < id; });
    return mine->version != 0 && mine->version >= one.version();
  });
  pager<group_info> found;
  for (std::size_t from = 0; from < changed.size() && !found.full(); from += groups_at_once) {
    const auto some = std::span(changed).subspan(from, std::min(groups_at_once, changed.size() - from));
    add_members(db, some);
    for (auto& one : some) found.add(std::move(one));
  }
  return found.take_some();
}

std::vector<listed_group> list_groups(sql& db, text search, number most) {
  return read_groups(db,  // all of them
                     "SELECT id, type, creator, userCnt, status, version, created, updated, name FROM IMGroup WHERE "
                     "name LIKE ? ESCAPE '!' ORDER BY id LIMIT ?",
                     {like(search), most});
}

group_page page_of_groups(sql& db, text search, number status, std::uint64_t first, number most) {
  const auto pattern = like(search);
  group_page found;
  const auto total = db.one<number>(  // all of them
      "SELECT COUNT(*) FROM IMGroup WHERE status = ? AND (? = 1 OR LOWER(name) LIKE LOWER(?) ESCAPE '!')",
      {status, search.empty(), pattern});
  found.total = total ? std::get<0>(*total) : 0;
  if (first >= found.total) return found;
  found.items = read_groups(db,  // all of them, in order of the primary key
                            "SELECT id, type, creator, userCnt, status, version, created, updated, name FROM IMGroup "
                            "WHERE status = ? AND (? = 1 OR LOWER(name) LIKE LOWER(?) ESCAPE '!') ORDER BY id LIMIT ? "
                            "OFFSET ?",
                            {status, search.empty(), pattern, most, first});
  return found;
}

std::optional<shown_group> show_group(sql& db, number group, number most_members) {
  std::optional<shown_group> found;
  db.each<number, number, number, number, number, number, number, text, text>(  // primary key
      "SELECT type, creator, userCnt, status, version, created, updated, name, avatar FROM IMGroup WHERE id = ?",
      {group},
      [&](number type, number owner, number count, number status, number version, number created, number updated,
          text name, text avatar) {
        found = shown_group{{group, type, owner, count, status, version, created, updated, std::string(name)},
                            std::string(avatar),
                            0,
                            {}};
      });
  if (!found) return found;
  const auto pending =  // index (group_id, inviter_id)
      db.one<number>("SELECT COUNT(*) FROM group_invitation WHERE group_id = ?", {group});
  found->invitations = pending ? std::get<0>(*pending) : 0;
  found->members = read_members(db, group, 0, most_members);
  return found;
}

std::optional<member_page> page_of_members(sql& db, number group, std::uint64_t first, number most) {
  if (!db.one<number>("SELECT id FROM IMGroup WHERE id = ?", {group})) return std::nullopt;  // primary key
  member_page found;
  const auto total = db.one<number>(  // index (groupId, userId, status)
      "SELECT COUNT(*) FROM IMGroupMember WHERE groupId = ? AND status = 0", {group});
  found.total = total ? std::get<0>(*total) : 0;
  found.items = read_members(db, group, first, most);
  return found;
}

}  // namespace group::store

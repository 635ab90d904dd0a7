#include <parley/in_list.hpp>

#include <set>

#include "store.hpp"

namespace message::store {
namespace {

using number = std::uint32_t;
using parley::sql;
using parley::sql_value;

// Unread groups that are looked into: where the reader itself wrote last there may be nothing unread.
constexpr number most_candidates = 300;

// A member's row, its group if that lives, where its sight begins, and the conversation; all by primary key but the
// first. Somebody may be there twice, and joined when TeamTalk last let it in.
constexpr char memberships[] =
    " FROM IMGroupMember m JOIN IMGroup g ON g.id = m.groupId AND g.status = 0 "
    "LEFT JOIN group_join j ON j.group_id = m.groupId AND j.user_id = m.userId "
    "LEFT JOIN conversation c ON c.kind = 2 AND c.a = 0 AND c.b = m.groupId ";

}  // namespace

std::vector<std::pair<number, number>> lock_groups(sql& db, std::span<const number> groups) {
  static const parley::in_list live("SELECT id, version FROM IMGroup WHERE id IN ",
                                    " AND status = 0 {for_update}");  // primary key
  std::vector<std::pair<number, number>> found;
  live.each({}, groups, [&](const char* statement, const sql_value* values, std::size_t count) {
    db.each<number, number>(statement, values, count,
                            [&](number id, number version) { found.emplace_back(id, version); });
  });
  return found;
}

std::vector<std::uint64_t> members_of(sql& db, number group) {
  std::vector<std::uint64_t> members;
  db.each<number>("SELECT userId FROM IMGroupMember WHERE groupId = ? AND status = 0",  // (groupId, userId, status)
                  {group}, [&](number user) { members.push_back(user); });
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  return members;
}

std::optional<whereabouts> find_group(sql& db, number group, number user) {
  static const std::string statement = std::string(
                                           "SELECT COALESCE(j.since_msg_id, 0), "
                                           "COALESCE(j.since_created, m.updated), c.kind, c.last_msg_id") +
                                       memberships +
                                       "WHERE m.groupId = ? AND m.userId = ? AND m.status = 0 ORDER BY m.id LIMIT 1";
  const auto row = db.one<number, number, number, number>(statement.c_str(), {group, user});
  if (!row) return std::nullopt;
  const auto [since_msg_id, since_created, kind, last_msg_id] = *row;
  whereabouts found{{{conversation_kind::group, group}, since_msg_id, since_created}, std::nullopt};
  if (kind != 0) found.last_msg_id = last_msg_id;
  return found;
}

std::vector<recent_session> recent_groups(sql& db, number user, number since) {
  // The user's rows by (userId, status, updated); hidden_session by primary key, IMRecentSession by (userId, peerId,
  // type): TeamTalk's mark of a session taken off the list holds until somebody writes.
  static const std::string statement =
      std::string(
          "SELECT m.groupId, g.lastChated, COALESCE(j.since_msg_id, 0), "
          "COALESCE(j.since_created, m.updated)") +
      memberships +
      "LEFT JOIN hidden_session h ON h.user_id = m.userId AND h.kind = 2 AND h.relate_id = m.groupId "
      "WHERE m.userId = ? AND m.status = 0 AND g.lastChated > ? "
      "AND (c.kind IS NULL OR c.last_msg_id > COALESCE(j.since_msg_id, 0)) "
      "AND (h.user_id IS NULL OR COALESCE(c.last_msg_id, 0) > h.msg_id) "
      "AND NOT EXISTS (SELECT 1 FROM IMRecentSession r WHERE r.userId = m.userId AND r.peerId = m.groupId "
      "AND r.type = 2 AND r.status = 1 AND r.updated >= g.lastChated) "
      "ORDER BY g.lastChated DESC, m.groupId LIMIT ?";
  std::vector<recent_session> found;
  std::set<number> seen;
  db.each<number, number, number, number>(
      statement.c_str(), {user, since, sessions_per_reply},
      [&](number group, number updated, number since_msg_id, number since_created) {
        if (!seen.insert(group).second) return;
        found.push_back({group, updated, {{conversation_kind::group, group}, since_msg_id, since_created}});
      });
  return found;
}

std::vector<unread_session> unread_groups(sql& db, number user) {
  // The user's rows by (userId, status, updated), read_position by primary key. Without a conversation all counts as
  // read.
  static const std::string statement =
      std::string(
          "SELECT m.groupId, c.last_msg_id, c.last_created, COALESCE(j.since_msg_id, 0), "
          "COALESCE(j.since_created, m.updated), COALESCE(p.msg_id, c.read_floor)") +
      memberships +
      "LEFT JOIN read_position p ON p.user_id = m.userId AND p.kind = 2 AND p.relate_id = m.groupId "
      "WHERE m.userId = ? AND m.status = 0 AND c.last_msg_id > COALESCE(p.msg_id, c.read_floor) "
      "AND c.last_msg_id > COALESCE(j.since_msg_id, 0) ORDER BY c.last_created DESC, m.groupId LIMIT ?";
  std::vector<unread_session> found;
  std::set<number> seen;
  db.each<number, number, number, number, number, number>(
      statement.c_str(), {user, most_candidates},
      [&](number group, number last, number updated, number since_msg_id, number since_created, number position) {
        if (!seen.insert(group).second) return;
        found.push_back(
            {group, updated, {{conversation_kind::group, group}, since_msg_id, since_created}, position, last});
      });
  return found;
}

bool hide_group(sql& db, number group, number user, number last_msg_id) {
  const auto hidden = db.one<number>(  // primary key
      "SELECT msg_id FROM hidden_session WHERE user_id = ? AND kind = 2 AND relate_id = ?", {user, group});
  if (hidden && std::get<0>(*hidden) >= last_msg_id) return false;
  const std::vector<sql_value> row{user, raw(conversation_kind::group), group, last_msg_id};
  db.insert_rows("INSERT INTO hidden_session(user_id, kind, relate_id, msg_id) VALUES",
                 "{on_conflict:user_id,kind,relate_id} msg_id = {greatest}(msg_id, {new:msg_id})", 4, row);
  return true;
}

void touch_groups(sql& db, std::span<const number> groups, number now) {
  static const parley::in_list touched("UPDATE IMGroup SET lastChated = ? WHERE id IN ");  // primary key; locked
  touched.execute(db, {now}, groups);
}

}  // namespace message::store

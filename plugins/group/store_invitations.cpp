#include <parley/in_list.hpp>

#include "store.hpp"

namespace group::store {

using parley::sql;
using parley::sql_value;

void forget_expired(sql& db, number oldest) {
  db.execute("DELETE FROM group_invitation WHERE created < ?", {oldest});  // index (created)
}

number count_invitations(sql& db, number group, number oldest) {
  const auto found = db.one<number>(  // index (group_id, inviter_id)
      "SELECT COUNT(*) FROM group_invitation WHERE group_id = ? AND created >= ?", {group, oldest});
  return found ? std::get<0>(*found) : 0;
}

id_list invited(sql& db, number group, const id_list& users, number oldest) {
  static const parley::long_in_list pending(  // invitations by primary key, members by index (groupId, userId, status)
      "SELECT i.user_id FROM group_invitation i WHERE i.group_id = ? AND i.created >= ? AND EXISTS (SELECT 1 FROM "
      "IMGroupMember m WHERE m.groupId = i.group_id AND m.userId = i.inviter_id AND m.status = 0) AND i.user_id IN ");
  id_list found;
  pending.each({group, oldest}, users, [&](const char* statement, const sql_value* values, std::size_t count) {
    db.each<number>(statement, values, count, [&](number user) { found.push_back(user); });
  });
  return normalized(std::move(found));
}

id_list overwhelmed(sql& db, const id_list& users, number most, number oldest) {
  static const parley::long_in_list counted(  // primary key
      "SELECT user_id, COUNT(*) FROM group_invitation WHERE created >= ? AND user_id IN ", " GROUP BY user_id");
  id_list found;
  counted.each({oldest}, users, [&](const char* statement, const sql_value* values, std::size_t count) {
    db.each<number, number>(statement, values, count, [&](number user, number pending) {
      if (pending >= most) found.push_back(user);
    });
  });
  return normalized(std::move(found));
}

void insert_invitations(sql& db, number group, number inviter, const id_list& users, std::string_view text,
                        number now) {
  std::vector<sql_value> values;
  for (const number user : users) values.insert(values.end(), {user, group, inviter, text, now});
  db.insert_rows("INSERT INTO group_invitation(user_id, group_id, inviter_id, text, created) VALUES",  // primary key
                 "{on_conflict:user_id,group_id} inviter_id = {new:inviter_id}, text = {new:text}, created = "
                 "{new:created}",
                 5, values);
}

bool forget_invitation(sql& db, number group, number user) {
  return db.execute("DELETE FROM group_invitation WHERE user_id = ? AND group_id = ?", {user, group})  // primary key
             .affected > 0;
}

std::vector<pending_invitation> invitations_of(sql& db, number user, number most, number oldest) {
  std::vector<pending_invitation> found;
  db.each<number, number, number, std::string_view, std::string_view>(
      // The user's rows by primary key, sorted; groups and blocks by primary key, members by (groupId, userId, status).
      "SELECT i.group_id, i.inviter_id, i.created, g.name, i.text FROM group_invitation i JOIN IMGroup g ON g.id = "
      "i.group_id WHERE i.user_id = ? AND i.created >= ? AND g.status = 0 AND EXISTS (SELECT 1 FROM IMGroupMember m "
      "WHERE m.groupId = i.group_id AND m.userId = i.inviter_id AND m.status = 0) AND NOT EXISTS (SELECT 1 FROM block "
      "b "
      "WHERE b.user_id = i.user_id AND b.peer_id = i.inviter_id) ORDER BY i.created DESC, i.group_id DESC LIMIT ?",
      {user, oldest, most},
      [&](number group, number inviter, number created, std::string_view name, std::string_view text) {
        found.push_back({group, inviter, created, std::string(name), std::string(text)});
      });
  return found;
}

}  // namespace group::store

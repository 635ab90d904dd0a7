#include <parley/in_list.hpp>

#include "store.hpp"

namespace group::store {

using parley::sql;

std::optional<group_row> lock_group(sql& db, number group) {
  const auto row = db.one<std::string, std::string, number, number, number, number, number>(  // primary key
      "SELECT name, avatar, creator, type, version, userCnt, status FROM IMGroup WHERE id = ? {for_update}", {group});
  if (!row || std::get<6>(*row) != live_group) return std::nullopt;
  const auto& [name, avatar, owner, type, version, count, status] = *row;
  return group_row{group, name, avatar, owner, type, version, count};
}

number insert_group(sql& db, const group_row& row, number now) {
  const auto made = db.execute(
      "INSERT INTO IMGroup(name, avatar, creator, type, userCnt, status, version, lastChated, updated, created) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)",
      {row.name, row.avatar, row.owner, row.type, row.member_count, live_group, row.version, now + 1, now});
  return static_cast<number>(made.inserted_id);
}

void save_group(sql& db, const group_row& row, number status, number now) {
  db.execute(  // primary key
      "UPDATE IMGroup SET name = ?, avatar = ?, creator = ?, userCnt = ?, status = ?, version = ?, updated = "
      "{greatest}(?, created + 1) WHERE id = ?",
      {row.name, row.avatar, row.owner, row.member_count, status, row.version, now, row.id});
}

id_list admissible(sql& db, const id_list& ids, number by) {
  static const parley::long_in_list there("SELECT id FROM IMUser WHERE status <> 3 AND id IN ");  // primary key
  id_list found;
  there.each({}, ids, [&](const char* statement, const parley::sql_value* values, std::size_t count) {
    db.each<number>(statement, values, count, [&](number id) { found.push_back(id); });
  });
  found = normalized(std::move(found));
  return by == 0 ? found : without(found, blocking(db, found, by));
}

id_list blocking(sql& db, const id_list& users, number by) {
  static const parley::long_in_list wall("SELECT user_id FROM block WHERE peer_id = ? AND user_id IN ");  // primary key
  id_list found;
  wall.each({by}, users, [&](const char* statement, const parley::sql_value* values, std::size_t count) {
    db.each<number>(statement, values, count, [&](number id) { found.push_back(id); });
  });
  return normalized(std::move(found));
}

void set_shield(sql& db, number group, number user, bool muted, number now) {
  if (muted) {
    db.execute("INSERT INTO group_shield(group_id, user_id, updated) VALUES (?, ?, ?) {keep:group_id,user_id}",
               {group, user, now});
  } else {
    db.execute("DELETE FROM group_shield WHERE group_id = ? AND user_id = ?", {group, user});  // primary key
  }
}

}  // namespace group::store

#include "store_friends.hpp"

namespace buddy::store {
namespace {

using number = std::uint32_t;
using parley::sql;

}  // namespace

std::vector<IMGrouping> groupings(sql& db, number user) {
  std::vector<IMGrouping> found;
  db.each<number, std::string_view>(  // primary key, the user's range
      "SELECT grouping_id, name FROM friend_grouping WHERE user_id = ? ORDER BY position, grouping_id", {user},
      [&](number id, std::string_view name) {
        auto& one = found.emplace_back();
        one.set_grouping_id(id);
        one.set_name(name.data(), name.size());
      });
  return found;
}

void add_grouping(sql& db, number user, number grouping, std::string_view name, number position) {
  db.execute("INSERT INTO friend_grouping(user_id, grouping_id, name, position) VALUES (?, ?, ?, ?)",
             {user, grouping, name, position});
}

void rename_grouping(sql& db, number user, number grouping, std::string_view name) {
  db.execute("UPDATE friend_grouping SET name = ? WHERE user_id = ? AND grouping_id = ?",  // primary key
             {name, user, grouping});
}

void place_grouping(sql& db, number user, number grouping, number position) {
  db.execute("UPDATE friend_grouping SET position = ? WHERE user_id = ? AND grouping_id = ?",  // primary key
             {position, user, grouping});
}

void delete_grouping(sql& db, number user, number grouping, number revision, number now) {
  db.execute(  // primary key, the user's range
      "UPDATE friend SET grouping_id = 0, revision = ?, updated = ? WHERE user_id = ? AND grouping_id = ?",
      {revision, now, user, grouping});
  db.execute("DELETE FROM friend_grouping WHERE user_id = ? AND grouping_id = ?", {user, grouping});  // primary key
}

}  // namespace buddy::store

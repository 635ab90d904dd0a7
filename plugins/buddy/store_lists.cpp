#include "store_friends.hpp"

namespace buddy::store {
namespace {

using number = std::uint32_t;
using parley::sql;

std::optional<list> select_list(sql& db, const char* statement, number user) {
  const auto row = db.one<number, number, number>(statement, {user});
  if (!row) return std::nullopt;
  return list{user, std::get<0>(*row), std::get<1>(*row), std::get<2>(*row)};
}

}  // namespace

list read_list(sql& db, number user) {
  static constexpr char statement[] =  // primary key
      "SELECT revision, grouping_revision, last_grouping FROM friend_list WHERE user_id = ?";
  return select_list(db, statement, user).value_or(list{user});
}

list lock_list(sql& db, number user) {
  static constexpr char statement[] =  // primary key
      "SELECT revision, grouping_revision, last_grouping FROM friend_list WHERE user_id = ? {for_update}";
  if (const auto found = select_list(db, statement, user)) return *found;
  // Goes on behind friends that somebody put there before there was a list: index (user_id, revision). A statement of
  // its own, as inside the insert it would lock them.
  const auto newest = db.one<number>("SELECT MAX(revision) FROM friend WHERE user_id = ?", {user});
  // Whoever inserts the row holds it; whoever comes second waits here and finds it.
  db.execute("INSERT INTO friend_list(user_id, revision) VALUES (?, ?) {keep:user_id}",
             {user, newest ? std::get<0>(*newest) : 0});
  return select_list(db, statement, user).value_or(list{user});
}

void save_list(sql& db, const list& changed) {
  db.execute(  // primary key
      "UPDATE friend_list SET revision = ?, grouping_revision = ?, last_grouping = ? WHERE user_id = ?",
      {changed.revision, changed.grouping_revision, changed.last_grouping, changed.user});
}

}  // namespace buddy::store

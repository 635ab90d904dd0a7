#include "store.hpp"

namespace file::store {

using parley::sql;
using text = std::string_view;

std::vector<task> records_to(sql& db, number user, number most) {
  std::vector<task> found;
  db.each<number, text, text, number>(
      // (toId, status, created)
      "SELECT fromId, taskId, fileName, size FROM IMTransmitFile WHERE toId = ? AND status = 0 "
      "ORDER BY created, id LIMIT ?",
      {user, most}, [&](number from, text id, text name, number size) {
        task one;
        one.id = id;
        one.from = from;
        one.to = user;
        one.name = name;
        one.size = size;
        found.push_back(std::move(one));
      });
  return found;
}

bool add_record(sql& db, const task& what, number now) {
  const auto there = db.one<number, number>(  // primary keys
      "SELECT u.status, b.user_id FROM IMUser u LEFT JOIN block b ON b.user_id = u.id AND b.peer_id = ? WHERE u.id = ?",
      {what.from, what.to});
  if (!there || std::get<1>(*there) != 0) return false;
  bool fresh = false;
  db.transaction([&] {
    db.one<number>("SELECT id FROM IMUser WHERE id = ? {for_update}", {what.from});        // primary key
    fresh = !db.one<number>("SELECT id FROM IMTransmitFile WHERE taskId = ?", {what.id});  // (taskId)
    if (!fresh) return;
    db.execute(
        "INSERT INTO IMTransmitFile(fromId, toId, fileName, size, taskId, status, created, updated) "
        "VALUES (?, ?, ?, ?, ?, 0, ?, ?)",
        {what.from, what.to, what.name, what.size, what.id, now, now});
  });
  return fresh;
}

void remove_record(sql& db, text id, number from, number to) {
  db.execute("UPDATE IMTransmitFile SET status = 1 WHERE taskId = ? AND fromId = ? AND toId = ?",  // (taskId)
             {id, from, to});
}

}  // namespace file::store

#include "store.hpp"

#include <charconv>

namespace file::store {
namespace {

using parley::sql;
using text = std::string_view;

constexpr number user_left = 3;

const std::string select_tasks =
    "SELECT task_id, from_id, to_id, file_name, size, mode, state, created FROM file_task ";

template <class Take>
void each_task(sql& db, const std::string& statement, std::initializer_list<parley::sql_value> parameters,
               Take&& take) {
  db.each<text, number, number, text, number, number, number, number>(
      statement.c_str(), parameters.begin(), parameters.size(),
      [&](text id, number from, number to, text name, number size, number mode, number state, number created) {
        task one;
        one.id = id;
        one.from = from;
        one.to = to;
        one.name = name;
        one.size = size;
        one.mode = mode == 1 ? transfer_mode::online : transfer_mode::offline;
        one.at = state == 1 ? stage::complete : state == 2 ? stage::leaving : stage::open;
        one.created = created;
        take(std::move(one));
      });
}

std::vector<task> tasks(sql& db, const std::string& statement, std::initializer_list<parley::sql_value> parameters) {
  std::vector<task> out;
  each_task(db, statement, parameters, [&](task one) { out.push_back(std::move(one)); });
  return out;
}

}  // namespace

offer make_task(sql& db, const task& what, const quota& most) {
  const auto there = db.one<number, number>(  // primary keys
      "SELECT u.status, b.user_id FROM IMUser u LEFT JOIN block b ON b.user_id = u.id AND b.peer_id = ? WHERE u.id = ?",
      {what.from, what.to});
  if (!there || std::get<0>(*there) == user_left) return offer::nobody;
  if (std::get<1>(*there) != 0) return offer::blocked;
  auto verdict = offer::made;
  db.transaction([&] {
    verdict = offer::made;
    db.one<number>("SELECT id FROM IMUser WHERE id = ? {for_update}", {what.from});  // primary key
    quota has;
    db.each<number, number>("SELECT size, mode FROM file_task WHERE from_id = ?", {what.from},  // (from_id, created)
                            [&](number size, number mode) {
                              ++has.tasks;
                              if (mode == 2) has.bytes += size;
                            });
    if (has.tasks >= most.tasks) verdict = offer::too_many;
    if (!what.online() && has.bytes + what.size > most.bytes) verdict = offer::too_much;
    if (verdict != offer::made) return;
    db.execute(
        "INSERT INTO file_task(task_id, from_id, to_id, file_name, size, mode, state, created, updated) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {what.id, what.from, what.to, what.name, what.size, static_cast<number>(what.mode),
         static_cast<number>(what.at), what.created, what.created});
  });
  return verdict;
}

std::optional<task> find_task(sql& db, text id) {
  static const auto by_id = select_tasks + "WHERE task_id = ?";  // primary key
  auto found = tasks(db, by_id, {id});
  if (found.empty() || found.front().id != id) return std::nullopt;
  return std::move(found.front());
}

completion complete_task(sql& db, const task& what, number now) {
  auto verdict = completion::gone;
  db.transaction([&] {
    const auto row =  // primary key
        db.one<number, std::string>("SELECT state, file_name FROM file_task WHERE task_id = ? {for_update}", {what.id});
    verdict = row ? completion::before : completion::gone;
    if (row && std::get<0>(*row) == static_cast<number>(stage::leaving)) verdict = completion::gone;
    if (verdict == completion::gone || std::get<0>(*row) == static_cast<number>(stage::complete)) return;
    verdict = completion::now;
    db.execute("UPDATE file_task SET state = ?, updated = ? WHERE task_id = ?",  // primary key
               {static_cast<number>(stage::complete), now, what.id});
    db.execute(
        "INSERT INTO IMTransmitFile(fromId, toId, fileName, size, taskId, status, created, updated) "
        "VALUES (?, ?, ?, ?, ?, 0, ?, ?)",
        {what.from, what.to, std::get<1>(*row), what.size, what.id, now, now});
  });
  return verdict;
}

void touch_open_task(sql& db, text id, number now) {
  db.execute("UPDATE file_task SET updated = ? WHERE task_id = ? AND state = 0", {now, id});  // primary key
}

void leave_task(sql& db, text id) {
  db.execute("UPDATE file_task SET state = ? WHERE task_id = ?",
             {static_cast<number>(stage::leaving), id});  // primary key
}

bool leave_old_task(sql& db, text id, stage at, number before) {
  return db.execute("UPDATE file_task SET state = ? WHERE task_id = ? AND state = ? AND updated < ?",  // primary key
                    {static_cast<number>(stage::leaving), id, static_cast<number>(at), before})
             .affected == 1;
}

void remove_task(sql& db, text id) {
  db.transaction([&] {
    db.execute("DELETE FROM file_task WHERE task_id = ?", {id});      // primary key
    db.execute("DELETE FROM IMTransmitFile WHERE taskId = ?", {id});  // (taskId)
  });
}

std::vector<task> old_tasks(sql& db, stage at, number before, number most) {
  // (state, updated)
  static const auto by_age = select_tasks + "WHERE state = ? AND updated < ? ORDER BY state, updated LIMIT ?";
  return tasks(db, by_age, {static_cast<number>(at), before, most});
}

usage total(sql& db) {
  usage out;
  db.each<number, number>("SELECT size, state FROM file_task", {}, [&](number size, number state) {  // all rows
    auto& count = state == 1 ? out.waiting : out.open;
    auto& bytes = state == 1 ? out.waiting_bytes : out.open_bytes;
    ++count;
    bytes += size;
  });
  return out;
}

std::vector<task> list_tasks(sql& db, number user, number most) {
  static const auto all = select_tasks + "ORDER BY state, updated LIMIT ?";                       // (state, updated)
  static const auto sent = select_tasks + "WHERE from_id = ? ORDER BY from_id, created LIMIT ?";  // (from_id, created)
  static const auto received =                                                                    // (to_id, created)
      select_tasks + "WHERE to_id = ? AND from_id <> ? ORDER BY to_id, created LIMIT ?";
  if (user == 0) return tasks(db, all, {most});
  auto found = tasks(db, sent, {user, most});
  each_task(db, received, {user, user, most}, [&](task one) { found.push_back(std::move(one)); });
  return found;
}

std::optional<number> find_user(sql& db, const std::string& name_or_id) {
  number id = 0;
  const auto* end = name_or_id.data() + name_or_id.size();
  const auto [at, fault] = std::from_chars(name_or_id.data(), end, id);
  const bool numeric = fault == std::errc() && at == end;
  const auto row = numeric
                       ? db.one<number>("SELECT id FROM IMUser WHERE id = ?", {id})  // primary key
                       : db.one<number>("SELECT id FROM IMUser WHERE name = ? ORDER BY id", {name_or_id});  // (name)
  if (!row) return std::nullopt;
  return std::get<0>(*row);
}

}  // namespace file::store

#include "store_departments.hpp"

#include <parley/number.hpp>

#include <unordered_map>

namespace login::store {
namespace {

using number = std::uint32_t;
using parley::sql;
using parley::sql_error;
using parley::status;
using text = std::string_view;

constexpr int deepest = 64;

sql_error no_department(number id) {
  return {status::no_target,
          "there is no department " + std::to_string(id) + "; `departments list` shows those there are"};
}

number count(sql& db, const char* statement, number id) {
  return std::get<0>(db.one<number>(statement, {id}).value_or(std::tuple(0u)));
}

void require_free(sql& db, const std::string& name, number except) {
  db.each<number, text>(  // index (departName)
      "SELECT id, departName FROM IMDepart WHERE departName = ? AND status = 0 ORDER BY id", {name},
      [&](number id, text stored) {
        if (stored == name && id != except) {
          throw sql_error(status::conflict, "department " + std::to_string(id) + " is called " + name + " already");
        }
      });
}

/// That `id` is not `parent` nor above it.
void require_above(sql& db, number parent, number id) {
  for (int steps = 0; parent != 0; ++steps) {
    if (parent == id) throw sql_error(status::conflict, "a department cannot be below itself");
    if (steps == deepest) throw sql_error(status::conflict, "departments go 64 levels deep and no deeper");
    parent = count(db, "SELECT parentId FROM IMDepart WHERE id = ?", parent);  // primary key
  }
}

}  // namespace

std::vector<department_row> list_departments(sql& db, std::optional<number> only) {
  std::vector<department_row> found;
  db.each<number, number, number, number, number, text>(  // index (priority, status)
      "SELECT id, parentId, priority, created, updated, departName FROM IMDepart WHERE status = 0 AND (? = 0 OR id = "
      "?) "
      "ORDER BY priority, id LIMIT ?",
      {only.has_value(), only.value_or(0), most_departments},
      [&](number id, number parent, number priority, number created, number updated, text name) {
        found.push_back({id, parent, priority, 0, created, updated, std::string(name)});
      });
  std::unordered_map<number, number> users;
  db.each<number, number>(  // index (departId, status)
      "SELECT departId, COUNT(*) FROM IMUser WHERE status = 0 AND (? = 0 OR departId = ?) GROUP BY departId",
      {only.has_value(), only.value_or(0)}, [&](number department, number count) { users[department] = count; });
  for (auto& one : found) {
    if (const auto counted = users.find(one.id); counted != users.end()) one.users = counted->second;
  }
  return found;
}

std::optional<number> department_called(sql& db, text name_or_id) {
  if (const auto id = parley::whole_number(name_or_id)) {
    if (db.one<number>("SELECT id FROM IMDepart WHERE id = ? AND status = 0", {*id})) return *id;  // primary key
  }
  std::optional<number> found;
  db.each<number, text>(  // index (departName)
      "SELECT id, departName FROM IMDepart WHERE departName = ? AND status = 0 ORDER BY id", {name_or_id},
      [&](number id, text stored) {
        if (!found && stored == name_or_id) found = id;
      });
  return found;
}

void lock_departments(sql& db) {
  db.one<number>("SELECT id FROM user_name_lock WHERE id = 1 {for_update}", {});
}

void require_department(sql& db, number id) {
  if (id == 0) return;
  if (!db.one<number>("SELECT id FROM IMDepart WHERE id = ? AND status = 0", {id}))
    throw no_department(id);  // primary key
}

number add_department(sql& db, const std::string& name, number parent, number priority, number now) {
  number made = 0;
  db.transaction([&] {
    lock_departments(db);
    require_free(db, name, 0);
    require_department(db, parent);
    require_above(db, parent, 0);
    made = static_cast<number>(
        db.execute("INSERT INTO IMDepart(departName, priority, parentId, status, created, updated) VALUES (?, ?, ?, 0, "
                   "?, ?)",
                   {name, priority, parent, now, now})
            .inserted_id);
  });
  return made;
}

bool change_department(sql& db, number id, const department_change& to, number now) {
  bool changed = false;
  db.transaction([&] {
    changed = false;
    lock_departments(db);
    const auto row = db.one<std::string, number, number>(  // primary key
        "SELECT departName, parentId, priority FROM IMDepart WHERE id = ? AND status = 0 {for_update}", {id});
    if (!row) throw no_department(id);
    const auto [name, parent, priority] = *row;
    if (to.name && *to.name != name) require_free(db, *to.name, id);
    if (to.parent && *to.parent != parent) {
      require_department(db, *to.parent);
      require_above(db, *to.parent, id);
    }
    const auto& new_name = to.name ? *to.name : name;
    const auto new_parent = to.parent.value_or(parent), new_priority = to.priority.value_or(priority);
    changed = new_name != name || new_parent != parent || new_priority != priority;
    if (!changed) return;
    db.execute(  // primary key
        "UPDATE IMDepart SET departName = ?, parentId = ?, priority = ?, updated = {greatest}(updated, ?) WHERE id = ?",
        {new_name, new_parent, new_priority, now, id});
  });
  return changed;
}

void remove_department(sql& db, number id, number now) {
  db.transaction([&] {
    lock_departments(db);
    if (id == 0) throw no_department(id);
    require_department(db, id);
    const auto departments = count(db, "SELECT COUNT(*) FROM IMDepart WHERE parentId = ? AND status = 0", id);  // all
    if (departments) {
      throw sql_error(status::conflict, "it has " + std::to_string(departments) +
                                            (departments == 1 ? " department" : " departments") +
                                            " below it; remove or move them first");
    }
    // Index (departId, status).
    const auto users = count(db, "SELECT COUNT(*) FROM IMUser WHERE departId = ? AND status = 0", id);
    if (users) {
      throw sql_error(status::conflict, "it has " + std::to_string(users) + (users == 1 ? " user" : " users") +
                                            "; move them first (`users edit ID --department`)");
    }
    db.execute("UPDATE IMDepart SET status = 1, updated = {greatest}(updated, ?) WHERE id = ?",
               {now, id});  // primary key
  });
}

}  // namespace login::store

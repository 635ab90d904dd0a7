#include "store.hpp"

#include <parley/in_list.hpp>

#include <algorithm>
#include <map>

#include "store_departments.hpp"

namespace login::store {
namespace {

using text = std::string_view;
using number = std::uint32_t;
using parley::sql;
using parley::sql_value;

constexpr std::size_t names_per_query = 100;
constexpr std::uint32_t left = 3;  // IMUser.status of somebody who has left

constexpr char upsert_credential[] =
    " {on_conflict:user_id} algorithm = {new:algorithm}, hash = {new:hash}, updated = {new:updated}";

/// Users whose name or state changes are changed one transaction at a time, on all nodes.
void lock_names(sql& db) {
  db.one<number>("SELECT id FROM user_name_lock WHERE id = 1 {for_update}", {});
}

void put_credential(sql& db, number user, const std::string& hash, number now) {
  static const std::string statement =
      std::string("INSERT INTO credential(user_id, algorithm, hash, updated) VALUES (?, 'argon2id', ?, ?)") +
      upsert_credential;
  db.execute(statement.c_str(), {user, hash, now});
}

/// Finds or makes it.
number department_id(sql& db, const new_user& user, number now, std::vector<number>& made) {
  if (user.department_id) {
    require_department(db, user.department_id);
    return user.department_id;
  }
  number found = 0;
  db.each<number, text>("SELECT id, departName FROM IMDepart WHERE departName = ? AND status = 0 ORDER BY id",
                        {user.department}, [&](number id, text stored) {
                          if (!found && stored == user.department) found = id;
                        });
  if (found) return found;
  const auto inserted = db.execute(
      "INSERT INTO IMDepart(departName, priority, parentId, status, created, updated) VALUES (?, 0, 0, 0, ?, ?)",
      {user.department, now, now});
  made.push_back(static_cast<number>(inserted.inserted_id));
  return made.back();
}

std::vector<std::string> names_of(std::span<const prepared_user> users) {
  std::vector<std::string> names;
  names.reserve(users.size());
  for (const auto& one : users) names.push_back(one.user.name);
  return names;
}

}  // namespace

std::optional<account> find_account(sql& db, text name) {
  // utf8mb4_bin pads with blanks, so "bob" finds "bob " as well.
  static constexpr char statement[] =
      "SELECT u.id, u.sex, u.departId, u.name, u.domain, u.nick, u.phone, u.email, u.avatar, u.sign_info, u.password, "
      "u.salt, "
      "c.hash FROM IMUser u LEFT JOIN credential c ON c.user_id = u.id WHERE u.name = ? AND u.status = 0 ORDER BY u.id";
  std::optional<account> found;
  db.each<number, number, number, text, text, text, text, text, text, text, text, text, text>(
      statement, {name},
      [&](number id, number sex, number department, text stored, text domain, text nick, text phone, text email,
          text avatar, text sign, text md5, text salt, text argon2) {
        if (found || stored != name) return;
        found = account{id,
                        sex,
                        department,
                        std::string(stored),
                        std::string(domain),
                        std::string(nick),
                        std::string(phone),
                        std::string(email),
                        std::string(avatar),
                        std::string(sign),
                        std::string(md5),
                        std::string(salt),
                        std::string(argon2)};
      });
  return found;
}

bool replace_secret(sql& db, const account& from, const std::string& argon2, number now) {
  bool replaced = false;
  db.transaction([&] {
    if (from.md5.empty()) {
      replaced = db.execute("UPDATE credential SET hash = ?, updated = ? WHERE user_id = ? AND hash = ?",
                            {argon2, now, from.id, from.argon2})
                     .affected > 0;
      return;
    }
    replaced =
        db.execute(
              "UPDATE IMUser SET password = '', salt = '' WHERE id = ? AND password = ? AND COALESCE(salt, '') = ?",
              {from.id, from.md5, from.salt})
            .affected > 0;
    if (replaced) put_credential(db, from.id, argon2, now);
  });
  return replaced;
}

void set_secret(sql& db, number user, const stored_secret& to, number now) {
  db.transaction([&] {
    db.execute("UPDATE IMUser SET password = ?, salt = ? WHERE id = ?", {to.md5, to.salt, user});
    put_credential(db, user, to.argon2, now);
  });
}

bool set_shield(sql& db, number user, number shield, number now) {
  return db.execute("UPDATE IMUser SET push_shield_status = ?, updated = ? WHERE id = ?", {shield, now, user})
             .affected > 0;
}

std::optional<number> shield(sql& db, number user) {
  const auto row = db.one<number>("SELECT push_shield_status FROM IMUser WHERE id = ?", {user});
  return row ? std::optional(std::get<0>(*row)) : std::nullopt;
}

void set_device_token(sql& db, number user, number client_type, const std::string& token, number now) {
  db.transaction([&] {
    db.execute("DELETE FROM device_token WHERE token = ? AND user_id <> ?", {token, user});
    db.execute(
        "INSERT INTO device_token(user_id, client_type, token, updated) VALUES (?, ?, ?, ?) {on_conflict:user_id} "
        "client_type = {new:client_type}, token = {new:token}, updated = {new:updated}",
        {user, client_type, token, now});
  });
}

void clear_device_token(sql& db, number user) {
  db.execute("DELETE FROM device_token WHERE user_id = ?", {user});
}

std::unordered_map<std::string, number> taken(sql& db, std::span<const std::string> names) {
  // One width of the list, so that one statement stays prepared.
  static const std::string statement =
      "SELECT id, name FROM IMUser WHERE status = 0 AND name IN (" + parley::marks(names_per_query) + ") ORDER BY id";
  std::unordered_map<std::string, number> found;
  for (std::size_t from = 0; from < names.size(); from += names_per_query) {
    const auto wanted = names.subspan(from, std::min(names_per_query, names.size() - from));
    std::vector<sql_value> parameters(names_per_query, sql_value(wanted.front()));
    std::copy(wanted.begin(), wanted.end(), parameters.begin());
    db.each<number, text>(statement.c_str(), parameters.data(), parameters.size(),
                          [&](number id, text name) { found.emplace(name, id); });
  }
  return found;
}

added_users add_users(sql& db, std::span<const prepared_user> users, number now) {
  added_users done;
  const std::vector<std::string> names = names_of(users);
  db.transaction([&] {
    done.ids.assign(users.size(), 0);
    done.departments.clear();
    lock_names(db);
    const auto before = taken(db, names);
    std::map<std::pair<text, number>, number> departments{{{"", 0}, 0}};
    std::vector<sql_value> rows;
    for (const auto& [user, secret] : users) {
      if (before.contains(user.name)) continue;
      const auto [department, is_new] = departments.try_emplace({user.department, user.department_id});
      if (is_new) department->second = department_id(db, user, now, done.departments);
      const std::string& nick = user.nick.empty() ? user.name : user.nick;
      rows.insert(rows.end(), {user.name, nick, secret.md5, secret.salt, user.phone, user.email, user.sex,
                               department->second, 0, now, now});
    }
    db.insert_rows(
        "INSERT INTO IMUser(name, nick, password, salt, phone, email, sex, departId, status, created, updated) VALUES",
        "", 11, rows);
    const auto after = taken(db, names);
    rows.clear();
    for (std::size_t i = 0; i < users.size(); ++i) {
      if (before.contains(names[i])) continue;
      done.ids[i] = after.at(names[i]);
      rows.insert(rows.end(), {done.ids[i], "argon2id", users[i].secret.argon2, now});
    }
    db.insert_rows("INSERT INTO credential(user_id, algorithm, hash, updated) VALUES", upsert_credential, 4, rows);
  });
  return done;
}

std::vector<listed_user> list_users(sql& db, text search, number most) {
  std::string pattern = "%";
  for (const char c : search) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  if (!search.empty()) pattern += '%';
  std::vector<listed_user> found;
  db.each<number, text, text, text, number, text, text>(
      "SELECT u.id, u.name, u.nick, d.departName, u.status, u.password, c.algorithm FROM IMUser u "
      "LEFT JOIN IMDepart d ON d.id = u.departId LEFT JOIN credential c ON c.user_id = u.id "
      "WHERE u.name LIKE ? ESCAPE '!' OR u.nick LIKE ? ESCAPE '!' ORDER BY u.id LIMIT ?",
      {pattern, pattern, most},
      [&](number id, text name, text nick, text department, number status, text md5, text algorithm) {
        const text stored = !md5.empty() ? "md5" : algorithm.empty() ? "none" : algorithm;
        found.push_back(
            {id, status, std::string(name), std::string(nick), std::string(department), std::string(stored)});
      });
  return found;
}

std::vector<number> disable(sql& db, const std::string& name, std::optional<number> only, number now) {
  std::vector<number> ids;
  db.transaction([&] {
    ids.clear();
    lock_names(db);
    db.each<number, text>("SELECT id, name FROM IMUser WHERE name = ? AND status = 0", {name},
                          [&](number id, text stored) {
                            if (stored == name && id == only.value_or(id)) ids.push_back(id);
                          });
    for (const number id : ids) {
      db.execute("UPDATE IMUser SET status = ?, updated = {greatest}(updated, ?) WHERE id = ?", {left, now, id});
      clear_device_token(db, id);
    }
  });
  return ids;
}

enabling enable(sql& db, const std::string& name, std::optional<number> only, number now) {
  enabling result;
  db.transaction([&] {
    result = {};
    lock_names(db);
    db.each<number, number, text>("SELECT id, status, name FROM IMUser WHERE name = ? ORDER BY id", {name},
                                  [&](number id, number status, text stored) {
                                    if (stored != name) return;
                                    if (status == 0) result.active = id;
                                    if (status != 0 && id == only.value_or(id)) result.id = id;
                                  });
    if (result.id && !result.active) {
      db.execute("UPDATE IMUser SET status = 0, updated = {greatest}(updated, ?) WHERE id = ?", {now, result.id});
      // Nobody counted as its member when it was removed.
      db.execute(
          "UPDATE IMUser SET departId = 0 WHERE id = ? AND departId NOT IN (SELECT id FROM IMDepart WHERE status = 0)",
          {result.id});
    }
  });
  return result;
}

}  // namespace login::store

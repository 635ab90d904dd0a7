#include "store_admins.hpp"

#include <algorithm>

namespace http_admin::store {
namespace {

using parley::sql;

template <class... Where>
std::optional<admin> one_admin(sql& db, const char* statement, const Where&... where) {
  auto row = db.one<number, std::string, number, std::string, number, number, number, number>(statement, {where...});
  if (!row) return std::nullopt;
  auto& [id, name, may, password, disabled, created, updated, last_login] = *row;
  return admin{id,      std::move(name), static_cast<role>(may), std::move(password), disabled != 0, created,
               updated, last_login};
}

struct standing {
  number id;
  role may;
  bool disabled;
};

/// All of them, locked, in the order of id: whoever takes rights away looks at who keeps them. Some dozens.
std::vector<standing> lock_all(sql& db) {
  std::vector<standing> out;
  db.each<number, number, number>("SELECT id, role, disabled FROM admin ORDER BY id {for_update}", {},
                                  [&](number id, number may, number disabled) {
                                    out.push_back({id, static_cast<role>(may), disabled != 0});
                                  });
  return out;
}

bool somebody_rules(const std::vector<standing>& all) {
  return std::any_of(all.begin(), all.end(), [](const auto& one) { return one.may == role::admin && !one.disabled; });
}

}  // namespace

std::optional<admin> find_admin(sql& db, std::string_view name) {
  return one_admin(db,  // admin_name
                   "SELECT id, name, role, password, disabled, created, updated, last_login FROM admin WHERE name = ?",
                   name);
}

std::optional<admin> find_admin(sql& db, number id) {
  return one_admin(db,  // primary key
                   "SELECT id, name, role, password, disabled, created, updated, last_login FROM admin WHERE id = ?",
                   id);
}

std::vector<admin> list_admins(sql& db, std::size_t most) {
  std::vector<admin> out;
  db.each<number, std::string, number, number, number, number, number>(  // admin_name
      "SELECT id, name, role, disabled, created, updated, last_login FROM admin ORDER BY name LIMIT ?", {most},
      [&](number id, std::string name, number may, number disabled, number created, number updated, number last) {
        out.push_back({id, std::move(name), static_cast<role>(may), {}, disabled != 0, created, updated, last});
      });
  return out;
}

number add_admin(sql& db, const admin& row) {
  number id = 0;
  db.transaction([&] {
    id = 0;
    if (db.one<number>("SELECT 1 FROM admin WHERE name = ? {for_update}", {row.name})) return;  // admin_name
    const auto made = db.execute(
        "INSERT INTO admin(name, role, password, disabled, created, updated, last_login) VALUES (?, ?, ?, 0, ?, ?, 0)",
        {row.name, static_cast<number>(row.may), row.password, row.created, row.created});
    id = static_cast<number>(made.inserted_id);
  });
  return id;
}

edit_end edit_admin(sql& db, number id, const admin_change& change, number now) {
  auto end = edit_end::done;
  db.transaction([&] {
    auto all = lock_all(db);
    const auto one = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.id == id; });
    end = one == all.end() ? edit_end::unknown : edit_end::done;
    if (end == edit_end::unknown) return;
    if (!change.was.empty()) {
      const auto now_is = find_admin(db, id);
      if (!now_is || now_is->password != change.was || now_is->disabled) {
        end = edit_end::unknown;
        return;
      }
    }
    const bool ruled = somebody_rules(all);
    one->may = change.may.value_or(one->may);
    one->disabled = change.disabled.value_or(one->disabled);
    if (ruled && !somebody_rules(all)) {
      end = edit_end::last;
      return;
    }
    db.execute("UPDATE admin SET role = ?, disabled = ?, updated = ? WHERE id = ?",  // primary key
               {static_cast<number>(one->may), one->disabled ? 1 : 0, now, id});
    if (change.password) db.execute("UPDATE admin SET password = ? WHERE id = ?", {*change.password, id});
    if (change.password || one->disabled) {  // admin_session_admin
      db.execute("DELETE FROM admin_session WHERE admin_id = ? AND digest <> ?", {id, change.keep});
    }
  });
  return end;
}

edit_end remove_admin(sql& db, number id) {
  auto end = edit_end::done;
  db.transaction([&] {
    auto all = lock_all(db);
    const bool ruled = somebody_rules(all);
    end = std::erase_if(all, [&](const auto& each) { return each.id == id; }) ? edit_end::done : edit_end::unknown;
    if (end == edit_end::unknown) return;
    if (ruled && !somebody_rules(all)) {
      end = edit_end::last;
      return;
    }
    db.execute("DELETE FROM admin WHERE id = ?", {id});                // primary key
    db.execute("DELETE FROM admin_session WHERE admin_id = ?", {id});  // admin_session_admin
  });
  return end;
}

bool add_sign_in(sql& db, const sign_in_begun& what, number now, std::size_t most) {
  bool begun = false;
  db.transaction([&] {
    begun = false;
    const auto as_it_is = db.one<std::string, number>(  // primary key
        "SELECT password, disabled FROM admin WHERE id = ? {for_update}", {what.admin});
    if (!as_it_is || std::get<0>(*as_it_is) != what.password || std::get<1>(*as_it_is) != 0) return;
    db.execute("UPDATE admin SET last_login = ? WHERE id = ?", {now, what.admin});  // primary key
    std::vector<std::string> old;
    db.each<std::string>(  // admin_session_admin
        "SELECT digest FROM admin_session WHERE admin_id = ? ORDER BY seen DESC, digest", {what.admin},
        [&](std::string each) { old.push_back(std::move(each)); });
    for (std::size_t i = most - 1; i < old.size(); ++i) {
      db.execute("DELETE FROM admin_session WHERE digest = ?", {old[i]});  // primary key
    }
    db.execute("INSERT INTO admin_session(digest, admin_id, created, seen, address) VALUES (?, ?, ?, ?, ?)",
               {what.digest, what.admin, now, now, what.address});
    begun = true;
  });
  return begun;
}

std::optional<sign_in> find_sign_in(sql& db, std::string_view digest) {
  auto row = db.one<number, std::string, number, number, number, number>(  // primary keys of both
      "SELECT a.id, a.name, a.role, a.disabled, s.created, s.seen FROM admin_session s JOIN admin a ON a.id = "
      "s.admin_id "
      "WHERE s.digest = ?",
      {digest});
  if (!row) return std::nullopt;
  sign_in out;
  number may = 0, disabled = 0;
  std::tie(out.who.id, out.who.name, may, disabled, out.created, out.seen) = std::move(*row);
  out.who.may = static_cast<role>(may);
  out.who.disabled = disabled != 0;
  return out;
}

void touch_sign_in(sql& db, std::string_view digest, number now) {
  db.execute("UPDATE admin_session SET seen = ? WHERE digest = ?", {now, digest});  // primary key
}

void end_sign_in(sql& db, std::string_view digest) {
  db.execute("DELETE FROM admin_session WHERE digest = ?", {digest});  // primary key
}

void expire_sign_ins(sql& db, number before) {
  db.execute("DELETE FROM admin_session WHERE seen < ?", {before});  // admin_session_seen
}

}  // namespace http_admin::store

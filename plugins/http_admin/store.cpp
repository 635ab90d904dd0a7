#include "store.hpp"

namespace http_admin::store {

using parley::sql;

std::optional<app_key> find_key(sql& db, std::string_view digest) {
  auto row = db.one<std::string, number, std::string, std::string, number>(  // primary key
      "SELECT name, user_id, calls, addresses, created FROM app_key WHERE digest = ?", {digest});
  if (!row) return std::nullopt;
  auto& [name, user, calls, addresses, created] = *row;
  return app_key{std::move(name), user, std::move(calls), std::move(addresses), created};
}

bool add_key(sql& db, std::string_view digest, const app_key& row) {
  bool added = false;
  db.transaction([&] {
    added = !db.one<number>("SELECT 1 FROM app_key WHERE name = ? {for_update}", {row.name});  // app_key_name
    if (!added) return;
    db.execute("INSERT INTO app_key(digest, name, user_id, calls, addresses, created) VALUES (?, ?, ?, ?, ?, ?)",
               {digest, row.name, row.user, row.calls, row.addresses, row.created});
  });
  return added;
}

bool remove_key(sql& db, std::string_view name) {
  return db.execute("DELETE FROM app_key WHERE name = ?", {name}).affected > 0;  // app_key_name
}

std::vector<app_key> list_keys(sql& db, std::size_t most) {
  std::vector<app_key> out;
  db.each<std::string, number, std::string, std::string, number>(  // app_key_name
      "SELECT name, user_id, calls, addresses, created FROM app_key ORDER BY name LIMIT ?", {most},
      [&](std::string name, number user, std::string calls, std::string addresses, number created) {
        out.push_back({std::move(name), user, std::move(calls), std::move(addresses), created});
      });
  return out;
}

std::optional<number> find_user(sql& db, std::string_view name) {
  const auto row = db.one<number>("SELECT id FROM IMUser WHERE name = ? AND status <> 3", {name});  // IMUser_name
  if (!row) return std::nullopt;
  return std::get<0>(*row);
}

std::vector<link> list_links(sql& db, std::size_t most) {
  std::vector<link> out;
  db.each<number, std::string, std::string, number>(  // a table of some dozens of rows
      "SELECT id, itemName, itemUrl, itemPriority FROM IMDiscovery WHERE status = 0 ORDER BY itemPriority, id LIMIT ?",
      {most}, [&](number id, std::string name, std::string url, number priority) {
        out.push_back({id, std::move(name), std::move(url), priority});
      });
  return out;
}

number add_link(sql& db, const link& row, number now) {
  const auto done = db.execute(
      "INSERT INTO IMDiscovery(itemName, itemUrl, itemPriority, status, created, updated) VALUES (?, ?, ?, 0, ?, ?)",
      {row.name, row.url, row.priority, now, now});
  return static_cast<number>(done.inserted_id);
}

bool remove_link(sql& db, number id, number now) {
  return db.execute("UPDATE IMDiscovery SET status = 1, updated = ? WHERE id = ? AND status = 0", {now, id})  // primary
             .affected > 0;
}

}  // namespace http_admin::store

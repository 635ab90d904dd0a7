#include "store/catalog.hpp"

#include <algorithm>
#include <set>

namespace parley::store {

namespace {

using type = column::type;

bool has(const std::string& text, const char* part) {
  return text.find(part) != text.npos;
}

/// SQLite's rules of affinity, https://www.sqlite.org/datatype3.html
type sqlite_type(const std::string& declared) {
  const auto text = lower(declared);
  if (has(text, "int")) return type::integer;
  if (has(text, "char") || has(text, "clob") || has(text, "text")) return type::text;
  return has(text, "blob") || text.empty() ? type::bytes : type::other;
}

type mysql_type(const std::string& name) {
  static const std::set<std::string> integers{"tinyint", "smallint", "mediumint", "int", "bigint", "year"};
  if (integers.contains(name)) return type::integer;
  if (has(name, "blob") || has(name, "binary") || name == "bit") return type::bytes;
  return has(name, "char") || has(name, "text") ? type::text : type::other;
}

catalog sqlite_catalog(end& of) {
  catalog all;
  std::map<std::string, std::map<std::int64_t, std::string>> keys;
  of.db().each<std::string, std::string, std::string, std::int64_t, std::int64_t>(
      "SELECT m.name, p.name, p.type, p.\"notnull\", p.pk FROM sqlite_master m JOIN pragma_table_info(m.name) p "
      "WHERE m.type = 'table' AND substr(m.name, 1, 7) <> 'sqlite_' ORDER BY m.name, p.cid",
      {},
      [&](const std::string& name, const std::string& of_column, const std::string& declared, std::int64_t not_null,
          std::int64_t key) {
        auto& one = all[lower(name)];
        one.name = name;
        one.columns.push_back({of_column, sqlite_type(declared), declared, not_null == 0});
        if (key > 0) keys[lower(name)][key] = of_column;
      });
  for (const auto& [name, columns] : keys) {
    for (const auto& [place, of_column] : columns) all[name].key.push_back(of_column);
  }
  const auto counters = of.db().one<std::int64_t>("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'", {});
  if (!counters) return all;
  of.db().each<std::string>("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'", {},
                            [&](const std::string& name) { all[lower(name)].next_id = 1; });
  of.db().each<std::string, std::uint64_t>("SELECT name, seq FROM sqlite_sequence", {},
                                           [&](const std::string& name, std::uint64_t seq) {
                                             const auto found = all.find(lower(name));
                                             if (found != all.end()) found->second.next_id = seq + 1;
                                           });
  return all;
}

catalog mysql_catalog(end& of) {
  catalog all;
  of.db().each<std::string, std::uint64_t>(
      "SELECT TABLE_NAME, AUTO_INCREMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE "
      "= 'BASE TABLE'",
      {}, [&](const std::string& name, std::uint64_t next_id) {
        all[lower(name)].name = name;
        all[lower(name)].next_id = next_id;
      });
  of.db().each<std::string, std::string, std::string, std::string, std::string>(
      "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE FROM information_schema.COLUMNS WHERE "
      "TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION",
      {},
      [&](const std::string& name, const std::string& of_column, const std::string& kind, const std::string& declared,
          const std::string& nullable) {
        const auto found = all.find(lower(name));
        if (found == all.end()) return;  // a view's
        found->second.columns.push_back({of_column, mysql_type(lower(kind)), declared, nullable == "YES"});
      });
  of.db().each<std::string, std::string>(
      "SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() AND "
      "CONSTRAINT_NAME = 'PRIMARY' ORDER BY TABLE_NAME, ORDINAL_POSITION",
      {}, [&](const std::string& name, const std::string& of_column) {
        const auto found = all.find(lower(name));
        if (found != all.end()) found->second.key.push_back(of_column);
      });
  return all;
}

}  // namespace

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

bool is_bookkeeping(const std::string& lower_name) {
  static const std::set<std::string> names{"schema_migration", "schema_progress", "commit_marker", "copy_progress"};
  return names.contains(lower_name);
}

std::string table::letters() const {
  std::string out;
  for (const auto& one : columns) out += one.kind == column::type::integer ? 'i' : 's';
  return out;
}

const column* table::find(const std::string& column_name) const {
  const auto wanted = lower(column_name);
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return lower(c.name) == wanted; });
  return found == columns.end() ? nullptr : &*found;
}

bool table::has_bytes() const {
  return std::any_of(columns.begin(), columns.end(), [](const auto& c) {
    return c.kind == column::type::bytes && lower(c.declared).find("blob") != std::string::npos;
  });
}

catalog read_catalog(end& of) {
  return of.sqlite() ? sqlite_catalog(of) : mysql_catalog(of);
}

}  // namespace parley::store

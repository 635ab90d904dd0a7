#include "store/schema.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "host/plugin/descriptor.hpp"
#include "host/pool/migrations.hpp"
#include "import/schema.hpp"
#include "store/trouble.hpp"

namespace parley::store {

namespace fs = std::filesystem;

namespace {

using numbers = std::set<std::uint64_t>;

/// In the order in which they were applied first; of one second, as they are bundled.
struct recorded_plugin {
  std::string name;
  numbers known;
};

std::vector<recorded_plugin> recorded(end& of) {
  static const std::vector<std::string> bundled{"login", "message", "group", "buddy", "file", "msfs"};
  struct entry {
    recorded_plugin plugin;
    std::uint64_t first = 0;
    std::ptrdiff_t rank = 0;
  };
  std::vector<entry> all;
  of.db().each<std::string, std::uint64_t, std::uint64_t>(
      "SELECT plugin, number, applied FROM schema_migration ORDER BY plugin, number", {},
      [&](const std::string& name, std::uint64_t number, std::uint64_t applied) {
        if (all.empty() || all.back().plugin.name != name) {
          all.push_back({{name, {}}, applied, std::find(bundled.begin(), bundled.end(), name) - bundled.begin()});
        }
        all.back().plugin.known.insert(number);
        all.back().first = std::min(all.back().first, applied);
      });
  std::sort(all.begin(), all.end(), [](const entry& a, const entry& b) {
    return std::tie(a.first, a.rank, a.plugin.name) < std::tie(b.first, b.rank, b.plugin.name);
  });
  std::vector<recorded_plugin> out;
  for (auto& one : all) out.push_back(std::move(one.plugin));
  return out;
}

std::map<std::string, std::vector<host::migration>> migrations_of(const std::string& parleyd,
                                                                  const std::vector<std::string>& directories) {
  std::vector<std::string> files;
  for (const auto& directory : directories) {
    std::error_code failed;
    for (fs::directory_iterator entry(directory, failed), none; !failed && entry != none; entry.increment(failed)) {
      if (entry->path().extension() == ".so") files.push_back(entry->path().string());
    }
  }
  std::map<std::string, std::vector<host::migration>> all{{"import-teamtalk", teamtalk::own_migrations()}};
  for (const auto& one : host::describe_all(parleyd, files)) {
    if (!one) continue;  // missed only where it is needed
    auto& steps = all[one->name];
    for (const auto& step : one->migrations) steps.push_back({step.number, step.name, step.statements});
  }
  return all;
}

std::string type_for(const end& to, const column& of, bool in_key) {
  switch (of.kind) {
    case column::type::integer:
      if (to.sqlite()) return "INTEGER";
      return of.declared.find("unsigned") != std::string::npos ? "BIGINT UNSIGNED" : "BIGINT";
    case column::type::bytes:
      return to.sqlite() ? "BLOB" : in_key ? "VARBINARY(255)" : "LONGBLOB";
    default:
      if (to.sqlite()) return "TEXT";
      return std::string(in_key ? "VARCHAR(255)" : "LONGTEXT") + " CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin";
  }
}

void create(const table& what, end& to) {
  std::string columns, key;
  for (const auto& one : what.key) key += (key.empty() ? "" : ",") + quoted(one);
  const bool counted = to.sqlite() && what.next_id > 0 && what.key.size() == 1;
  for (const auto& one : what.columns) {
    const bool in_key = std::find(what.key.begin(), what.key.end(), one.name) != what.key.end();
    columns += (columns.empty() ? "" : ", ") + quoted(one.name) + " ";
    if (in_key && counted) {
      columns += "INTEGER PRIMARY KEY AUTOINCREMENT";
    } else {
      columns += type_for(to, one, in_key) + (one.nullable && !in_key ? "" : " NOT NULL");
      if (in_key && what.next_id > 0 && !to.sqlite()) columns += " AUTO_INCREMENT";
    }
  }
  if (!counted) columns += ", PRIMARY KEY (" + key + ")";
  to.db().execute(("CREATE TABLE IF NOT EXISTS " + quoted(what.name) + "(" + columns + ") {table}").c_str());
}

}  // namespace

void refuse_foreign_rows(end& to, const catalog& tables) {
  if (tables.contains("copy_progress")) return;
  for (const auto& [name, one] : tables) {
    if (is_bookkeeping(name) || name == "user_name_lock") continue;  // the one row of that is a migration's
    const auto row = to.db().one<std::int64_t>(("SELECT 1 FROM " + quoted(one.name) + " LIMIT 1").c_str(), {});
    if (!row) continue;
    throw trouble(to.shown() + ": it is not empty, table " + one.name +
                  " has rows, and they are of no copy that was begun: name an empty database");
  }
}

int migrate_like(end& from, end& to, const std::string& parleyd, const std::vector<std::string>& directories) {
  const auto had = migrations_of(parleyd, directories);
  int count = 0;
  const auto wanted = recorded(from);
  for (const auto& plugin : wanted) {
    std::vector<host::migration> steps;
    const auto found = had.find(plugin.name);
    for (const auto number : plugin.known) {
      const auto step = found == had.end() ? std::vector<host::migration>::const_iterator{}
                                           : std::find_if(found->second.begin(), found->second.end(),
                                                          [&](const auto& s) { return s.number == number; });
      if (found == had.end() || step == found->second.end()) {
        throw trouble(from.shown() + ": its tables are as migration " + std::to_string(number) + " of plugin " +
                      plugin.name + " made them, and no plugin here has that: name its directory by --plugins DIR");
      }
      steps.push_back(*step);
    }
    const auto ran = host::migrate(to.connection(), plugin.name, steps);
    if (!ran) throw trouble(to.shown() + ": " + ran.text(), interrupted);
    count += *ran;
  }
  for (const auto& there : recorded(to)) {
    const auto same = std::find_if(wanted.begin(), wanted.end(), [&](const auto& w) { return w.name == there.name; });
    if (same != wanted.end() && same->known == there.known) continue;
    throw trouble(to.shown() + ": plugin " + there.name + " has changed it further than " + from.shown() +
                  ": start a node on that one once, or name an empty database");
  }
  return count;
}

void add_missing(const catalog& from, end& to) {
  const auto there = read_catalog(to);
  for (const auto& [name, wanted] : from) {
    if (is_bookkeeping(name)) continue;
    const auto found = there.find(name);
    if (found == there.end()) {
      create(wanted, to);
      continue;
    }
    for (const auto& one : wanted.columns) {
      if (found->second.find(one.name)) continue;
      to.db().execute(("ALTER TABLE " + quoted(found->second.name) + " ADD COLUMN " + quoted(one.name) + " " +
                       type_for(to, one, false))
                          .c_str());
    }
  }
}

}  // namespace parley::store

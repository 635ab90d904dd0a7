#include "import/schema.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "host/plugin/descriptor.hpp"
#include "import/trouble.hpp"

namespace parley::teamtalk {
namespace {

constexpr const char* own_name = "import-teamtalk";
constexpr char own_tables[] = R"(
CREATE TABLE IF NOT EXISTS import_progress(
  step {text:64} NOT NULL PRIMARY KEY,
  position {text:64} NOT NULL,
  finished {u64} NOT NULL
) {table};
CREATE TABLE IF NOT EXISTS import_change(
  id {id},
  table_name {text:64} NOT NULL,
  row_id {u64} NOT NULL,
  column_name {text:64} NOT NULL,
  old_value {u64} NOT NULL,
  new_value {u64} NOT NULL,
  new_table {text:64} NOT NULL,
  new_row_id {u64} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS import_change_row ON import_change(table_name, row_id);
)";

struct needed_table {
  std::string name;
  std::vector<std::string> columns;
  const char* text = nullptr;  // the column whose character set matters
};

std::vector<needed_table> needed() {
  std::vector<needed_table> all{{"IMUser",
                                 {"id", "sex", "name", "domain", "nick", "password", "salt", "phone", "email", "avatar",
                                  "departId", "status", "created", "updated", "push_shield_status", "sign_info"},
                                 "name"},
                                {"IMRelationShip", {"id", "smallId", "bigId", "status", "created", "updated"}},
                                {"IMRecentSession", {"id", "userId", "peerId", "type", "status", "created", "updated"}},
                                {"IMGroup", {"id", "name", "userCnt", "status", "version", "created", "updated"}},
                                {"IMGroupMember", {"id", "groupId", "userId", "status", "created", "updated"}},
                                {"IMAudio", {"id", "fromId", "toId", "path", "size", "duration", "created"}}};
  for (char shard = '0'; shard < '8'; ++shard) {
    all.push_back({std::string("IMMessage_") + shard,
                   {"id", "relateId", "fromId", "toId", "msgId", "content", "type", "status", "updated", "created"},
                   "content"});
    all.push_back({std::string("IMGroupMessage_") + shard,
                   {"id", "groupId", "userId", "msgId", "content", "type", "status", "updated", "created"},
                   "content"});
  }
  return all;
}

void check_tables(job& work) {
  std::map<std::string, std::map<std::string, std::string>> found;  // table, column, character set
  work.db().each<std::string, std::string, std::string>(
      "SELECT TABLE_NAME, COLUMN_NAME, CHARACTER_SET_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
      "DATABASE()",
      {}, [&](const std::string& table, const std::string& column, const std::string& charset) {
        found[table][column] = charset;
      });
  std::string lacking, strange;
  for (const auto& table : needed()) {
    const auto there = found.find(table.name);
    if (there == found.end()) {
      lacking += (lacking.empty() ? "" : ", ") + table.name;
      continue;
    }
    for (const auto& column : table.columns) {
      if (!there->second.contains(column)) lacking += (lacking.empty() ? "" : ", ") + table.name + "." + column;
    }
    if (!table.text || !there->second.contains(table.text)) continue;
    const auto& charset = there->second[table.text];
    if (charset != "utf8mb4") {
      strange += "\n  " + table.name + "." + table.text + " is " + charset + ": ALTER TABLE " + table.name +
                 " CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
    }
  }
  if (!lacking.empty()) {
    throw trouble(work.shown() + ": this is no TeamTalk database, or not all of one: it lacks " + lacking +
                  "; check the database in the url, or add what TeamTalk's tables should have");
  }
  if (!strange.empty()) {
    throw trouble(work.shown() +
                  ": texts need the character set utf8mb4; after a backup, as an administrator:" + strange);
  }
}

/// Before anything is half done: each of what it will do, on no row.
void check_privileges(job& work) {
  std::vector<std::string> statements{"UPDATE IMRelationShip SET status = 1 WHERE 1 = 0",
                                      "UPDATE IMGroup SET version = 1 WHERE 1 = 0",
                                      "UPDATE IMGroupMember SET status = 1 WHERE 1 = 0",
                                      "INSERT INTO IMGroupMember(groupId, userId, status, created, updated) SELECT 0, "
                                      "0, 1, 0, 0 FROM IMUser WHERE 1 = 0"};
  for (char shard = '0'; shard < '8'; ++shard) {
    const auto table = std::string("IMMessage_") + shard;
    statements.push_back("UPDATE " + table + " SET msgId = 0 WHERE 1 = 0");
    statements.push_back("DELETE FROM " + table + " WHERE 1 = 0");
    statements.push_back("INSERT INTO " + table +
                         "(relateId, fromId, toId, msgId, content, updated, created) SELECT 0, 0, 0, 0, '', 0, 0 FROM "
                         "IMUser WHERE 1 = 0");
    statements.push_back(std::string("UPDATE IMGroupMessage_") + shard + " SET msgId = 0 WHERE 1 = 0");
  }
  for (const auto& one : statements) {
    try {
      work.db().execute(one.c_str());
    } catch (const sql_error& e) {
      throw trouble(work.shown() + ": " + e.what());
    }
  }
}

std::vector<host::plugin_info> plugins_of(const options& o) {
  std::vector<host::plugin_info> all;
  const std::vector<std::string> files{o.plugins + "/login.so", o.plugins + "/message.so"};
  for (auto& one : host::describe_all(o.parleyd, files)) {
    if (!one) throw trouble(one.text() + "; --plugins DIR says where login.so and message.so are");
    all.push_back(std::move(*one));
  }
  return all;
}

void check_age(job& work, const std::map<std::string, std::uint64_t>& known) {
  if (!work.has_table("schema_migration")) return;
  work.db().each<std::string, std::uint64_t>(
      "SELECT plugin, MAX(number) FROM schema_migration GROUP BY plugin", {},
      [&](const std::string& plugin, std::uint64_t newest) {
        const auto mine = known.find(plugin);
        if (mine == known.end() || newest <= mine->second) return;
        throw trouble(work.shown() + ": a newer Parley has changed this database (" + plugin + ", migration " +
                      std::to_string(newest) + "; this one knows " + std::to_string(mine->second) +
                      "); import with that version's parleyctl");
      });
}

}  // namespace

const std::vector<host::migration>& own_migrations() {
  static const std::vector<host::migration> all{{1, "tables", own_tables}};
  return all;
}

void check_schema(job& work) {
  check_tables(work);
  std::map<std::string, std::uint64_t> known{{own_name, own_migrations().back().number}};
  for (const auto& plugin : plugins_of(work.how())) {
    for (const auto& step : plugin.migrations)
      known[plugin.name] = std::max<std::uint64_t>(known[plugin.name], step.number);
  }
  check_age(work, known);
  if (!work.dry()) check_privileges(work);
}

void migrate(job& work) {
  work.enter("tables");
  int count = 0;
  const auto apply = [&](const std::string& name, const std::vector<host::migration>& steps) {
    const auto ran = host::migrate(work.connection(), name, steps);
    if (!ran) throw trouble(work.shown() + ": " + ran.text());
    count += *ran;
  };
  for (const auto& plugin : plugins_of(work.how())) {
    std::vector<host::migration> steps;
    for (const auto& one : plugin.migrations) steps.push_back({one.number, one.name, one.statements});
    apply(plugin.name, steps);
  }
  apply(own_name, own_migrations());
  work.out().count("migrations applied", static_cast<std::uint64_t>(count));
  work.checkpoint();
  work.out().end(count ? "done" : "was done");
}

}  // namespace parley::teamtalk

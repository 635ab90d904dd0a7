#include "host/pool/migrations.hpp"

#include <algorithm>
#include <set>

#include "host/net/loop.hpp"
#include "host/pool/dialect.hpp"

namespace parley::host {

namespace {

constexpr std::string_view create_table =
    "CREATE TABLE IF NOT EXISTS schema_migration(plugin {text:64} NOT NULL, number {u32} NOT NULL, name {text:128} NOT "
    "NULL, "
    "applied {u64} NOT NULL, PRIMARY KEY(plugin, number)) {table}";

parley_sql_value value(std::string_view text) {
  return {PARLEY_SQL_BYTES, 0, 0, {text.data(), text.size()}};
}
parley_sql_value value(std::uint64_t number) {
  return {PARLEY_SQL_INTEGER, 0, static_cast<std::int64_t>(number), {}};
}

class migrator {
 public:
  migrator(sql_connection& connection, const std::string& plugin) : db_(connection), plugin_(plugin) {}

  result<int> run(const std::vector<migration>& list) {
    if (auto s = db_.execute(create_table, {}); s != PARLEY_OK) return failed(s, "schema_migration");
    if (!read_recorded()) return failed(status_, "schema_migration");
    int count = 0;
    for (const auto& m : list) {
      if (recorded_.contains(m.number)) continue;
      auto applied = apply(m);
      if (!applied) return applied.failure();
      count += *applied;
    }
    return count;
  }

 private:
  bool read_recorded() {
    recorded_.clear();
    const parley_sql_value of[] = {value(plugin_)};
    status_ =
        db_.query("SELECT number FROM schema_migration WHERE plugin = ?", of, "i", &recorded_,
                  [](void* set, const parley_sql_value* row) {
                    static_cast<std::set<std::uint64_t>*>(set)->insert(static_cast<std::uint64_t>(row[0].integer));
                  });
    return status_ == PARLEY_OK;
  }

  /// 1, or 0 when another process was faster.
  result<int> apply(const migration& m) {
    const auto where = "migration " + std::to_string(m.number) + " (" + m.name + ")";
    if (auto s = db_.lock_schema(); s != PARLEY_OK) return failed(s, where);
    if (!read_recorded()) return undo(failed(status_, where));
    if (recorded_.contains(m.number)) {
      db_.unlock_schema(false);
      return 0;
    }
    for (const auto statement : split_sql(m.statements)) {
      const auto text = expand_sql(db_.kind(), statement);
      const bool blank = text && text->find_first_not_of(" \t\r\n;") == text->npos;
      if (blank) continue;
      if (auto s = db_.execute(statement, {}); s != PARLEY_OK) {
        return undo(failed(s, where + ", statement `" + std::string(statement.substr(0, 100)) + "`"));
      }
    }
    const parley_sql_value row[] = {value(plugin_), value(m.number), value(m.name), value(loop::unix_ms() / 1000)};
    if (auto s = db_.execute("INSERT INTO schema_migration(plugin, number, name, applied) VALUES (?, ?, ?, ?)", row);
        s != PARLEY_OK) {
      return undo(failed(s, where));
    }
    if (auto s = db_.unlock_schema(true); s != PARLEY_OK) return undo(failed(s, where));
    return 1;
  }

  error failed(parley_status code, const std::string& where) const {
    return {static_cast<status>(code), "plugin " + plugin_ + ": " + where + ": " + db_.error()};
  }
  error undo(error why) {
    db_.unlock_schema(false);
    return why;
  }

  sql_connection& db_;
  const std::string& plugin_;
  parley_status status_ = PARLEY_OK;
  std::set<std::uint64_t> recorded_;
};

}  // namespace

result<int> migrate(sql_connection& connection, const std::string& plugin, std::vector<migration> migrations) {
  std::sort(migrations.begin(), migrations.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  return migrator(connection, plugin).run(migrations);
}

}  // namespace parley::host

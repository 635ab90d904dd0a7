#include "host/pool/migrations.hpp"

#include <algorithm>
#include <set>

#include "host/net/loop.hpp"
#include "host/pool/dialect.hpp"
#include "host/pool/index_statement.hpp"

namespace parley::host {

namespace {

constexpr std::string_view create_table =
    "CREATE TABLE IF NOT EXISTS schema_migration(plugin {text:64} NOT NULL, number {u32} NOT NULL, name {text:128} NOT "
    "NULL, "
    "applied {u64} NOT NULL, PRIMARY KEY(plugin, number)) {table}";

constexpr std::string_view create_progress =
    "CREATE TABLE IF NOT EXISTS schema_progress(plugin {text:64} NOT NULL, number {u32} NOT NULL, statement {u32} NOT "
    "NULL, PRIMARY KEY(plugin, number, statement)) {table}";

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
    if (stepwise()) {
      if (auto s = db_.execute(create_progress, {}); s != PARLEY_OK) return failed(s, "schema_progress");
    }
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
  std::uint64_t newest_recorded() const { return recorded_.empty() ? 0 : *recorded_.rbegin(); }

 private:
  /// Statements commit one by one.
  bool stepwise() const { return db_.kind() == sql_kind::mysql; }

  bool read_numbers(std::string_view statement, std::span<const parley_sql_value> of, std::set<std::uint64_t>& into) {
    into.clear();
    status_ = db_.query(statement, of, "i", &into, [](void* set, const parley_sql_value* row) {
      static_cast<std::set<std::uint64_t>*>(set)->insert(static_cast<std::uint64_t>(row[0].integer));
    });
    return status_ == PARLEY_OK;
  }
  bool read_recorded() {
    const parley_sql_value of[] = {value(plugin_)};
    return read_numbers("SELECT number FROM schema_migration WHERE plugin = ?", of, recorded_);
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
    if (auto ran = run_statements(m, where); !ran) return undo(ran.failure());
    const parley_sql_value row[] = {value(plugin_), value(m.number), value(m.name), value(loop::unix_ms() / 1000)};
    if (auto s = db_.execute("INSERT INTO schema_migration(plugin, number, name, applied) VALUES (?, ?, ?, ?)", row);
        s != PARLEY_OK) {
      return undo(failed(s, where));
    }
    if (auto s = db_.unlock_schema(true); s != PARLEY_OK) return undo(failed(s, where));
    return 1;
  }

  result<void> run_statements(const migration& m, const std::string& where) {
    const auto written = split_sql(m.statements);
    const auto statements =
        stepwise() ? with_indexes(written) : std::vector<std::string>(written.begin(), written.end());
    const parley_sql_value of[] = {value(plugin_), value(m.number)};
    std::set<std::uint64_t> done;
    if (stepwise() &&
        !read_numbers("SELECT statement FROM schema_progress WHERE plugin = ? AND number = ?", of, done)) {
      return failed(status_, where);
    }
    for (std::size_t i = 0; i < statements.size(); ++i) {
      if (done.contains(i)) continue;
      const auto text = expand_sql(db_.kind(), statements[i]);
      const bool blank = text && text->find_first_not_of(" \t\r\n;") == text->npos;
      if (blank) continue;
      if (auto s = run_one(m, statements[i], i); s != PARLEY_OK) {
        auto why = failed(s, where + ", statement `" + statements[i].substr(0, 100) + "`");
        if (stepwise()) why.text += half_finished(i, statements.size(), done.size());
        return why;
      }
    }
    return {};
  }

  /// With a note of it, where it commits by itself and cannot be repeated; what only changes rows is one transaction
  /// with its note.
  parley_status run_one(const migration& m, std::string_view statement, std::size_t i) {
    const bool repeatable = statement.find(" IF NOT EXISTS ") < statement.find('(');
    if (!stepwise() || repeatable) return db_.change_schema(statement);
    const bool rows =
        statement.starts_with("INSERT") || statement.starts_with("UPDATE") || statement.starts_with("DELETE");
    const parley_sql_value note[] = {value(plugin_), value(m.number), value(std::uint64_t{i})};
    auto s = rows ? db_.begin() : PARLEY_OK;
    if (s == PARLEY_OK) s = db_.change_schema(statement);
    if (s == PARLEY_OK)
      s = db_.execute("INSERT INTO schema_progress(plugin, number, statement) VALUES (?, ?, ?)", note);
    if (s == PARLEY_OK && rows) s = db_.commit();
    return s;
  }

  static std::string half_finished(std::size_t failed_at, std::size_t count, std::size_t earlier) {
    return "; the database keeps what is done: " + std::to_string(failed_at) + " of " + std::to_string(count) +
           " statements" + (earlier ? ", some of them in an earlier attempt" : "") +
           ". Mend what the error says, or, if this very statement was carried out already, note it: INSERT INTO "
           "schema_progress, as its rows show; then start again, and it goes on from there";
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

result<void> refuse_half_a_copy(sql_connection& connection) {
  std::string source;
  // By its primary key. There is no such table where nothing was ever copied.
  connection.query("SELECT position FROM copy_progress WHERE name = '' AND finished = 0", {}, "s", &source,
                   [](void* to, const parley_sql_value* row) {
                     static_cast<std::string*>(to)->assign(static_cast<const char*>(row[0].bytes.data),
                                                           row[0].bytes.size);
                   });
  if (source.empty()) return {};
  return error{status::unavailable, "this database is a copy of " + source +
                                        " that is not finished: run parleyctl copy-store again, it goes on"};
}

result<int> migrate(sql_connection& connection, const std::string& plugin, std::vector<migration> migrations,
                    std::uint64_t* newest) {
  std::sort(migrations.begin(), migrations.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  migrator all(connection, plugin);
  auto applied = all.run(migrations);
  if (newest) *newest = all.newest_recorded();
  return applied;
}

}  // namespace parley::host

// Changes of a MySQL schema: one node at a time, and no index twice.
#include "host/pool/index_statement.hpp"
#include "host/pool/mysql_connection.hpp"

namespace parley::host {

namespace {

constexpr std::chrono::hours longest_change{24};  // an index on a large table takes its time

std::string name_of_lock(const std::string& database) {
  static constexpr std::size_t longest = 64;
  return "parley schema " + database.substr(0, longest - 14);
}

}  // namespace

parley_status mysql_connection::lock_schema() {
  if (auto s = enter(); s != PARLEY_OK) return s;
  if (open_ || schema_locked_) return fail(PARLEY_FAULT, "lock_schema: a transaction is open");
  if (!reopen(longest_change)) return PARLEY_UNAVAILABLE;
  const auto patience = std::chrono::duration_cast<std::chrono::seconds>(servers_.settings().lock_timeout).count();
  std::string ask = "SELECT GET_LOCK(";
  const auto name = name_of_lock(servers_.settings().database);
  append_value(ask, {PARLEY_SQL_BYTES, 0, 0, {name.data(), name.size()}}, link_->native());
  const auto got = link_->ask(ask + ", " + std::to_string(patience) + ")");
  if (link_->number()) return fail_with_server("SELECT GET_LOCK");
  if (got != "1") {
    reopen();
    return fail(PARLEY_UNAVAILABLE,
                servers_.settings().shown + ": another node is changing the schema: start again when it is done");
  }
  schema_locked_ = true;
  return PARLEY_OK;
}

/// The session's end releases the lock; each statement has committed by itself.
parley_status mysql_connection::unlock_schema(bool) {
  if (!schema_locked_) return PARLEY_OK;
  schema_locked_ = false;
  if (open_) rollback();
  auto reason = error_;
  if (!reopen()) return PARLEY_UNAVAILABLE;
  error_ = std::move(reason);
  return PARLEY_OK;
}

parley_status mysql_connection::change_schema(std::string_view statement) {
  parley_status failed = PARLEY_OK;
  if (index_exists(statement, failed) || failed != PARLEY_OK) return failed;
  return execute(statement, {}, nullptr, nullptr);
}

/// Whether CREATE INDEX IF NOT EXISTS would give the table a second index of the same columns:
/// TeamTalk's tables have theirs under names of their own.
bool mysql_connection::index_exists(std::string_view statement, parley_status& failed) {
  const auto index = index_statement::parse(statement);
  if (!index) return false;
  const parley_sql_value of[] = {{PARLEY_SQL_BYTES, 0, 0, {index->table.data(), index->table.size()}}};
  struct context {
    const std::string wanted;
    bool found;
  } c{index->plain_columns(), false};
  failed = query(
      "SELECT GROUP_CONCAT(LOWER(COLUMN_NAME) ORDER BY SEQ_IN_INDEX SEPARATOR ',') FROM information_schema.STATISTICS "
      "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? GROUP BY INDEX_NAME",
      of, "s", &c, [](void* raw, const parley_sql_value* row) {
        auto& to = *static_cast<context*>(raw);
        const std::string_view there(static_cast<const char*>(row[0].bytes.data), row[0].bytes.size);
        to.found = to.found || there == to.wanted;
      });
  return c.found;
}

}  // namespace parley::host

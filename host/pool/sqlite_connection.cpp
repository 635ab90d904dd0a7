#include "host/pool/sqlite_connection.hpp"

#include <soci/sqlite3/soci-sqlite3.h>

#include "host/pool/sqlite_errors.hpp"

namespace parley::host {

namespace {

using namespace sqlite_api;

// SOCI's libraries keep the type information of their backends to themselves, so that a check of these casts does not
// link.
__attribute__((no_sanitize("vptr"))) sqlite3* handle(soci::session& session) {
  return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

__attribute__((no_sanitize("vptr"))) sqlite3_stmt* handle(soci::statement& statement) {
  return static_cast<soci::sqlite3_statement_backend*>(statement.get_backend())->stmt_;
}

/// SOCI reads key=value pairs once there is a '=' in the text.
std::string connect_string(const sqlite_settings& s) {
  if (s.trial) return "db=\"" + s.path + "\" readonly=true";
  return s.path.find('=') == s.path.npos ? s.path : "db=\"" + s.path + "\"";
}

}  // namespace

result<std::unique_ptr<sqlite_connection>> sqlite_connection::open(const sqlite_settings& settings,
                                                                   connection_role role) {
  std::unique_ptr<sqlite_connection> made(new sqlite_connection(settings, role));
  if (auto connected = made->connect(); !connected) return connected.failure();
  return made;
}

parley::error sqlite_connection::away(const std::string& why) const {
  return {status::unavailable, settings_.path + ": " + why};
}

result<void> sqlite_connection::connect() {
  if (settings_.path.find('"') != settings_.path.npos) return away("a quotation mark in the path");
  const auto there = file_identity::of(settings_.path);
  if (!there) return away("the file is gone");
  file_ = *there;
  try {
    session_.open(soci::sqlite3, connect_string(settings_));
  } catch (const soci::soci_error& e) {
    return away(e.get_error_message());
  }
  db_ = handle(session_);
  if (auto done = set_up(); !done) return done;
  if (file_identity::of(settings_.path) != file_) return away("the file was replaced while it was opened");
  if (try_to_write() != PARLEY_OK) return away(error_);
  return {};
}

result<void> sqlite_connection::set_up() {
  sqlite3_extended_result_codes(db_, 1);
  sqlite3_busy_timeout(db_, static_cast<int>(settings_.lock_timeout.count()));
  if (const auto encoding = pragma("PRAGMA encoding"); encoding != "UTF-8") {
    return away("its encoding is not UTF-8: " + encoding);
  }
  if (const auto journal = pragma("PRAGMA journal_mode=WAL"); journal != "wal") {
    return away("it cannot be used with journal_mode=WAL: " + journal);
  }
  for (const char* text : {settings_.synchronous_full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL",
                           reader() ? "PRAGMA cache_size=-1024" : "PRAGMA cache_size=-8192",
                           reader() ? "PRAGMA query_only=ON" : "PRAGMA query_only=OFF", "PRAGMA foreign_keys=OFF",
                           "PRAGMA trusted_schema=OFF", "PRAGMA mmap_size=0", "PRAGMA journal_size_limit=67108864",
                           "PRAGMA wal_autocheckpoint=8000"}) {
    if (sqlite3_exec(db_, text, nullptr, nullptr, nullptr) != SQLITE_OK) return away(sqlite3_errmsg(db_));
  }
  return {};
}

std::string sqlite_connection::pragma(const char* text) {
  std::string value;
  const auto keep = [](void* to, int, char** columns, char**) {
    if (columns[0]) *static_cast<std::string*>(to) = columns[0];
    return 0;
  };
  return sqlite3_exec(db_, text, keep, &value, nullptr) == SQLITE_OK ? value : sqlite3_errmsg(db_);
}

bool sqlite_connection::in_transaction() const {
  return !sqlite3_get_autocommit(db_);
}

parley_status sqlite_connection::check() {
  if (dead_) return PARLEY_UNAVAILABLE;
  const auto there = file_identity::of(settings_.path);
  if (there == file_) return PARLEY_OK;
  dead_ = true;
  return fail(PARLEY_UNAVAILABLE, settings_.path + (there ? ": the file was replaced" : ": the file is gone"));
}

parley_status sqlite_connection::probe() {
  if (dead_) return PARLEY_UNAVAILABLE;
  sqlite3_busy_timeout(db_, 0);
  const auto s = try_to_write();
  sqlite3_busy_timeout(db_, static_cast<int>(settings_.lock_timeout.count()));
  if (s != PARLEY_OK) error_ = settings_.path + ": " + error_;
  return s;
}

parley_status sqlite_connection::try_to_write() {
  if (reader()) return PARLEY_OK;
  const int code = sqlite3_exec(db_, "BEGIN IMMEDIATE; ROLLBACK", nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return PARLEY_OK;
  error_ = sqlite3_errmsg(db_);
  if (judge_sqlite(code, false).dead) dead_ = true;
  return PARLEY_UNAVAILABLE;
}

void sqlite_connection::relax() {
  if (!reader()) sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  sqlite3_db_release_memory(db_);
}

bool sqlite_connection::syncs_commits() {
  const auto level = pragma("PRAGMA synchronous");
  return level == "2" || level == "3";
}

parley_status sqlite_connection::classify(const soci::soci_error& thrown) {
  const auto* native = dynamic_cast<const soci::sqlite3_soci_error*>(&thrown);
  if (!native) return fail(PARLEY_FAULT, thrown.get_error_message());
  if (native->result() == SQLITE_BUSY && !reader() && !in_transaction()) {
    // The whole lock timeout has passed: nothing is gained by waiting once more, and others wait behind this job.
    blocked_ = true;
    return fail(PARLEY_UNAVAILABLE, settings_.path + ": locked by another process for longer than " +
                                        std::to_string(settings_.lock_timeout.count()) + " ms");
  }
  const auto verdict = judge_sqlite(native->result(), reader());
  if (verdict.dead) dead_ = true;
  const bool current = (sqlite3_errcode(db_) & 0xff) == (native->result() & 0xff);
  fail(verdict.code, current ? sqlite3_errmsg(db_) : sqlite3_errstr(native->result()));
  if (verdict.dead) error_ = settings_.path + ": " + error_;
  if (settings_.trial && (native->result() & 0xff) == SQLITE_READONLY) error_ = only_reads + error_;
  return verdict.code;
}

parley_status sqlite_connection::fits(soci::statement& statement, std::string_view text, std::size_t values,
                                      std::size_t columns) {
  auto* prepared = handle(statement);
  if (!prepared) return fail(PARLEY_FAULT, "an empty statement");
  const std::string_view used = sqlite3_sql(prepared);
  if (text.find_first_not_of(" \t\r\n;", used.size()) != text.npos) {
    return fail(PARLEY_FAULT, "one statement at a time; behind the first stands more text");
  }
  const auto marks = static_cast<std::size_t>(sqlite3_bind_parameter_count(prepared));
  if (marks != values) {
    return fail(PARLEY_FAULT, "the statement has " + std::to_string(marks) + " parameters, " + std::to_string(values) +
                                  " values were given");
  }
  const auto there = static_cast<std::size_t>(sqlite3_column_count(prepared));
  if (columns && there != columns) {
    return fail(PARLEY_FAULT, "the statement has " + std::to_string(there) + " columns, " + std::to_string(columns) +
                                  " were asked for");
  }
  return PARLEY_OK;
}

void sqlite_connection::finish(soci::statement& statement) {
  auto* prepared = handle(statement);
  if (prepared && sqlite3_stmt_busy(prepared)) sqlite3_reset(prepared);
}

void sqlite_connection::before_execute() {
  sqlite3_set_last_insert_rowid(db_, 0);
  changes_before_ = sqlite3_total_changes(db_);
}

// sqlite3_changes() still tells of the INSERT or UPDATE before when the statement was none.
std::int64_t sqlite_connection::affected() {
  return sqlite3_total_changes(db_) == changes_before_ ? 0 : sqlite3_changes(db_);
}

std::int64_t sqlite_connection::inserted_id() {
  return sqlite3_last_insert_rowid(db_);
}

const char* sqlite_connection::begin_text() const {
  return reader() ? "BEGIN" : "BEGIN IMMEDIATE";
}

bool sqlite_connection::committed_alone(soci::statement& statement) {
  return !reader() && !in_transaction() && !sqlite3_stmt_readonly(handle(statement));
}

parley_status sqlite_connection::confirm_commit() {
  // What was committed into a file that nobody can open again is lost: it must not be acknowledged.
  return reader() ? PARLEY_OK : check();
}

}  // namespace parley::host

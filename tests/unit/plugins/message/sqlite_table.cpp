#include "sqlite_table.hpp"

#include <sqlite3.h>

#include <stdexcept>
#include <string_view>

#include "host/pool/dialect.hpp"

namespace message_test {
namespace {

std::string expand(std::string_view text) {
  auto expanded = parley::host::expand_sql(parley::host::sql_kind::sqlite, text);
  if (!expanded) throw std::runtime_error(expanded.text() + ": " + std::string(text));
  return *expanded;
}

sqlite_database& of(parley_sql_connection* connection) {
  return *reinterpret_cast<sqlite_database*>(connection);
}

void bind(sqlite3_stmt* statement, const parley_sql_value* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const int at = static_cast<int>(i + 1);
    const auto& value = values[i];
    if (value.type == PARLEY_SQL_NULL) sqlite3_bind_null(statement, at);
    if (value.type == PARLEY_SQL_INTEGER) sqlite3_bind_int64(statement, at, value.integer);
    if (value.type == PARLEY_SQL_BYTES) {
      const auto* data = value.bytes.size ? static_cast<const char*>(value.bytes.data) : "";
      sqlite3_bind_text(statement, at, data, static_cast<int>(value.bytes.size), SQLITE_TRANSIENT);
    }
  }
}

parley_sql_value column(sqlite3_stmt* statement, int at, char letter) {
  if (sqlite3_column_type(statement, at) == SQLITE_NULL) return {PARLEY_SQL_NULL, 0, 0, {}};
  if (letter == 'i') return {PARLEY_SQL_INTEGER, 0, sqlite3_column_int64(statement, at), {}};
  const void* data = sqlite3_column_blob(statement, at);
  return {PARLEY_SQL_BYTES, 0, 0, {data, static_cast<std::size_t>(sqlite3_column_bytes(statement, at))}};
}

}  // namespace

sqlite_database::sqlite_database() {
  if (sqlite3_open(":memory:", &db_) != SQLITE_OK) throw std::runtime_error("no SQLite database");
  sqlite3_extended_result_codes(db_, 1);
}

sqlite_database::~sqlite_database() {
  for (const auto& [text, statement] : prepared_) sqlite3_finalize(statement);
  sqlite3_close(db_);
}

void sqlite_database::migrate(const char* statements) {
  for (const auto one : parley::host::split_sql(statements)) run(expand(one));
}

std::string sqlite_database::run(const std::string& sql) {
  std::string first;
  char* why = nullptr;
  const auto keep = [](void* out, int count, char** values, char**) {
    auto& text = *static_cast<std::string*>(out);
    if (text.empty() && count > 0 && values[0]) text = values[0];
    return 0;
  };
  if (sqlite3_exec(db_, sql.c_str(), keep, &first, &why) == SQLITE_OK) return first;
  throw std::runtime_error(std::string(why ? why : "?") + ": " + sql);
}

std::vector<std::string> sqlite_database::take_log() {
  return std::exchange(log_, {});
}

void sqlite_database::fail(std::string part, parley_status code, int times) {
  faults_.push_back({std::move(part), code, times});
}

bool sqlite_database::fails(const std::string& text, const parley_sql_value* values, std::size_t count,
                            parley_status& code) {
  for (auto& one : faults_) {
    bool hit = text.find(one.part) != text.npos;
    for (std::size_t i = 0; i < count; ++i) {
      const auto& bytes = values[i].bytes;
      hit |= values[i].type == PARLEY_SQL_BYTES &&
             std::string_view(static_cast<const char*>(bytes.data), bytes.size) == one.part;
    }
    if (!hit || one.times == 0) continue;
    --one.times;
    code = one.code;
    error_ = "as the test wished";
    return true;
  }
  return false;
}

sqlite3_stmt* sqlite_database::prepare(const std::string& text) {
  const auto [found, is_new] = prepared_.try_emplace(text, nullptr);
  if (is_new && sqlite3_prepare_v2(db_, expand(text).c_str(), -1, &found->second, nullptr) != SQLITE_OK) {
    throw std::runtime_error(std::string(sqlite3_errmsg(db_)) + ": " + text);
  }
  return found->second;
}

parley_status sqlite_database::verdict(int code) {
  if (code == SQLITE_DONE || code == SQLITE_OK) return PARLEY_OK;
  error_ = sqlite3_errmsg(db_);
  if (code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_UNIQUE) return PARLEY_CONFLICT;
  return (code & 0xff) == SQLITE_CONSTRAINT ? PARLEY_DATA_ERROR : PARLEY_FAULT;
}

parley_status sqlite_database::step_all(const std::string& text, const parley_sql_value* values, std::size_t count,
                                        const char* columns, void* context,
                                        void (*row)(void* context, const parley_sql_value* values)) {
  parley_status code = PARLEY_OK;
  if (fails(text, values, count, code)) return code;
  auto* statement = prepare(text);
  if (static_cast<int>(count) != sqlite3_bind_parameter_count(statement))
    throw std::runtime_error("wrong count of values: " + text);
  bind(statement, values, count);
  int step;
  while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
    std::vector<parley_sql_value> out;
    for (int i = 0; columns && columns[i]; ++i) out.push_back(column(statement, i, columns[i]));
    if (row) row(context, out.data());
  }
  const auto s = verdict(step);
  sqlite3_reset(statement);
  return s;
}

parley_status sqlite_database::plain(const char* text) {
  parley_status code = PARLEY_OK;
  if (fails(text, nullptr, 0, code)) return code;
  return verdict(sqlite3_exec(db_, text, nullptr, nullptr, nullptr));
}

struct sqlite_functions {
  static parley_status query(parley_sql_connection* c, const char* text, const parley_sql_value* values,
                             std::size_t count, const char* columns, void* context,
                             void (*row)(void*, const parley_sql_value*)) {
    of(c).log_.push_back(text);
    return of(c).step_all(text, values, count, columns, context, row);
  }
  static parley_status execute(parley_sql_connection* c, const char* text, const parley_sql_value* values,
                               std::size_t count, std::int64_t* affected, std::int64_t* inserted_id) {
    of(c).log_.push_back(text);
    const auto s = of(c).step_all(text, values, count, nullptr, nullptr, nullptr);
    if (affected) *affected = sqlite3_changes(of(c).db_);
    if (inserted_id) *inserted_id = sqlite3_last_insert_rowid(of(c).db_);
    return s;
  }
  static parley_status insert_rows(parley_sql_connection* c, const char* head, const char* tail, std::size_t columns,
                                   const parley_sql_value* values, std::size_t rows) {
    if (!of(c).in_transaction()) throw std::runtime_error(std::string("insert_rows without a transaction: ") + head);
    of(c).log_.push_back(head);
    const auto text = parley::host::insert_text(head, tail, columns, 1);
    for (std::size_t i = 0; i < rows; ++i) {
      const auto s = of(c).step_all(text, values + i * columns, columns, nullptr, nullptr, nullptr);
      if (s != PARLEY_OK) return s;
    }
    return PARLEY_OK;
  }
  static parley_status begin(parley_sql_connection* c) { return of(c).plain("BEGIN IMMEDIATE"); }
  static parley_status commit(parley_sql_connection* c) {
    const auto s = of(c).plain("COMMIT");
    of(c).commits_ += s == PARLEY_OK;
    return s;
  }
  static parley_status rollback(parley_sql_connection* c) {
    return of(c).in_transaction() ? of(c).plain("ROLLBACK") : PARLEY_OK;
  }
  static const char* error(parley_sql_connection* c) { return of(c).error_.c_str(); }
};

const parley_sql_1& sqlite_database::functions() {
  using f = sqlite_functions;
  static const parley_sql_1 table{sizeof(parley_sql_1), 0,        nullptr,   f::query,    f::execute,
                                  f::insert_rows,       f::begin, f::commit, f::rollback, f::error};
  return table;
}

bool sqlite_database::in_transaction() const {
  return !sqlite3_get_autocommit(db_);
}

}  // namespace message_test

#include "host/pool/mysql_connection.hpp"

#include <mysqld_error.h>

#include <charconv>
#include <random>

#include "host/pool/mysql_errors.hpp"

namespace parley::host {

namespace {

using std::chrono::milliseconds;

constexpr int most_tries = 5;
constexpr unsigned most_lock_timeouts = 2;
constexpr std::size_t kept_buffer = 256 << 10;

std::uint64_t random_id() {
  std::random_device source;
  return (std::uint64_t{source()} << 31 ^ source()) & 0x7fffffffffffffffu;
}

/// Freed when the scope is left.
struct stored_rows {
  MYSQL_RES* rows;
  ~stored_rows() {
    if (rows) mysql_free_result(rows);
  }
};

/// The whole number that the text begins with, as SQLite reads text as a number.
std::int64_t integer(const char* text, std::size_t size) {
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text, text + size, value);
  if (failed != std::errc::result_out_of_range) return value;
  std::uint64_t large = 0;
  std::from_chars(text, text + size, large);
  return static_cast<std::int64_t>(large);
}

}  // namespace

mysql_connection::mysql_connection(mysql_servers& servers, connection_role role)
    : servers_(servers), role_(role), writer_(random_id()) {}

result<std::unique_ptr<mysql_connection>> mysql_connection::open(mysql_servers& servers, connection_role role) {
  std::unique_ptr<mysql_connection> made(new mysql_connection(servers, role));
  auto link = servers.connect(role);
  if (!link) return link.failure();
  made->link_ = std::move(*link);
  if (role == connection_role::reader) return made;
  // Writing proves that it can.
  if (made->begin() != PARLEY_OK || made->commit() != PARLEY_OK) {
    return parley::error{status::unavailable, servers.settings().shown + ": " + made->error_};
  }
  return made;
}

parley_status mysql_connection::fail(parley_status code, std::string text) {
  error_ = std::move(text);
  return code;
}

parley_status mysql_connection::fail_with_server(std::string_view statement) {
  const auto number = link_->number();
  auto verdict = judge_mysql(number, reader());
  error_ = mysql_text(number, link_->message(), statement) + std::string(mysql_remedy(number));
  if (number == ER_LOCK_WAIT_TIMEOUT && ++lock_timeouts_ >= most_lock_timeouts) {
    // Waited long enough already: nothing is gained by waiting once more, and others wait behind this job.
    verdict.code = PARLEY_UNAVAILABLE;
  }
  if (verdict.dead) {
    error_ = servers_.settings().shown + ": " + error_;
    dead_ = true;
  }
  if (servers_.settings().trial && number == ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION) error_ = only_reads + error_;
  if (open_ && (verdict.dead || verdict.code == PARLEY_RETRY)) undone_ = true;
  return verdict.code;
}

parley_status mysql_connection::enter() {
  if (open_ && undone_) return fail(PARLEY_RETRY, "the transaction was rolled back by the server");
  if (lost()) return fail(PARLEY_UNAVAILABLE, error_.empty() ? "the connection is lost" : error_);
  error_.clear();
  return PARLEY_OK;
}

bool mysql_connection::reopen(milliseconds read_timeout) {
  link_.reset();
  undone_ = open_;
  auto made = servers_.connect(role_, read_timeout);
  dead_ = !made;
  if (!made) {
    error_ = made.text();
    return false;
  }
  link_ = std::move(*made);
  return true;
}

mysql_connection::cache::lease mysql_connection::parse(std::string_view statement, std::size_t values,
                                                       parley_status& failed) {
  failed = PARLEY_OK;
  auto parsed = cache_.take(statement, [&]() -> std::unique_ptr<mysql_statement> {
    auto made = mysql_statement::parse(statement);
    if (made) return std::make_unique<mysql_statement>(std::move(*made));
    failed = fail(raw(made.code()), made.text());
    return nullptr;
  });
  if (parsed && parsed->marks.size() != values) {
    failed = fail(PARLEY_FAULT, "the statement has " + std::to_string(parsed->marks.size()) + " parameters, " +
                                    std::to_string(values) + " values were given");
  }
  return parsed;
}

parley_status mysql_connection::send(const mysql_statement& statement, std::string_view text) {
  if (text.size() > link_->longest()) {
    return fail(PARLEY_TOO_LARGE, "a statement of " + std::to_string(text.size()) +
                                      " bytes: raise max_allowed_packet on " + link_->host());
  }
  return link_->send(text) ? PARLEY_OK : fail_with_server(statement.text);
}

parley_status mysql_connection::run(std::string_view text) {
  return link_->run(text) ? PARLEY_OK : fail_with_server(text);
}

parley_status mysql_connection::query(std::string_view statement, parameters values, std::string_view columns,
                                      void* context, row_fn row) {
  if (auto s = enter(); s != PARLEY_OK) return s;
  if (columns.empty() || columns.find_first_not_of("is") != columns.npos) {
    return fail(PARLEY_FAULT, "columns are 'i' or 's'");
  }
  parley_status failed;
  const auto parsed = parse(statement, values.size(), failed);
  if (failed != PARLEY_OK) return failed;
  buffer_.clear();
  parsed->write(buffer_, values, link_->native());
  stored_rows stored{nullptr};
  for (bool again = !open_ && !parsed->writes;; again = false) {
    failed = send(*parsed, buffer_);
    if (failed == PARLEY_OK) {
      stored.rows = mysql_store_result(link_->native());
      if (!stored.rows && link_->number()) failed = fail_with_server(parsed->text);
    }
    if (failed == PARLEY_OK || !again || !is_lost(link_->number()) || !reopen()) break;
  }
  if (buffer_.capacity() > kept_buffer) std::string().swap(buffer_);
  if (failed != PARLEY_OK) return open_ && undone_ ? PARLEY_RETRY : failed;
  const std::size_t width = stored.rows ? mysql_num_fields(stored.rows) : 0;
  if (width != columns.size()) {
    return fail(PARLEY_FAULT, "the statement has " + std::to_string(width) + " columns, " +
                                  std::to_string(columns.size()) + " were asked for");
  }
  std::vector<parley_sql_value> cells(width);
  while (auto* fields = mysql_fetch_row(stored.rows)) {
    const auto* sizes = mysql_fetch_lengths(stored.rows);
    for (std::size_t i = 0; i < width; ++i) {
      if (!fields[i]) {
        cells[i] = {PARLEY_SQL_NULL, 0, 0, {}};
      } else if (columns[i] == 'i') {
        cells[i] = {PARLEY_SQL_INTEGER, 0, integer(fields[i], sizes[i]), {}};
      } else {
        cells[i] = {PARLEY_SQL_BYTES, 0, 0, {fields[i], sizes[i]}};
      }
    }
    row(context, cells.data());
  }
  return PARLEY_OK;
}

parley_status mysql_connection::execute(std::string_view statement, parameters values, std::int64_t* matched,
                                        std::int64_t* new_id) {
  if (auto s = enter(); s != PARLEY_OK) return s;
  parley_status failed;
  const auto parsed = parse(statement, values.size(), failed);
  if (failed != PARLEY_OK) return failed;
  // Its own copy: BEGIN and COMMIT of a statement alone are written elsewhere, retries send it again.
  std::string text;
  text.reserve(parsed->text.size() + 64);
  parsed->write(text, values, link_->native());
  const bool alone = !open_ && parsed->writes && !reader();
  return alone ? execute_alone(*parsed, text, matched, new_id) : execute_once(*parsed, text, matched, new_id);
}

parley_status mysql_connection::execute_once(const mysql_statement& statement, std::string_view text,
                                             std::int64_t* matched, std::int64_t* new_id) {
  if (auto s = send(statement, text); s != PARLEY_OK) return open_ && undone_ ? PARLEY_RETRY : s;
  stored_rows dropped{mysql_store_result(link_->native())};
  if (link_->number()) {
    const auto s = fail_with_server(statement.text);
    return open_ && undone_ ? PARLEY_RETRY : s;
  }
  if (matched) *matched = statement.writes ? static_cast<std::int64_t>(mysql_affected_rows(link_->native())) : 0;
  if (new_id) *new_id = static_cast<std::int64_t>(mysql_insert_id(link_->native()));
  return PARLEY_OK;
}

/// As a transaction, so that it can be tried again and is looked up like any other.
parley_status mysql_connection::execute_alone(const mysql_statement& statement, std::string_view text,
                                              std::int64_t* matched, std::int64_t* new_id) {
  for (int attempt = 1;; ++attempt) {
    auto s = begin();
    if (s == PARLEY_OK) s = execute_once(statement, text, matched, new_id);
    if (s == PARLEY_OK) s = commit();
    if (s == PARLEY_OK) return s;
    rollback();
    if (s != PARLEY_RETRY || attempt == most_tries) return s;
  }
}

parley_status mysql_connection::insert_rows(std::string_view head, std::string_view tail, std::size_t columns,
                                            parameters values, std::size_t rows) {
  if (auto s = enter(); s != PARLEY_OK) return s;
  if (columns == 0 || values.size() != columns * rows)
    return fail(PARLEY_FAULT, "insert_rows: rows x columns values are needed");
  if (!open_) return fail(PARLEY_FAULT, "insert_rows: no transaction is open");
  static constexpr std::size_t long_enough = 1 << 20;
  parley_status failed;
  const auto front = parse(head, 0, failed);
  if (failed != PARLEY_OK) return failed;
  const auto back = parse(tail, 0, failed);
  if (failed != PARLEY_OK) return failed;
  const auto limit = std::min(long_enough, link_->longest());
  std::string tuple;
  buffer_ = front->text;
  bool empty = true;
  const auto flush = [&] {
    (buffer_ += ' ') += back->text;
    const auto s = execute_once(*front, buffer_, nullptr, nullptr);
    buffer_.assign(front->text);
    empty = true;
    return s;
  };
  for (std::size_t r = 0; r < rows; ++r) {
    tuple = "(";
    for (const auto& v : values.subspan(r * columns, columns)) {
      if (v.type > PARLEY_SQL_BYTES) return fail(PARLEY_FAULT, "a parameter of unknown type");
      append_value(tuple, v, link_->native());
      tuple += ',';
    }
    tuple.back() = ')';
    if (!empty && buffer_.size() + tuple.size() + back->text.size() + 2 > limit) {
      if (auto s = flush(); s != PARLEY_OK) return s;
    }
    (buffer_ += empty ? ' ' : ',') += tuple;
    empty = false;
  }
  const auto s = empty ? PARLEY_OK : flush();
  if (buffer_.capacity() > kept_buffer) std::string().swap(buffer_);
  return s;
}

parley_status mysql_connection::begin() {
  if (auto s = enter(); s != PARLEY_OK) return s;
  if (open_) return fail(PARLEY_FAULT, "begin: a transaction is open already");
  auto s = run("BEGIN");
  if (s != PARLEY_OK && is_lost(link_->number()) && reopen()) s = run("BEGIN");
  open_ = s == PARLEY_OK;
  undone_ = false;
  return s;
}

parley_status mysql_connection::commit() {
  if (!open_) return fail(PARLEY_FAULT, "commit: no transaction is open");
  if (auto s = enter(); s != PARLEY_OK) return s;
  if (!reader()) {
    if (auto s = mark(); s != PARLEY_OK) return open_ && undone_ ? PARLEY_RETRY : s;
  }
  auto s = run("COMMIT");
  if (s != PARLEY_OK && is_lost(link_->number()) && !reader()) s = settle();
  if (s != PARLEY_OK) return s;
  open_ = undone_ = false;
  lock_timeouts_ = 0;
  return PARLEY_OK;
}

parley_status mysql_connection::rollback() {
  if (!open_) return PARLEY_OK;
  // The text of what led here stays readable.
  auto reason = error_;
  open_ = undone_ = false;
  if (lost()) {
    if (!reopen()) return PARLEY_UNAVAILABLE;
  } else if (auto s = run("ROLLBACK"); s != PARLEY_OK && !reopen()) {
    return s;
  }
  error_ = std::move(reason);
  return PARLEY_OK;
}

parley_status mysql_connection::check() {
  if (lost()) return PARLEY_UNAVAILABLE;
  const auto read_only = link_->ask("SELECT @@global.read_only");
  if (read_only == "0") return PARLEY_OK;
  if (link_->number()) {
    fail_with_server("SELECT @@global.read_only");
  } else {
    error_ = servers_.settings().shown + ": " + link_->host() + " has become read-only";
  }
  dead_ = true;
  return PARLEY_UNAVAILABLE;
}

}  // namespace parley::host

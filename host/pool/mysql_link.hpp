// A session with one MySQL or MariaDB server, set up as Parley wants it.
#pragma once

#include <mysql.h>

#include <memory>
#include <string>
#include <string_view>

#include "host/pool/connection.hpp"
#include "host/pool/mysql_settings.hpp"
#include "host/pool/soci.hpp"

namespace parley::host {

/// Rationale: SOCI opens and closes the session, and what runs on it goes to its native handle. SOCI's statements over
/// MySQL are text with values written in on the client's side, as ours are; but they take every `:x` for a parameter,
/// even inside quotes, prepare nothing, and send one INSERT for each row, where one statement for many rows commits
/// ten to thirty times as many. So statements are written by mysql_statement, and sent as they are.
///
/// The session is strict and speaks the SQL that SQLite speaks, too: "names" in double quotes, || joins texts, a
/// backslash is a character, and unsigned numbers subtract to negative ones. A writer reads what is
/// committed (READ COMMITTED), as locking reads of REPEATABLE READ deadlock with each other; a reader's transaction
/// reads one state. Everything has time limits.
class mysql_link {
 public:
  /// `read_timeout` in place of the settings' own. The error's text names host and remedy, never the password. [any]
  static result<std::unique_ptr<mysql_link>> open(const mysql_settings& settings, const sql_host& host,
                                                  connection_role role, std::chrono::milliseconds read_timeout);
  mysql_link(const mysql_link&) = delete;

  /// False: see number() and message(). Rows are waiting to be stored, if there are any. [worker]
  bool send(std::string_view statement);
  /// send(), and whatever comes back is dropped. [worker]
  bool run(std::string_view statement);
  /// The first column of the first row; empty when there is none, or when it fails. [worker]
  std::string ask(std::string_view statement);

  MYSQL* native() const { return native_; }
  unsigned number() const { return mysql_errno(native_); }
  const char* message() const { return mysql_error(native_); }
  const std::string& host() const { return host_; }
  /// The longest statement that it takes, in bytes.
  std::size_t longest() const { return longest_; }

 private:
  mysql_link() = default;
  result<void> set_up(const mysql_settings& settings, connection_role role);
  parley::error failed() const;

  soci::session session_;
  MYSQL* native_ = nullptr;  // the session's
  std::string host_;
  std::size_t longest_ = 0;
};

}  // namespace parley::host

#include "host/pool/mysql_link.hpp"

#include <soci/mysql/soci-mysql.h>

#include <algorithm>
#include <cstdlib>

#include "host/pool/mysql_errors.hpp"

namespace parley::host {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t packet_overhead = 1024;  // of a packet for what is not the statement

// SOCI's libraries keep the type information of their backends to themselves, so that a check of this cast does not
// link.
__attribute__((no_sanitize("vptr"))) MYSQL* native_handle(soci::session& session) {
  return static_cast<soci::mysql_session_backend*>(session.get_backend())->conn_;
}

/// Whole seconds, at least one: finer ones the client library does not know.
std::string whole_seconds(milliseconds time) {
  return std::to_string(std::max<std::int64_t>(1, (time.count() + 999) / 1000));
}

/// A value of SOCI's connect string.
std::string as_value(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string connect_string(const mysql_settings& s, const sql_host& host, milliseconds read_timeout) {
  std::string text =
      "dbname=" + as_value(s.database) + " user=" + as_value(s.user) + " password=" + as_value(s.password);
  if (!host.socket.empty()) {
    text += " unix_socket=" + as_value(host.socket);
  } else {
    // By TCP also to this machine: for the name localhost the library would take a socket of its own choice.
    text +=
        " host=" + as_value(host.name == "localhost" ? "127.0.0.1" : host.name) + " port=" + std::to_string(host.port);
  }
  return text + " charset='utf8mb4' connect_timeout=" + whole_seconds(s.connect_timeout) +
         " read_timeout=" + whole_seconds(read_timeout) + " write_timeout=" + whole_seconds(read_timeout);
}

}  // namespace

result<std::unique_ptr<mysql_link>> mysql_link::open(const mysql_settings& settings, const sql_host& host,
                                                     connection_role role, milliseconds read_timeout) {
  std::unique_ptr<mysql_link> made(new mysql_link);
  made->host_ = host.shown();
  try {
    made->session_.open(soci::mysql, connect_string(settings, host, read_timeout));
  } catch (const soci::mysql_soci_error& e) {
    return error{status::unavailable,
                 made->host_ + ": " + mysql_text(e.err_num_, e.what(), {}) + std::string(mysql_remedy(e.err_num_))};
  } catch (const soci::soci_error& e) {
    return error{status::unavailable, made->host_ + ": the connection cannot be described to the client library"};
  }
  made->native_ = native_handle(made->session_);
  if (auto done = made->set_up(settings, role); !done) return done.failure();
  return made;
}

result<void> mysql_link::set_up(const mysql_settings& settings, connection_role role) {
  if (std::string_view(mysql_character_set_name(native_)) != "utf8mb4") {
    return error{status::unavailable, host_ + ": the session's character set is " +
                                          std::string(mysql_character_set_name(native_)) + ", utf8mb4 is needed"};
  }
  std::string set =
      "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES,"
      "NO_UNSIGNED_SUBTRACTION,NO_ENGINE_SUBSTITUTION', autocommit = 1, time_zone = '+00:00', wait_timeout = 28800, "
      "innodb_lock_wait_timeout = " +
      whole_seconds(settings.lock_timeout) + ", lock_wait_timeout = " + whole_seconds(settings.lock_timeout);
  if (std::string_view(mysql_get_server_info(native_)).find("MariaDB") != std::string_view::npos) {
    set += ", idle_transaction_timeout = " + whole_seconds(settings.idle_transaction_timeout);
  }
  if (!run(set)) return failed();
  const bool writer = role == connection_role::writer;
  if (!run(writer ? "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE"
                  : "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")) {
    return failed();
  }
  // Right after a failover the old primary still answers.
  if (ask("SELECT @@global.read_only") != "0") {
    const auto why = number() ? mysql_text(number(), message(), {}) : "the server is read-only";
    return error{status::unavailable,
                 host_ + ": " + why + "; name the primary in the url, or SET GLOBAL read_only = 0"};
  }
  const auto packet = std::strtoull(ask("SELECT @@max_allowed_packet").c_str(), nullptr, 10);
  if (packet <= packet_overhead) return failed();
  longest_ = packet - packet_overhead;
  return {};
}

parley::error mysql_link::failed() const {
  return {status::unavailable,
          host_ + ": " + mysql_text(number(), message(), {}) + std::string(mysql_remedy(number()))};
}

bool mysql_link::send(std::string_view statement) {
  return mysql_real_query(native_, statement.data(), statement.size()) == 0;
}

bool mysql_link::run(std::string_view statement) {
  if (!send(statement)) return false;
  if (auto* rows = mysql_store_result(native_)) mysql_free_result(rows);
  return number() == 0;
}

std::string mysql_link::ask(std::string_view statement) {
  std::string value;
  if (!send(statement)) return value;
  auto* rows = mysql_store_result(native_);
  if (!rows) return value;
  if (auto* row = mysql_fetch_row(rows); row && row[0]) value = row[0];
  mysql_free_result(rows);
  return value;
}

}  // namespace parley::host

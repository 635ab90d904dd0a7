// The url of an sql pool, taken apart.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "parley/status.hpp"

namespace parley::host {

enum class sql_kind { sqlite, mysql };

/// A server of a mysql url. `socket` is a path, and then the others mean nothing.
struct sql_host {
  std::string name;
  std::uint16_t port = 3306;
  std::string socket;

  /// As logs show it.
  std::string shown() const;
};

/// sqlite:///absolute/file.db, sqlite://./relative.db, sqlite://relative.db,
/// mysql://user:password@host:port,host:port/database, mysql://user:password@/database?socket=/path;
/// behind all of them ?key=value&key=value. %XX stands for a byte.
struct sql_url {
  sql_kind kind = sql_kind::sqlite;
  std::string path;             // sqlite: as written, relative to the working directory
  std::vector<sql_host> hosts;  // mysql, from here on; the first that serves is used
  std::string user;
  std::string password;
  std::string database;
  std::map<std::string, std::string> options;  // without `socket`

  /// For logs: without the password.
  std::string redacted() const;
};

/// The error says what is wrong and never repeats the password. [any]
result<sql_url> parse_sql_url(std::string_view text);

/// Whether the options are ones that the url's kind has: sqlite synchronous=full|normal; mysql connect_timeout and
/// read_timeout, durations. [any]
result<void> check_sql_options(const sql_url& url);

}  // namespace parley::host

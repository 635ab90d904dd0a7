// The url of an sql pool, taken apart.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "parley/status.hpp"

namespace parley::host {

enum class sql_kind { sqlite, mysql };

/// sqlite:///absolute/file.db, sqlite://./relative.db, sqlite://relative.db, mysql://user:password@host:port/database;
/// behind all of them ?key=value&key=value. %XX stands for a byte.
struct sql_url {
  sql_kind kind = sql_kind::sqlite;
  std::string path;  // sqlite: as written, relative to the working directory
  std::string host;  // mysql, from here on
  std::uint16_t port = 3306;
  std::string user;
  std::string password;
  std::string database;
  std::map<std::string, std::string> options;

  /// For logs: without the password.
  std::string redacted() const;
};

/// The error says what is wrong and never repeats the password. [any]
result<sql_url> parse_sql_url(std::string_view text);

}  // namespace parley::host

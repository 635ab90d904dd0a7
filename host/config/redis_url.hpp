// The url of a Redis, taken apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "parley/status.hpp"

namespace parley::host {

inline constexpr const char* redis_url_forms =
    "redis://[USER:PASSWORD@]HOST[:PORT][/DB] or redis+unix://[USER:PASSWORD@]/PATH[?db=N]";

/// An empty user stands for Redis's own "default"; %XX in user and password stands for a byte.
struct redis_address {
  std::string host;  // a name or an address; empty with a path
  std::uint16_t port = 6379;
  std::string path;  // of a unix socket
  std::string user;
  std::string password;
  std::uint32_t db = 0;

  /// For logs and tables: without user and password.
  std::string shown() const;
};

/// The error says what is wrong and never repeats the text: it may hold a password. [any]
result<redis_address> parse_redis_url(std::string_view text);

}  // namespace parley::host

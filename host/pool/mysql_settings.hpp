// What a mysql pool knows before it connects.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "host/pool/sql_url.hpp"

namespace parley::host {

struct mysql_settings {
  std::vector<sql_host> hosts;  // in order of preference
  std::string user;
  std::string password;
  std::string database;
  std::string shown;  // the url without its password
  std::chrono::milliseconds connect_timeout{2000};
  /// How long the server may be silent within a statement. It has to outlast lock_timeout.
  std::chrono::milliseconds read_timeout{10000};
  /// Waiting for a row that another transaction has locked.
  std::chrono::milliseconds lock_timeout{5000};
  /// How long a commit whose connection was lost is asked about before the answer is `unavailable`.
  std::chrono::milliseconds commit_timeout{10000};
  /// The server ends a transaction that does nothing for so long: a frozen node must not keep its locks.
  std::chrono::milliseconds idle_transaction_timeout{10000};
  bool trial = false;  // a preflight's, which only reads
};

}  // namespace parley::host

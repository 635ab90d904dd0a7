// Schema changes of plugins: each number once per database.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/pool/connection.hpp"
#include "parley/status.hpp"

namespace parley::host {

struct migration {
  std::uint32_t number = 0;
  std::string name;
  std::string statements;  // separated by ";\n"; they pass the dialect layer
};

/// Applies those that table schema_migration does not know yet, in order, each under a lock across processes, and says
/// how many there were. It stops at the first that fails; those before it stay. Numbers recorded by a newer version of
/// the plugin are left alone. The error names plugin, number and statement. [worker]
///
/// Rationale: a failing statement is never taken for "somebody did that already". On SQLite a migration is one
/// transaction. MySQL commits each statement by itself: those that can be repeated (IF NOT
/// EXISTS) are, when a migration was cut, and of the others table schema_progress has those that are done.
/// `newest`, when given, gets the highest number recorded.
result<int> migrate(sql_connection& connection, const std::string& plugin, std::vector<migration> migrations,
                    std::uint64_t* newest = nullptr);

/// Refuses a database that `parleyctl copy-store` has not finished: whoever served it would serve half of it. [worker]
result<void> refuse_half_a_copy(sql_connection& connection);

}  // namespace parley::host

// A plugin's database: the host's own connection to SQLite, or to MariaDB when the run asks for it. Counts statements,
// fails on demand.
#pragma once

#include <parley/abi/sql.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/pool/backend.hpp"
#include "support/temp_dir.hpp"

namespace plugin_test {

class database {
 public:
  database();
  /// One more connection to the same data, which must outlive it.
  explicit database(database& first);
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  /// A migration's statements.
  void migrate(const char* statements);
  /// As a second program would; the first column of the first row, if any.
  std::string run(const std::string& sql);
  /// SQLite's plan for it, a step a line.
  std::string plan(const std::string& sql);

  /// What was executed since the last call, one text each; begin and commit are left out.
  std::vector<std::string> take_log();
  int commits() const { return commits_; }
  /// The next `times` statements whose text contains `part`, or that get a parameter equal to it, fail so.
  void fail(std::string part, parley_status code, int times = 1);

  parley_sql_connection* connection() { return reinterpret_cast<parley_sql_connection*>(this); }
  static const parley_sql_1& functions();

 private:
  friend struct functions_of;
  void connect();
  parley_status failure(std::string_view text, const parley_sql_value* values, std::size_t count);

  struct fault {
    std::string part;
    parley_status code;
    int times;
  };
  parley::test::temp_dir directory_;
  std::string name_;  // the file, or MariaDB's database
  std::unique_ptr<parley::host::sql_backend> backend_;
  std::unique_ptr<parley::host::sql_connection> connection_;
  std::vector<std::string> log_;
  std::vector<fault> faults_;
  std::string wished_;
  int commits_ = 0;
};

}  // namespace plugin_test

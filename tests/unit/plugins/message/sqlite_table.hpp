// parley.sql/1 over one SQLite database in memory, with the host's dialect. Counts statements, fails on demand.
#pragma once

#include <parley/abi/sql.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace message_test {

class sqlite_database {
 public:
  sqlite_database();
  ~sqlite_database();
  sqlite_database(const sqlite_database&) = delete;
  sqlite_database& operator=(const sqlite_database&) = delete;

  /// A migration's statements.
  void migrate(const char* statements);
  /// As a second program would; the first column of the first row, if any.
  std::string run(const std::string& sql);

  /// What was executed since the last call, one text each; begin and commit are left out.
  std::vector<std::string> take_log();
  int commits() const { return commits_; }
  /// The next `times` statements whose text contains `part`, or that get a parameter equal to it, fail so.
  void fail(std::string part, parley_status code, int times = 1);

  parley_sql_connection* connection() { return reinterpret_cast<parley_sql_connection*>(this); }
  static const parley_sql_1& functions();

 private:
  friend struct sqlite_functions;
  parley_status step_all(const std::string& text, const parley_sql_value* values, std::size_t count,
                         const char* columns, void* context,
                         void (*row)(void* context, const parley_sql_value* values));
  parley_status plain(const char* text);
  bool in_transaction() const;
  bool fails(const std::string& text, const parley_sql_value* values, std::size_t count, parley_status& code);
  sqlite3_stmt* prepare(const std::string& text);
  parley_status verdict(int code);

  struct fault {
    std::string part;
    parley_status code;
    int times;
  };
  sqlite3* db_ = nullptr;
  std::map<std::string, sqlite3_stmt*> prepared_;
  std::vector<std::string> log_;
  std::vector<fault> faults_;
  std::string error_;
  int commits_ = 0;
};

}  // namespace message_test

// The node's SQLite file as a second program sees it: to put rows in, and to stand in the way.
#pragma once

#include <string>

struct sqlite3;

namespace parley::test {

class database {
 public:
  /// The one database below a data directory; throws failure when there is none or more than one.
  static std::string find(const std::string& data);

  explicit database(const std::string& file);
  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  /// Waits a while for locks; throws failure on an error. The first column of the first row, if any.
  std::string run(const std::string& sql);
  /// How SQLite would find the rows: its steps, a line each.
  std::string plan(const std::string& sql);

 private:
  sqlite3* handle_ = nullptr;
};

}  // namespace parley::test

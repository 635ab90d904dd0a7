// One import under way: where it writes, what it knows, what it has done before.
#pragma once

#include <parley/sql.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/pool/mysql_backend.hpp"
#include "import/options.hpp"
#include "import/redis_truth.hpp"
#include "import/report.hpp"

namespace parley::teamtalk {

/// A value of TeamTalk's that was rewritten. `table` is a row's old place; new_table is empty when it stayed there.
struct old_value {
  std::string table;
  std::uint64_t row = 0;
  std::string column;
  std::uint64_t was = 0;
  std::uint64_t is = 0;
  std::string new_table = {};
  std::uint64_t new_row = 0;
};

class job {
 public:
  /// Connects, to read only when it is a dry run. Throws trouble.
  explicit job(const options& o);

  const options& how() const { return options_; }
  bool dry() const { return options_.dry; }
  /// The one that writes; a dry run has a session that cannot.
  sql& db() { return *db_; }
  host::sql_connection& connection() { return *connection_; }
  /// Without a password.
  const std::string& shown() const { return shown_; }
  report& out() { return report_; }

  bool has_table(const std::string& name);
  /// Holds until the process ends; false when another import holds it.
  bool take_lock();

  /// `body` as one transaction, tried again at deadlocks.
  template <class Body>
  void transaction(Body&& body) {
    db().transaction([&] {
      changes_.clear();
      body();
      write_changes();
      checkpoint();
    });
    checkpoint();
  }
  /// Within a transaction: the value goes into import_change with it.
  void changed(old_value one) { changes_.push_back(std::move(one)); }

  // ---- which steps were done ----

  void enter(const std::string& step);
  bool finished();
  /// How far this step has come; empty at its begin.
  std::string position();
  /// Within a transaction.
  void set_position(const std::string& text);
  void finish();

  /// Where a test may kill the process (PARLEY_TEST_IMPORT_KILL=STEP:N, for this and nothing else).
  void checkpoint();

 private:
  void write_changes();

  const options options_;
  std::string shown_;
  std::unique_ptr<host::mysql_backend> backend_;
  std::unique_ptr<host::sql_connection> connection_;
  std::optional<sql> db_;
  report report_;
  std::vector<old_value> changes_;
  std::string step_;
  unsigned checkpoints_ = 0;
};

std::uint32_t seconds_now();

/// "1,2,3" for an IN list.
template <class Numbers>
std::string comma_list(const Numbers& numbers) {
  std::string out;
  for (const auto& one : numbers) (out += out.empty() ? "" : ",") += std::to_string(one);
  return out;
}

}  // namespace parley::teamtalk

// A connection to an SQLite file.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "host/pool/file_identity.hpp"
#include "host/pool/soci_connection.hpp"

namespace sqlite_api {
struct sqlite3;
}

namespace parley::host {

struct sqlite_settings {
  std::string path;
  std::chrono::milliseconds lock_timeout{5000};
  bool synchronous_full = true;
  bool trial = false;  // readers open the file read-only
};

/// Rationale, the numbers behind the PRAGMAs: WAL lets readers run beside the writer. synchronous=FULL syncs the log at
/// each commit, which is what an acknowledgement promises. The log grows to 8000 pages (32 MiB) before it is copied
/// into the file: measured on inserts with three indexes, that gives 1.2 times the rate of 4000 and 1.8 times that of
/// SQLite's 1000, and 16000 little more. Page caches are small, as the kernel caches the file anyway, and are given
/// back after a quiet while.
class sqlite_connection final : public soci_connection {
 public:
  /// Opens `settings.path`, which exists. The text of an error names the file. [any]
  static result<std::unique_ptr<sqlite_connection>> open(const sqlite_settings& settings, connection_role role);

  sql_kind kind() const override { return sql_kind::sqlite; }
  bool in_transaction() const override;
  parley_status check() override;
  parley_status probe() override;
  void relax() override;
  /// Statements of SQLite's schema are transactional, so its transaction is the lock.
  parley_status lock_schema() override { return begin(); }
  parley_status unlock_schema(bool keep) override { return keep ? commit() : rollback(); }

  const file_identity& file() const { return file_; }
  /// Asked of the database: synchronous is FULL or more.
  bool syncs_commits();

 protected:
  parley_status classify(const soci::soci_error& thrown) override;
  parley_status fits(soci::statement& statement, std::string_view text, std::size_t values,
                     std::size_t columns) override;
  void finish(soci::statement& statement) override;
  void before_execute() override;
  std::int64_t affected() override;
  std::int64_t inserted_id() override;
  const char* begin_text() const override;
  bool committed_alone(soci::statement& statement) override;
  parley_status confirm_commit() override;

 private:
  sqlite_connection(const sqlite_settings& settings, connection_role role) : settings_(settings), role_(role) {}
  result<void> connect();
  result<void> set_up();
  /// The value it answers, or the text of the error.
  std::string pragma(const char* text);
  parley::error away(const std::string& why) const;
  parley_status try_to_write();
  bool reader() const { return role_ == connection_role::reader; }

  sqlite_settings settings_;
  connection_role role_;
  file_identity file_;
  sqlite_api::sqlite3* db_ = nullptr;  // the session's
  int changes_before_ = 0;
};

}  // namespace parley::host

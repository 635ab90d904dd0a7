// parley.sql/1 over MySQL or MariaDB.
#pragma once

#include <memory>
#include <string>

#include "host/pool/mysql_servers.hpp"
#include "host/pool/mysql_statement.hpp"
#include "host/pool/statement_cache.hpp"

namespace parley::host {

/// A session that is lost is replaced where nothing is lost by it:
///
///   in a query outside a transaction, at BEGIN   on a new session it runs once more
///   within a transaction                         `retry`: the server has rolled it back
///   in COMMIT                                    looked up: the outcome is known before anything is answered
///
/// Rationale, the lookup: a transaction of a writer ends by writing its number into the connection's row of table
/// commit_marker. When the connection is cut in COMMIT, that row is read on a new session with a lock: as long as the
/// old session's transaction is alive the row is its, and the read waits; then the row has the number, or the
/// transaction has not happened and never will. InnoDB shows a row before its log is on the disk, so the lookup commits
/// a change of its own, which syncs what came before it. What stays unknown to the end is `unavailable`, never ok.
class mysql_connection final : public sql_connection {
 public:
  /// The text of an error names the server. `servers` outlives the connection. [any]
  static result<std::unique_ptr<mysql_connection>> open(mysql_servers& servers, connection_role role);
  /// Makes what the lookup needs. [any]
  static result<void> prepare(mysql_link& link);

  parley_status query(std::string_view statement, parameters values, std::string_view columns, void* context,
                      row_fn row) override;
  parley_status execute(std::string_view statement, parameters values, std::int64_t* affected,
                        std::int64_t* inserted_id) override;
  /// Statements of many rows, as long as the server takes them.
  parley_status insert_rows(std::string_view head, std::string_view tail, std::size_t columns, parameters values,
                            std::size_t rows) override;
  parley_status begin() override;
  parley_status commit() override;
  parley_status rollback() override;

  sql_kind kind() const override { return sql_kind::mysql; }
  bool in_transaction() const override { return open_; }
  parley_status check() override;
  parley_status probe() override { return check(); }
  parley_status lock_schema() override;
  parley_status unlock_schema(bool keep) override;
  parley_status change_schema(std::string_view statement) override;

  mysql_link& link() { return *link_; }

 private:
  using cache = statement_cache<mysql_statement>;
  enum class fate { committed, undone, unknown };

  mysql_connection(mysql_servers& servers, connection_role role);
  parley_status fail(parley_status code, std::string text);
  parley_status fail_with_server(std::string_view statement);
  parley_status enter();
  /// A new session in place of the old; a transaction is gone with that.
  bool reopen(std::chrono::milliseconds read_timeout = std::chrono::milliseconds(0));
  bool lost() const { return dead_ || !link_; }
  bool reader() const { return role_ == connection_role::reader; }

  cache::lease parse(std::string_view statement, std::size_t values, parley_status& failed);
  parley_status send(const mysql_statement& statement, std::string_view text);
  parley_status run(std::string_view text);
  parley_status execute_once(const mysql_statement& statement, std::string_view text, std::int64_t* affected,
                             std::int64_t* inserted_id);
  parley_status execute_alone(const mysql_statement& statement, std::string_view text, std::int64_t* affected,
                              std::int64_t* inserted_id);
  parley_status mark();
  parley_status settle();
  fate look_up();
  bool index_exists(std::string_view statement, parley_status& failed);

  mysql_servers& servers_;
  const connection_role role_;
  std::unique_ptr<mysql_link> link_;
  cache cache_{256};
  std::string buffer_;          // the statement being written
  bool open_ = false;           // begin() was called, and neither commit() nor rollback() since
  bool undone_ = false;         // the server has rolled the open transaction back, or should
  unsigned lock_timeouts_ = 0;  // since something was committed
  bool schema_locked_ = false;
  const std::uint64_t writer_;  // this connection's row of commit_marker
  std::uint64_t number_ = 0;    // of its newest transaction
};

}  // namespace parley::host

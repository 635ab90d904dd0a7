// parley.sql/1 over SOCI. What differs between databases is left to the derived class.
#pragma once

#include <string>

#include "host/pool/connection.hpp"
#include "host/pool/soci_statement.hpp"
#include "host/pool/statement_cache.hpp"

namespace parley::host {

/// Rationale: measured on SQLite 3.40 with prepared statements, SOCI's value exchange costs 5 to 8 % on an INSERT into
/// a table with three indexes and 13 to 25 % on short SELECTs, against the bare C API. That is little enough to keep
/// one code path for all databases. Error texts are the database's, not SOCI's: those quote parameter values, which
/// belong in no log.
class soci_connection : public sql_connection {
 public:
  parley_status query(std::string_view statement, parameters values, std::string_view columns, void* context,
                      row_fn row) override;
  parley_status execute(std::string_view statement, parameters values, std::int64_t* affected,
                        std::int64_t* inserted_id) override;
  /// One INSERT, prepared once and executed for each row.
  parley_status insert_rows(std::string_view head, std::string_view tail, std::size_t columns, parameters values,
                            std::size_t rows) override;
  parley_status begin() override;
  parley_status commit() override;
  parley_status rollback() override;

  std::size_t cached_statements() const { return cache_.size(); }

 protected:
  soci_connection() = default;

  /// Sets error_ and, when the database is away, dead_. Called while the exception is being handled.
  virtual parley_status classify(const soci::soci_error& thrown) = 0;
  /// A status other than PARLEY_OK, with error_ set, when these are not the statement's parameters and columns.
  virtual parley_status fits(soci::statement& statement, std::string_view text, std::size_t values,
                             std::size_t columns) = 0;
  /// Ends a statement that may still have rows.
  virtual void finish(soci::statement& statement) = 0;
  /// Right before a statement whose numbers are asked for right after.
  virtual void before_execute() = 0;
  virtual std::int64_t affected() = 0;
  virtual std::int64_t inserted_id() = 0;
  virtual const char* begin_text() const = 0;
  /// Whether the statement, which has just run, was a transaction of its own that may have written.
  virtual bool committed_alone(soci::statement& statement) = 0;
  /// Last word on a commit that the database has reported done.
  virtual parley_status confirm_commit() { return PARLEY_OK; }

  parley_status fail(parley_status code, std::string text);

  soci::session session_;

 private:
  using cache = statement_cache<soci_statement>;
  static constexpr std::size_t cached_most = 256;

  parley_status enter();
  cache::lease prepare(std::string_view statement, parameters values, std::string_view columns, parley_status& failed);
  parley_status run(std::string_view statement);
  parley_status key_of(std::string_view statement, parameters values, std::string_view columns);

  cache cache_{cached_most};
  std::string types_;
  std::string key_;
  bool transaction_ = false;  // begin() was called; the database may have rolled back since
};

}  // namespace parley::host

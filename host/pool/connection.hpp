// One connection of an sql pool, behind parley.sql/1: what a job on it may do, and what the pool asks of it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "host/pool/sql_url.hpp"
#include "parley/abi/sql.h"

/// What plugins hold; always an sql_connection.
struct parley_sql_connection {};

namespace parley::host {

/// A reader sees committed data and is refused when it writes; a writer may do both.
enum class connection_role { reader, writer };

/// In front of the text of a write that was refused in a plugin's trial.
inline constexpr const char* only_reads = "the trial before a load may only read: ";

/// Used by one thread at a time. All functions: [worker].
class sql_connection : public parley_sql_connection {
 public:
  using row_fn = void (*)(void* context, const parley_sql_value* values);
  using parameters = std::span<const parley_sql_value>;

  static sql_connection& of(parley_sql_connection* c) { return *static_cast<sql_connection*>(c); }
  sql_connection() = default;
  sql_connection(const sql_connection&) = delete;
  sql_connection& operator=(const sql_connection&) = delete;
  virtual ~sql_connection() = default;

  // ---- parley.sql/1, with the meaning given in abi/sql.h ----

  /// Rows are drained whatever row() does with them; row() may run other statements here, also this one.
  virtual parley_status query(std::string_view statement, parameters values, std::string_view columns, void* context,
                              row_fn row) = 0;
  virtual parley_status execute(std::string_view statement, parameters values, std::int64_t* affected = nullptr,
                                std::int64_t* inserted_id = nullptr) = 0;
  virtual parley_status insert_rows(std::string_view head, std::string_view tail, std::size_t columns,
                                    parameters values, std::size_t rows) = 0;
  virtual parley_status begin() = 0;
  virtual parley_status commit() = 0;
  /// Without a transaction it does nothing.
  virtual parley_status rollback() = 0;
  /// Of the last failure; never holds parameter values.
  const char* error() const { return error_.c_str(); }

  // ---- for the pool ----

  virtual sql_kind kind() const = 0;
  virtual bool in_transaction() const = 0;
  /// Still the database it was opened on? Cheap enough for once a second. PARLEY_UNAVAILABLE marks the connection dead.
  virtual parley_status check() = 0;
  /// Before a writer that was away takes work again: could it write?
  virtual parley_status probe() = 0;
  /// After a quiet while: gives memory back.
  virtual void relax() {}
  /// A lock across processes, for migrations; `unlock_schema(false)` undoes what can be undone.
  virtual parley_status lock_schema() = 0;
  virtual parley_status unlock_schema(bool keep) = 0;
  /// A statement of a migration. An index whose columns are indexed already is not made again.
  virtual parley_status change_schema(std::string_view statement) { return execute(statement, {}); }
  /// False once an error said that the database is away: the pool answers `unavailable` until it is back.
  bool usable() const { return !dead_ && !blocked_; }
  /// To be closed and opened anew before it is used again.
  bool dead() const { return dead_; }
  void unblock() { blocked_ = false; }

 protected:
  std::string error_;
  bool dead_ = false;
  bool blocked_ = false;  // the connection is sound, but what it asked for is held by somebody else
};

}  // namespace parley::host

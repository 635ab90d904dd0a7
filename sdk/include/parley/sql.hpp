// SQL beside the loop: `co_await pool.read([&](parley::sql& db) { ... })`. Statements are written as abi/sql.h says.
#pragma once

#include <concepts>
#include <coroutine>
#include <functional>
#include <initializer_list>
#include <tuple>
#include <type_traits>
#include <vector>

#include "bytes.hpp"
#include "closure.hpp"
#include "edge.hpp"
#include "status.hpp"

namespace parley {

/// Thrown by statements, stopped where the job ends and turned into its result.
struct sql_error : std::runtime_error {
  sql_error(status c, const std::string& text) : std::runtime_error(text), code(c) {}
  status code;
};

/// One parameter. Text is borrowed until the statement has run.
struct sql_value : parley_sql_value {
  sql_value(std::nullptr_t) : parley_sql_value{PARLEY_SQL_NULL, 0, 0, {}} {}
  template <std::integral T>
  sql_value(T v) : parley_sql_value{PARLEY_SQL_INTEGER, 0, static_cast<std::int64_t>(v), {}} {}
  sql_value(std::string_view v) : parley_sql_value{PARLEY_SQL_BYTES, 0, 0, {v.data(), v.size()}} {}
  sql_value(const std::string& v) : sql_value(std::string_view(v)) {}
  sql_value(const char* v) : sql_value(std::string_view(v)) {}
};

namespace detail {
template <class T>
inline constexpr char column_letter = std::integral<T> ? 'i' : 's';

template <class T>
T column(const parley_sql_value& v) {
  if constexpr (std::integral<T>) {
    return static_cast<T>(v.integer);
  } else {
    return T(v.type == PARLEY_SQL_BYTES ? view(v.bytes) : std::string_view{});
  }
}
}  // namespace detail

/// One connection inside a job. [worker]
class sql {
 public:
  sql(const edge* e, parley_sql_connection* connection) : table_(e->sql), connection_(connection) {}

  struct outcome {
    std::int64_t affected = 0;
    std::int64_t inserted_id = 0;
  };

  /// row(Columns...) for each row; string_view columns are borrowed until it returns. NULL reads as 0 or empty.
  template <class... Columns, class Row>
  void each(const char* statement, std::initializer_list<sql_value> parameters, Row&& row) {
    each<Columns...>(statement, parameters.begin(), parameters.size(), std::forward<Row>(row));
  }
  template <class... Columns, class Row>
  void each(const char* statement, const sql_value* parameters, std::size_t count, Row&& row) {
    static constexpr char letters[] = {detail::column_letter<Columns>..., '\0'};
    struct frame {
      std::remove_reference_t<Row>* row;
      std::exception_ptr thrown;
    } context{&row, nullptr};
    check(table_->query(connection_, statement, parameters, count, letters, &context,
                        [](void* raw, const parley_sql_value* values) {
                          auto& f = *static_cast<frame*>(raw);
                          if (f.thrown) return;
                          try {
                            [&]<std::size_t... I>(std::index_sequence<I...>) {
                              (*f.row)(detail::column<Columns>(values[I])...);
                            }
                            (std::index_sequence_for<Columns...>{});
                          } catch (...) {
                            f.thrown = std::current_exception();
                          }
                        }));
    if (context.thrown) std::rethrow_exception(context.thrown);
  }

  /// The first row, if any. Columns own their data (std::string rather than string_view).
  template <class... Columns>
  std::optional<std::tuple<Columns...>> one(const char* statement, std::initializer_list<sql_value> parameters) {
    std::optional<std::tuple<Columns...>> found;
    each<Columns...>(statement, parameters, [&](Columns... values) {
      if (!found) found.emplace(std::move(values)...);
    });
    return found;
  }

  outcome execute(const char* statement, std::initializer_list<sql_value> parameters = {}) {
    return execute(statement, parameters.begin(), parameters.size());
  }
  outcome execute(const char* statement, const sql_value* parameters, std::size_t count) {
    outcome o;
    check(table_->execute(connection_, statement, parameters, count, &o.affected, &o.inserted_id));
    return o;
  }
  /// head "INSERT INTO t(a,b) VALUES", tail "" or an upsert; values row by row. Inside a transaction.
  void insert_rows(const char* head, const char* tail, std::size_t columns, const std::vector<sql_value>& values) {
    if (values.empty()) return;
    check(table_->insert_rows(connection_, head, tail, columns, values.data(), values.size() / columns));
  }

  /// Runs body in a transaction and commits; deadlocks and lock timeouts are rolled back and tried again, at most 5
  /// times.
  template <class Body>
  void transaction(Body&& body) {
    for (int attempt = 1;; ++attempt) {
      try {
        check(table_->begin(connection_));
        body();
        check(table_->commit(connection_));
        return;
      } catch (const sql_error& e) {
        table_->rollback(connection_);
        if (e.code != status::retry || attempt == 5) throw;
      } catch (...) {
        table_->rollback(connection_);
        throw;
      }
    }
  }

 private:
  void check(parley_status s) {
    if (s != PARLEY_OK) throw sql_error(static_cast<status>(s), table_->error(connection_));
  }
  const parley_sql_1* table_;
  parley_sql_connection* connection_;
};

/// A pool named in the descriptor. [loop]
class sql_pool {
 public:
  sql_pool(const edge* e, const char* name) : edge_(e), name_(name) {}

  template <class Fn>
  class job {
    using value_type = std::invoke_result_t<Fn&, sql&>;

   public:
    job(const edge* e, const char* pool, std::uint32_t mode, const char* origin, Fn fn)
        : edge_(e), pool_(pool), mode_(mode), origin_(origin), fn_(std::move(fn)) {}
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> awaiting) {
      awaiting_ = awaiting;
      parley_sql_job raw{sizeof raw, mode_, pool_, 0, 0, origin_, this, work, done};
      auto accepted = edge_->sql->run(edge_->self, &raw);
      if (accepted == PARLEY_OK) return true;
      result_ = status{accepted};
      return false;
    }
    result<value_type> await_resume() { return std::move(result_); }

   private:
    static parley_status work(void* raw, parley_sql_connection* connection) {
      auto& self = *static_cast<job*>(raw);
      sql db(self.edge_, connection);
      try {
        if constexpr (std::is_void_v<value_type>) {
          self.fn_(db);
          self.result_ = result<void>();
        } else {
          self.result_ = self.fn_(db);
        }
        return PARLEY_OK;
      } catch (const sql_error& e) {
        self.result_ = error{e.code, e.what()};
      } catch (const std::exception& e) {
        self.result_ = error{status::fault, e.what()};
      } catch (...) {
        self.result_ = error{status::fault, "an unknown exception"};
      }
      return parley::raw(self.result_.code());
    }
    static void done(void* raw, parley_status s) {
      auto& self = *static_cast<job*>(raw);
      if (s != PARLEY_OK && self.result_.code() != static_cast<status>(s)) self.result_ = static_cast<status>(s);
      self.awaiting_.resume();
    }

    const edge* edge_;
    const char* pool_;
    std::uint32_t mode_;
    const char* origin_;
    Fn fn_;
    std::coroutine_handle<> awaiting_;
    result<value_type> result_{status::fault};
  };

  /// fn(sql&) on a connection that sees committed data; may run beside others. result<T> of what fn returns.
  template <class Fn>
  job<std::remove_cvref_t<Fn>> read(Fn&& fn, const char* origin = __builtin_FUNCTION()) const {
    static_assert(detail::safe_in_co_await<Fn>,
                  "give this closure a name first, or capture by reference (closure.hpp)");
    return {edge_, name_, PARLEY_SQL_READ, origin, std::forward<Fn>(fn)};
  }
  /// fn(sql&) where it may write.
  template <class Fn>
  job<std::remove_cvref_t<Fn>> write(Fn&& fn, const char* origin = __builtin_FUNCTION()) const {
    static_assert(detail::safe_in_co_await<Fn>,
                  "give this closure a name first, or capture by reference (closure.hpp)");
    return {edge_, name_, PARLEY_SQL_WRITE, origin, std::forward<Fn>(fn)};
  }

 private:
  const edge* edge_;
  const char* name_;
};

}  // namespace parley

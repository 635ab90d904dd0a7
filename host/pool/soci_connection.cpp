#include "host/pool/soci_connection.hpp"

#include "host/pool/dialect.hpp"

namespace parley::host {

namespace {

char letter_of(const parley_sql_value& v) {
  return v.type == PARLEY_SQL_INTEGER ? 'i' : 's';
}

/// Whether a statement prepared for these types takes the row.
bool same_types(std::string_view types, std::span<const parley_sql_value> row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i].type != PARLEY_SQL_NULL && letter_of(row[i]) != types[i]) return false;
  }
  return true;
}

/// Runs its function when the scope is left, by whatever way.
template <class Fn>
struct at_exit {
  Fn fn;
  ~at_exit() { fn(); }
};
template <class Fn>
at_exit(Fn) -> at_exit<Fn>;

}  // namespace

parley_status soci_connection::fail(parley_status code, std::string text) {
  error_ = std::move(text);
  return code;
}

parley_status soci_connection::enter() {
  if (dead_) return fail(PARLEY_UNAVAILABLE, error_.empty() ? "the connection is lost" : error_);
  if (transaction_ && !in_transaction()) return fail(PARLEY_RETRY, "the database has rolled the transaction back");
  error_.clear();
  return PARLEY_OK;
}

parley_status soci_connection::key_of(std::string_view statement, parameters values, std::string_view columns) {
  types_.clear();
  for (const auto& v : values) {
    if (v.type > PARLEY_SQL_BYTES) return fail(PARLEY_FAULT, "a parameter of unknown type");
    types_ += letter_of(v);
  }
  if (columns.find_first_not_of("is") != columns.npos) return fail(PARLEY_FAULT, "columns are 'i' or 's'");
  key_.assign(statement);
  ((key_ += '\0') += columns) += '\0';
  key_ += types_;
  return PARLEY_OK;
}

soci_connection::cache::lease soci_connection::prepare(std::string_view statement, parameters values,
                                                       std::string_view columns, parley_status& failed) {
  failed = key_of(statement, values, columns);
  if (failed != PARLEY_OK) return {};
  return cache_.take(key_, [&]() -> std::unique_ptr<soci_statement> {
    auto text = expand_sql(kind(), statement);
    if (!text) {
      failed = fail(text.code() == status::ok ? PARLEY_FAULT : raw(text.code()), text.text());
      return nullptr;
    }
    try {
      auto made = std::make_unique<soci_statement>(session_, *text, types_, columns);
      failed = fits(made->raw(), *text, values.size(), columns.size());
      return failed == PARLEY_OK ? std::move(made) : nullptr;
    } catch (const soci::soci_error& e) {
      failed = classify(e);
      return nullptr;
    }
  });
}

parley_status soci_connection::query(std::string_view statement, parameters values, std::string_view columns,
                                     void* context, row_fn row) {
  if (auto s = enter(); s != PARLEY_OK) return s;
  parley_status failed;
  auto prepared = prepare(statement, values, columns, failed);
  if (!prepared) return failed;
  at_exit ended{[&] {
    finish(prepared->raw());
    prepared->trim();
  }};
  try {
    prepared->bind(values);
    prepared->raw().execute(false);
    while (prepared->raw().fetch()) row(context, prepared->row());
    return committed_alone(prepared->raw()) ? confirm_commit() : PARLEY_OK;
  } catch (const soci::soci_error& e) {
    return classify(e);
  }
}

parley_status soci_connection::execute(std::string_view statement, parameters values, std::int64_t* matched,
                                       std::int64_t* new_id) {
  if (auto s = enter(); s != PARLEY_OK) return s;
  parley_status failed;
  auto prepared = prepare(statement, values, {}, failed);
  if (!prepared) return failed;
  at_exit ended{[&] {
    finish(prepared->raw());
    prepared->trim();
  }};
  try {
    prepared->bind(values);
    before_execute();
    prepared->raw().execute(true);
    if (matched) *matched = affected();
    if (new_id) *new_id = inserted_id();
    finish(prepared->raw());
    return committed_alone(prepared->raw()) ? confirm_commit() : PARLEY_OK;
  } catch (const soci::soci_error& e) {
    return classify(e);
  }
}

parley_status soci_connection::insert_rows(std::string_view head, std::string_view tail, std::size_t columns,
                                           parameters values, std::size_t rows) {
  if (auto s = enter(); s != PARLEY_OK) return s;
  if (columns == 0 || values.size() != columns * rows)
    return fail(PARLEY_FAULT, "insert_rows: rows x columns values are needed");
  if (!in_transaction()) return fail(PARLEY_FAULT, "insert_rows: no transaction is open");
  const auto text = insert_text(head, tail, columns, 1);
  for (std::size_t done = 0; done < rows;) {
    parley_status failed;
    auto prepared = prepare(text, values.subspan(done * columns, columns), {}, failed);
    if (!prepared) return failed;
    const std::string types = types_;
    at_exit ended{[&] {
      finish(prepared->raw());
      prepared->trim();
    }};
    try {
      for (; done < rows; ++done) {
        const auto row = values.subspan(done * columns, columns);
        if (!same_types(types, row)) break;
        prepared->bind(row);
        prepared->raw().execute(true);
      }
    } catch (const soci::soci_error& e) {
      return classify(e);
    }
  }
  return PARLEY_OK;
}

parley_status soci_connection::run(std::string_view statement) {
  parley_status failed;
  auto prepared = prepare(statement, {}, {}, failed);
  if (!prepared) return failed;
  try {
    prepared->raw().execute(true);
    finish(prepared->raw());
    return PARLEY_OK;
  } catch (const soci::soci_error& e) {
    finish(prepared->raw());
    return classify(e);
  }
}

parley_status soci_connection::begin() {
  if (auto s = enter(); s != PARLEY_OK) return s;
  if (in_transaction()) return fail(PARLEY_FAULT, "begin: a transaction is open already");
  const auto s = run(begin_text());
  transaction_ = s == PARLEY_OK;
  return s;
}

parley_status soci_connection::commit() {
  if (!transaction_) return fail(PARLEY_FAULT, "commit: no transaction is open");
  if (auto s = enter(); s != PARLEY_OK) return s;
  if (auto s = run("COMMIT"); s != PARLEY_OK) return s;
  transaction_ = false;
  return confirm_commit();
}

parley_status soci_connection::rollback() {
  transaction_ = false;
  if (!in_transaction()) return PARLEY_OK;
  // The text of what led here stays readable.
  auto reason = error_;
  const auto s = run("ROLLBACK");
  if (s == PARLEY_OK) error_ = std::move(reason);
  return s;
}

}  // namespace parley::host

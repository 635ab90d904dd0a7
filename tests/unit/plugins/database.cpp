#include "database.hpp"

#include <stdexcept>
#include <utility>

#include "host/pool/dialect.hpp"
#include "host/pool/index_statement.hpp"
#include "support/database.hpp"
#include "support/mariadb.hpp"

namespace plugin_test {
namespace {

database& of(parley_sql_connection* connection) {
  return *reinterpret_cast<database*>(connection);
}

template <class T>
T value_of(parley::result<T> made) {
  if (!made) throw std::runtime_error(std::string(made.text()));
  return std::move(*made);
}

}  // namespace

database::database()
    : name_(parley::test::on_mariadb() ? parley::test::fresh_mariadb_database()
                                       : (directory_.path() / "test.db").string()) {
  connect();
}

database::database(database& first) : name_(first.name_) {
  connect();
}

void database::connect() {
  parley::host::sql_pool_config config;
  config.url = parley::test::on_mariadb() ? parley::test::shared_mariadb().url(name_)
                                          : "sqlite://" + name_ + "?synchronous=normal";
  backend_ = value_of(parley::host::make_sql_backend(config));
  if (const auto done = backend_->prepare(); !done) throw std::runtime_error(std::string(done.text()));
  connection_ = value_of(backend_->connect(parley::host::connection_role::writer));
}

void database::migrate(const char* statements) {
  const auto written = parley::host::split_sql(statements);
  const std::vector<std::string> plain(written.begin(), written.end());
  for (const auto& one : parley::test::on_mariadb() ? parley::host::with_indexes(written) : plain) {
    if (connection_->change_schema(one) == PARLEY_OK) continue;
    throw std::runtime_error(connection_->error() + (": " + one));
  }
}

std::string database::run(const std::string& sql) {
  if (parley::test::on_mariadb()) return parley::test::shared_mariadb().run(sql, name_);
  return parley::test::database(name_).run(sql);
}

std::string database::plan(const std::string& sql) {
  return parley::test::database(name_).plan(sql);
}

std::vector<std::string> database::take_log() {
  return std::exchange(log_, {});
}

void database::fail(std::string part, parley_status code, int times) {
  faults_.push_back({std::move(part), code, times});
}

parley_status database::failure(std::string_view text, const parley_sql_value* values, std::size_t count) {
  wished_.clear();
  for (auto& one : faults_) {
    bool hit = text.find(one.part) != text.npos;
    for (std::size_t i = 0; i < count; ++i) {
      const auto& bytes = values[i].bytes;
      hit |= values[i].type == PARLEY_SQL_BYTES &&
             std::string_view(static_cast<const char*>(bytes.data), bytes.size) == one.part;
    }
    if (!hit || one.times == 0) continue;
    --one.times;
    wished_ = "as the test wished";
    return one.code;
  }
  return PARLEY_OK;
}

struct functions_of {
  static parley_status query(parley_sql_connection* c, const char* text, const parley_sql_value* values,
                             std::size_t count, const char* columns, void* context,
                             void (*row)(void*, const parley_sql_value*)) {
    of(c).log_.push_back(text);
    if (const auto s = of(c).failure(text, values, count); s != PARLEY_OK) return s;
    return of(c).connection_->query(text, {values, count}, columns, context, row);
  }
  static parley_status execute(parley_sql_connection* c, const char* text, const parley_sql_value* values,
                               std::size_t count, std::int64_t* affected, std::int64_t* inserted_id) {
    of(c).log_.push_back(text);
    if (const auto s = of(c).failure(text, values, count); s != PARLEY_OK) return s;
    return of(c).connection_->execute(text, {values, count}, affected, inserted_id);
  }
  static parley_status insert_rows(parley_sql_connection* c, const char* head, const char* tail, std::size_t columns,
                                   const parley_sql_value* values, std::size_t rows) {
    of(c).log_.push_back(head);
    if (const auto s = of(c).failure(head, values, columns * rows); s != PARLEY_OK) return s;
    return of(c).connection_->insert_rows(head, tail, columns, {values, columns * rows}, rows);
  }
  static parley_status begin(parley_sql_connection* c) {
    const auto s = of(c).failure("BEGIN", nullptr, 0);
    return s != PARLEY_OK ? s : of(c).connection_->begin();
  }
  static parley_status commit(parley_sql_connection* c) {
    if (const auto wished = of(c).failure("COMMIT", nullptr, 0); wished != PARLEY_OK) return wished;
    const auto s = of(c).connection_->commit();
    of(c).commits_ += s == PARLEY_OK;
    return s;
  }
  static parley_status rollback(parley_sql_connection* c) { return of(c).connection_->rollback(); }
  static const char* error(parley_sql_connection* c) {
    return of(c).wished_.empty() ? of(c).connection_->error() : of(c).wished_.c_str();
  }
};

const parley_sql_1& database::functions() {
  using f = functions_of;
  static const parley_sql_1 table{sizeof(parley_sql_1), 0,        nullptr,   f::query,    f::execute,
                                  f::insert_rows,       f::begin, f::commit, f::rollback, f::error};
  return table;
}

}  // namespace plugin_test

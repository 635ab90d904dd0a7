// What the tests of pools share: a directory, a loop, a pool on a real SQLite file, and jobs as lambdas.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/pool/sql_pool.hpp"
#include "host/pool/sqlite_backend.hpp"
#include "support/mariadb.hpp"

namespace parley::host {

class temp_directory {
 public:
  temp_directory() {
    auto pattern = (std::filesystem::temp_directory_path() / "parley-pool-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~temp_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// Parameters of a statement.
inline parley_sql_value null() {
  return {PARLEY_SQL_NULL, 0, 0, {}};
}
inline parley_sql_value number(std::int64_t n) {
  return {PARLEY_SQL_INTEGER, 0, n, {}};
}
inline parley_sql_value text(std::string_view t) {
  return {PARLEY_SQL_BYTES, 0, 0, {t.data(), t.size()}};
}

/// A column as a test wants to see it: "NULL", a number, or the bytes.
inline std::string shown(const parley_sql_value& v) {
  if (v.type == PARLEY_SQL_NULL) return "NULL";
  if (v.type == PARLEY_SQL_INTEGER) return std::to_string(v.integer);
  return std::string(static_cast<const char*>(v.bytes.data), v.bytes.size);
}

using rows = std::vector<std::vector<std::string>>;

inline rows select(sql_connection& db, std::string_view statement, std::vector<parley_sql_value> values,
                   std::string columns) {
  struct context {
    rows found;
    std::size_t width;
  } c{{}, columns.size()};
  EXPECT_EQ(db.query(statement, values, columns, &c,
                     [](void* raw, const parley_sql_value* row) {
                       auto& to = *static_cast<context*>(raw);
                       auto& added = to.found.emplace_back();
                       for (std::size_t i = 0; i < to.width; ++i) added.push_back(shown(row[i]));
                     }),
            PARLEY_OK)
      << db.error();
  return c.found;
}

inline std::string one(sql_connection& db, std::string_view statement, std::vector<parley_sql_value> values = {},
                       std::string columns = "s") {
  auto found = select(db, statement, std::move(values), std::move(columns));
  return found.empty() ? "no row" : found[0][0];
}

inline void execute(sql_connection& db, std::string_view statement, sql_connection::parameters values = {},
                    std::int64_t* affected = nullptr, std::int64_t* id = nullptr) {
  EXPECT_EQ(db.execute(statement, values, affected, id), PARLEY_OK) << statement << ": " << db.error();
}

/// A connection of its own to a fresh file.
class connection_test : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(backend_.prepare());
    writer_ = open(connection_role::writer);
    ASSERT_NE(writer_, nullptr);
  }
  std::unique_ptr<sql_connection> open(connection_role role) {
    auto made = backend_.connect(role);
    EXPECT_TRUE(made) << made.text();
    return made ? std::move(*made) : nullptr;
  }
  sql_connection& db() { return *writer_; }

  temp_directory directory_;
  std::string path_ = directory_ / "test.db";
  sqlite_backend backend_{{path_, milliseconds(50), true}};
  std::unique_ptr<sql_connection> writer_;
};

/// The same on each database: SQLite, and MariaDB on a server that the tests of this process share.
class any_connection_test : public testing::TestWithParam<sql_kind> {
 protected:
  void SetUp() override {
    sql_pool_config config;
    config.lock_timeout = milliseconds(1000);
    config.url = GetParam() == sql_kind::sqlite ? "sqlite://" + (directory_ / "test.db")
                                                : test::shared_mariadb().url(test::fresh_mariadb_database());
    auto backend = make_sql_backend(config);
    ASSERT_TRUE(backend) << backend.text();
    backend_ = std::move(*backend);
    const auto prepared = backend_->prepare();
    ASSERT_TRUE(prepared) << prepared.text();
    writer_ = open(connection_role::writer);
    ASSERT_NE(writer_, nullptr);
  }
  std::unique_ptr<sql_connection> open(connection_role role) {
    auto made = backend_->connect(role);
    EXPECT_TRUE(made) << made.text();
    return made ? std::move(*made) : nullptr;
  }
  sql_connection& db() { return *writer_; }

  temp_directory directory_;
  std::unique_ptr<sql_backend> backend_;
  std::unique_ptr<sql_connection> writer_;
};

/// A pool with its loop. Jobs are lambdas, run to their end.
class pool_test : public testing::Test {
 protected:
  static constexpr std::uint64_t patient_ms = 60000;  // however busy the machine
  struct lambda_job : sql_job {
    std::function<parley_status(sql_connection&)> fn;
    std::optional<status> answer;
  };

  void SetUp() override {
    config_.name = "test";
    config_.url = "sqlite://" + path_;
    config_.lock_timeout = milliseconds(200);
    config_.deadline = milliseconds(patient_ms);
  }
  void TearDown() override {
    if (pool_) pool_->shutdown(false);
    loop_.turn(false);
  }
  void open_pool(std::unique_ptr<sql_backend> backend = nullptr) {
    pool_ = std::make_unique<sql_pool>(
        loop_, config_,
        [this](log_level, const std::string& line) {
          std::lock_guard lock(log_mutex_);
          log_ += line + "\n";
        },
        std::move(backend));
    auto opened = pool_->open();
    ASSERT_TRUE(opened) << opened.text();
  }
  std::string log() {
    std::lock_guard lock(log_mutex_);
    return log_;
  }

  status submit(lambda_job& job, std::uint32_t mode, std::function<parley_status(sql_connection&)> fn) {
    job.mode = mode;
    job.fn = std::move(fn);
    job.context = &job;
    job.origin = "a test";
    job.work = [](void* raw, parley_sql_connection* connection) {
      return static_cast<lambda_job*>(raw)->fn(sql_connection::of(connection));
    };
    job.done = [](sql_job& self, status outcome) { static_cast<lambda_job&>(self).answer = outcome; };
    return pool_->submit(job);
  }
  status finish(lambda_job& job) {
    while (!job.answer) loop_.turn(true);
    return *job.answer;
  }
  /// What submit() or done() said.
  status run(std::uint32_t mode, std::function<parley_status(sql_connection&)> fn) {
    lambda_job job;
    job.deadline_ms = patient_ms;
    const auto accepted = submit(job, mode, std::move(fn));
    return accepted == status::ok ? finish(job) : accepted;
  }
  status write(std::string statement, std::vector<parley_sql_value> values = {}) {
    return run(PARLEY_SQL_WRITE, [=](sql_connection& db) { return db.execute(statement, values); });
  }
  status read(std::string statement, std::string& found) {
    return run(PARLEY_SQL_READ, [&, statement](sql_connection& db) {
      return db.query(statement, {}, "s", &found,
                      [](void* to, const parley_sql_value* row) { *static_cast<std::string*>(to) = shown(row[0]); });
    });
  }
  /// Tries again, turning the loop, until `fn` is true.
  template <class Fn>
  void eventually(Fn fn) {
    for (int i = 0; i < 2000; ++i) {
      if (fn()) return;
      loop_.turn(false);
      std::this_thread::sleep_for(milliseconds(5));
    }
    ADD_FAILURE() << "it never came true";
  }

  temp_directory directory_;
  std::string path_ = directory_ / "test.db";
  loop loop_;
  sql_pool_config config_;
  std::unique_ptr<sql_pool> pool_;
  std::mutex log_mutex_;
  std::string log_;
};

}  // namespace parley::host

#include "store/reader.hpp"

#include <gtest/gtest.h>

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <optional>

#include "store/in_use.hpp"
#include "store/trouble.hpp"
#include "support/database.hpp"
#include "support/temp_dir.hpp"

namespace parley::store {
namespace {

class reader_test : public testing::Test {
 protected:
  void make(const std::string& sql) {
    std::ofstream(path_, std::ios::app);
    test::database(path_).run(sql);
  }
  end& open() {
    if (!end_) end_.emplace("sqlite://" + path_, host::connection_role::reader, "--from");
    return *end_;
  }
  table of(const std::string& name) { return read_catalog(open()).at(name); }
  /// The first column's values, page by page, and how many pages there were.
  std::vector<std::int64_t> numbers(const table& what, const std::string& from = {}) {
    std::vector<std::int64_t> out;
    reader in(open(), what, from);
    page portion;
    for (pages_ = 0; in.next(portion); ++pages_) {
      const auto& values = portion.values();
      for (std::size_t i = 0; i < values.size(); i += what.columns.size()) out.push_back(values[i].integer);
      position_ = in.position();
    }
    return out;
  }
  test::temp_dir scratch_;
  const std::string path_ = (scratch_.path() / "x.db").string();
  std::optional<end> end_;
  int pages_ = 0;
  std::string position_;
};

TEST_F(reader_test, reads_every_row_once_in_pages) {
  make("CREATE TABLE t(n INTEGER PRIMARY KEY, x TEXT)");
  make(
      "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 3000) INSERT INTO t SELECT i, 'x' FROM "
      "r");
  const auto all = numbers(of("t"));
  ASSERT_EQ(all.size(), 3000u);
  for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], static_cast<std::int64_t>(i) + 1);
  EXPECT_GT(pages_, 2);
}

TEST_F(reader_test, goes_on_behind_a_position_in_a_key_of_several_columns) {
  make("CREATE TABLE t(n INTEGER, name TEXT, x INTEGER, PRIMARY KEY(name, n))");
  make("INSERT INTO t(n, name) VALUES (1,'b'),(2,'b'),(1,'a'),(3,'a'),(2,'\xc3\xa9'),(9,'')");
  const auto what = of("t");
  EXPECT_EQ(what.key, (std::vector<std::string>{"name", "n"}));
  EXPECT_EQ(numbers(what), (std::vector<std::int64_t>{9, 1, 3, 1, 2, 2}));
  EXPECT_TRUE(numbers(what, position_).empty());
  reader in(open(), what, "[\"61\",3]");  // behind a, 3
  page portion;
  ASSERT_TRUE(in.next(portion));
  EXPECT_EQ(portion.values()[0].integer, 1);
  EXPECT_EQ(portion.values().size(), 9u);
}

TEST_F(reader_test, large_values_make_small_pages) {
  make("CREATE TABLE t(n INTEGER PRIMARY KEY, x BLOB)");
  make(
      "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 12) INSERT INTO t SELECT i, "
      "randomblob(1500000) FROM r");
  EXPECT_EQ(numbers(of("t")).size(), 12u);
  EXPECT_GE(pages_, 3) << "no page takes more than four of these";
}

TEST_F(reader_test, a_table_without_a_key_is_refused) {
  make("CREATE TABLE t(n INTEGER)");
  EXPECT_THROW(numbers(of("t")), trouble);
}

TEST_F(reader_test, a_key_that_is_not_what_its_column_says_ends_in_an_error_not_in_a_circle) {
  make("CREATE TABLE t(name BLOB PRIMARY KEY)");
  make("INSERT INTO t VALUES (x'61')");
  EXPECT_THROW(numbers(of("t")), trouble);
}

TEST_F(reader_test, the_catalog_knows_what_the_next_id_is_though_its_row_has_gone) {
  make("CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT NOT NULL)");
  make("INSERT INTO t VALUES (40, 'x')");
  make("DELETE FROM t");
  const auto what = of("t");
  EXPECT_EQ(what.next_id, 41u);
  EXPECT_EQ(what.letters(), "is");
  EXPECT_FALSE(what.columns[1].nullable);
}

TEST_F(reader_test, who_has_a_database_open_is_found) {
  make("PRAGMA journal_mode = WAL");
  EXPECT_FALSE(holder_of(path_)) << "nobody has";
  int ready[2], over[2];
  ASSERT_EQ(pipe(ready), 0);
  ASSERT_EQ(pipe(over), 0);
  const pid_t child = fork();
  if (child == 0) {
    sqlite3* db = nullptr;
    sqlite3_open(path_.c_str(), &db);
    sqlite3_exec(db, "SELECT * FROM sqlite_master", nullptr, nullptr, nullptr);
    char byte = 0;
    (void)!write(ready[1], &byte, 1);
    (void)!read(over[0], &byte, 1);
    _exit(0);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_EQ(holder_of(path_), child);
  ASSERT_EQ(write(over[1], &byte, 1), 1);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_FALSE(holder_of(path_));
  EXPECT_FALSE(holder_of(path_ + ".none"));
}

}  // namespace
}  // namespace parley::store

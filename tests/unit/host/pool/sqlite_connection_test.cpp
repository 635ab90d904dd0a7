// What is SQLite's own; connection_test.cpp has what every database does.
#include "tests/unit/host/pool/support.hpp"

namespace parley::host {
namespace {

constexpr auto table = "CREATE TABLE t(id {id}, name {text:8} NOT NULL, n {u64}, data {blob}, UNIQUE(name))";

class statements : public connection_test {
 protected:
  void SetUp() override {
    connection_test::SetUp();
    execute(db(), table);
  }
  parley_status insert(parley_sql_value name, parley_sql_value n = number(1), parley_sql_value data = null()) {
    const parley_sql_value values[] = {name, n, data};
    return db().execute("INSERT INTO t(name, n, data) VALUES (?, ?, ?)", values, &affected_, &id_);
  }
  std::int64_t affected_ = -1, id_ = -1;
};

TEST_F(statements, an_upsert_that_inserts_nothing_has_no_id) {
  insert(text("a"));
  const parley_sql_value values[] = {text("a")};
  execute(db(), "INSERT INTO t(name) VALUES (?) {keep:name}", values, &affected_, &id_);
  EXPECT_EQ(affected_, 0);
  EXPECT_EQ(id_, 0);
  execute(db(), "INSERT INTO t(name, n) VALUES (?, 7) {on_conflict:name} n = {new:n}", values, &affected_, &id_);
  EXPECT_EQ(affected_, 1);
  EXPECT_EQ(id_, 0);
  EXPECT_EQ(one(db(), "SELECT n FROM t", {}, "i"), "7");
}

TEST_F(statements, integers_have_64_bits) {
  for (std::int64_t n : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(),
                         std::int64_t{4294967296}, std::int64_t{-1}}) {
    EXPECT_EQ(one(db(), "SELECT ?", {number(n)}, "i"), std::to_string(n));
  }
  execute(db(), "CREATE TABLE narrow(a INT)");
  const parley_sql_value big[] = {number(1LL << 40)};
  execute(db(), "INSERT INTO narrow VALUES (?)", big);
  EXPECT_EQ(one(db(), "SELECT a FROM narrow", {}, "i"), std::to_string(1LL << 40));
}

TEST_F(statements, a_lock_held_by_another_is_unavailable_not_waited_for_again) {
  auto other = open(connection_role::writer);
  ASSERT_EQ(other->begin(), PARLEY_OK);
  EXPECT_EQ(db().begin(), PARLEY_UNAVAILABLE);
  EXPECT_NE(std::string(db().error()).find("locked"), std::string::npos);
  EXPECT_FALSE(db().usable());
  EXPECT_FALSE(db().dead());
  EXPECT_EQ(insert(text("a")), PARLEY_UNAVAILABLE);
  EXPECT_EQ(db().probe(), PARLEY_UNAVAILABLE);
  ASSERT_EQ(other->rollback(), PARLEY_OK);
  EXPECT_EQ(db().probe(), PARLEY_OK);
  db().unblock();
  EXPECT_EQ(db().begin(), PARLEY_OK);
}

TEST_F(statements, a_transaction_that_another_has_overtaken_is_to_be_tried_again) {
  insert(text("a"));
  auto other = open(connection_role::writer);
  execute(db(), "BEGIN");
  EXPECT_EQ(one(db(), "SELECT count(*) FROM t", {}, "i"), "1");
  execute(*other, "INSERT INTO t(name) VALUES ('b')");
  EXPECT_EQ(insert(text("c")), PARLEY_RETRY);
  EXPECT_TRUE(db().usable());
  EXPECT_EQ(db().rollback(), PARLEY_OK);
}

TEST_F(statements, a_full_disk_is_unavailable_and_rolls_back) {
  execute(db(), "PRAGMA max_page_count=20");
  ASSERT_EQ(db().begin(), PARLEY_OK);
  const std::string large(200000, 'x');
  EXPECT_EQ(insert(text("a"), number(1), text(large)), PARLEY_UNAVAILABLE);
  EXPECT_NE(std::string(db().error()).find("full"), std::string::npos) << db().error();
  EXPECT_TRUE(db().dead());
  EXPECT_EQ(insert(text("b")), PARLEY_UNAVAILABLE);
  EXPECT_EQ(db().commit(), PARLEY_UNAVAILABLE);
  EXPECT_EQ(db().rollback(), PARLEY_OK);
  EXPECT_EQ(one(*open(connection_role::reader), "SELECT count(*) FROM t", {}, "i"), "0");
}

TEST_F(statements, a_commit_into_a_file_that_is_gone_is_not_acknowledged) {
  ASSERT_EQ(db().begin(), PARLEY_OK);
  insert(text("a"));
  std::filesystem::rename(path_, path_ + ".moved");
  EXPECT_EQ(db().commit(), PARLEY_UNAVAILABLE);
  EXPECT_TRUE(db().dead());
  EXPECT_NE(std::string(db().error()).find("gone"), std::string::npos);
}

TEST_F(statements, errors_are_the_database_s_words) {
  insert(text("a"));
  EXPECT_EQ(insert(text("a")), PARLEY_CONFLICT);
  EXPECT_STREQ(db().error(), "UNIQUE constraint failed: t.name");
  EXPECT_EQ(db().execute("SELECT sum(9223372036854775807) FROM (SELECT 1 UNION ALL SELECT 2)", {}), PARLEY_FAULT);
}

TEST_F(statements, more_statements_than_the_cache_holds) {
  for (int i = 0; i < 600; ++i) {
    const auto wanted = std::to_string(i % 300);
    ASSERT_EQ(one(db(), "SELECT " + wanted, {}, "i"), wanted);
  }
  EXPECT_LE(static_cast<soci_connection&>(db()).cached_statements(), 256u);
}

}  // namespace
}  // namespace parley::host

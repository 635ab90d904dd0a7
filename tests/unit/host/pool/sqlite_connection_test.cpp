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

TEST_F(statements, insert_tells_rows_and_id) {
  ASSERT_EQ(insert(text("a")), PARLEY_OK) << db().error();
  EXPECT_EQ(affected_, 1);
  EXPECT_EQ(id_, 1);
  ASSERT_EQ(insert(text("b")), PARLEY_OK);
  EXPECT_EQ(id_, 2);
}

TEST_F(statements, affected_counts_matched_rows_changed_or_not) {
  insert(text("a"));
  insert(text("b"));
  execute(db(), "UPDATE t SET n = 1", {}, &affected_, &id_);
  EXPECT_EQ(affected_, 2);
  EXPECT_EQ(id_, 0);
  execute(db(), "DELETE FROM t WHERE n = 9", {}, &affected_);
  EXPECT_EQ(affected_, 0);
}

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

TEST_F(statements, ids_of_deleted_rows_are_not_given_again) {
  insert(text("a"));
  execute(db(), "DELETE FROM t");
  insert(text("b"));
  EXPECT_EQ(id_, 2);
}

TEST_F(statements, bytes_come_back_as_they_went) {
  std::string all;
  for (int round = 0; round < 2; ++round) {
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  }
  const std::string nul("\0x\0", 3);
  ASSERT_EQ(insert(text(nul), number(1), text(all)), PARLEY_OK) << db().error();
  const auto found = select(db(), "SELECT name, data FROM t WHERE name = ? AND data = ?", {text(nul), text(all)}, "ss");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0][0], nul);
  EXPECT_EQ(found[0][1], all);
  EXPECT_TRUE(select(db(), "SELECT name FROM t WHERE name = ?", {text(std::string("\0x", 2))}, "s").empty());
}

TEST_F(statements, empty_bytes_are_not_null) {
  insert(text(""), number(1), {PARLEY_SQL_BYTES, 0, 0, {nullptr, 0}});
  EXPECT_EQ(select(db(), "SELECT name, data FROM t WHERE data IS NOT NULL", {}, "ss"), (rows{{"", ""}}));
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

TEST_F(statements, null_reads_as_null_and_then_as_a_value_again) {
  insert(text("a"), null(), null());
  insert(text("b"), number(2), text("x"));
  insert(text("c"), null(), text("y"));
  EXPECT_EQ(select(db(), "SELECT n, data FROM t ORDER BY id", {}, "is"),
            (rows{{"NULL", "NULL"}, {"2", "x"}, {"NULL", "y"}}));
}

TEST_F(statements, a_parameter_may_change_its_type_from_call_to_call) {
  for (const auto& v : {number(5), text("five"), null(), number(6)}) {
    EXPECT_EQ(one(db(), "SELECT ?", {v}), shown(v));
  }
}

TEST_F(statements, large_values) {
  const std::string large(3 << 20, 'L');
  ASSERT_EQ(insert(text("a"), number(1), text(large)), PARLEY_OK);
  EXPECT_EQ(one(db(), "SELECT data FROM t"), large);
}

TEST_F(statements, quotes_and_colons_in_a_statement_are_no_parameters) {
  EXPECT_EQ(one(db(), "SELECT ':x ? {id}' || ?", {text("!")}), ":x ? {id}!");
}

TEST_F(statements, what_does_not_fit_is_a_fault) {
  EXPECT_EQ(db().execute("INSERT INTO t(name) VALUES (?)", {}), PARLEY_FAULT);
  EXPECT_EQ(db().query("SELECT 1, 2", {}, "i", nullptr, nullptr), PARLEY_FAULT);
  EXPECT_EQ(db().query("SELECT 1", {}, "x", nullptr, nullptr), PARLEY_FAULT);
  EXPECT_EQ(db().execute("SELEC 1", {}), PARLEY_FAULT);
  EXPECT_EQ(db().execute("SELECT 1; DROP TABLE t", {}), PARLEY_FAULT);
  EXPECT_EQ(db().execute("  ", {}), PARLEY_FAULT);
  EXPECT_EQ(db().execute("SELECT {nonsense}", {}), PARLEY_FAULT);
  EXPECT_NE(std::string(db().error()).find("nonsense"), std::string::npos);
  EXPECT_EQ(db().execute("SELECT 1;\n", {}), PARLEY_OK) << db().error();
  EXPECT_STREQ(db().error(), "");
}

TEST_F(statements, errors_have_classes) {
  insert(text("a"));
  EXPECT_EQ(insert(text("a")), PARLEY_CONFLICT);
  EXPECT_STREQ(db().error(), "UNIQUE constraint failed: t.name");
  EXPECT_EQ(db().execute("INSERT INTO t(id, name) VALUES (1, 'b')", {}), PARLEY_CONFLICT);
  EXPECT_EQ(insert(null()), PARLEY_DATA_ERROR);
  EXPECT_EQ(insert(text("nine chars")), PARLEY_DATA_ERROR);
  EXPECT_EQ(insert(text("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6")), PARLEY_OK);
  EXPECT_EQ(db().execute("INSERT INTO t(id, name) VALUES ('x', 'c')", {}), PARLEY_DATA_ERROR);
  EXPECT_EQ(db().execute("INSERT INTO missing VALUES (1)", {}), PARLEY_FAULT);
  EXPECT_EQ(db().execute("SELECT sum(9223372036854775807) FROM (SELECT 1 UNION ALL SELECT 2)", {}), PARLEY_FAULT);
  EXPECT_TRUE(db().usable());
  EXPECT_EQ(one(db(), "SELECT count(*) FROM t", {}, "i"), "2");
}

TEST_F(statements, errors_do_not_quote_parameters) {
  insert(text("secret"));
  insert(text("secret"));
  EXPECT_EQ(std::string(db().error()).find("secret"), std::string::npos) << db().error();
}

TEST_F(statements, rows_of_an_outer_query_survive_inner_ones) {
  for (const char* name : {"a", "b", "c"}) insert(text(name));
  struct context {
    sql_connection& db;
    std::string seen;
  } c{db(), {}};
  const auto outer = [](void* raw, const parley_sql_value* row) {
    auto& to = *static_cast<context*>(raw);
    const auto* before = row[0].bytes.data;
    to.seen += "(";
    for (const auto& same : select(to.db, "SELECT name FROM t ORDER BY name", {}, "s")) to.seen += same[0];
    EXPECT_EQ(one(to.db, "SELECT name FROM t WHERE name = ?", {row[0]}), shown(row[0]));
    EXPECT_EQ(row[0].bytes.data, before);
    to.seen += ")" + shown(row[0]);
  };
  ASSERT_EQ(db().query("SELECT name FROM t ORDER BY name", {}, "s", &c, outer), PARLEY_OK);
  EXPECT_EQ(c.seen, "(abc)a(abc)b(abc)c");
}

TEST_F(statements, a_select_leaves_no_lock_behind) {
  insert(text("a"));
  insert(text("b"));
  auto reader = open(connection_role::reader);
  ASSERT_EQ(one(*reader, "SELECT name FROM t LIMIT 1"), "a");
  ASSERT_EQ(reader->execute("SELECT name FROM t", {}), PARLEY_OK);
  insert(text("c"));
  EXPECT_EQ(one(*reader, "SELECT count(*) FROM t", {}, "i"), "3");
}

TEST_F(statements, insert_rows_takes_any_mix_of_types) {
  ASSERT_EQ(db().begin(), PARLEY_OK);
  const std::vector<parley_sql_value> values = {text("a"),     null(),    text("b"), number(2), text("c"),
                                                text("three"), text("d"), null(),    text("e"), number(5)};
  ASSERT_EQ(db().insert_rows("INSERT INTO t(name, n) VALUES", "", 2, values, 5), PARLEY_OK) << db().error();
  ASSERT_EQ(db().commit(), PARLEY_OK);
  EXPECT_EQ(select(db(), "SELECT name, n FROM t ORDER BY id", {}, "ss"),
            (rows{{"a", "NULL"}, {"b", "2"}, {"c", "three"}, {"d", "NULL"}, {"e", "5"}}));
}

TEST_F(statements, insert_rows_with_a_tail) {
  ASSERT_EQ(db().begin(), PARLEY_OK);
  const std::vector<parley_sql_value> values = {text("a"), number(1), text("a"), number(5), text("a"), number(3)};
  ASSERT_EQ(
      db().insert_rows("INSERT INTO t(name, n) VALUES", "{on_conflict:name} n = {greatest}(n, {new:n})", 2, values, 3),
      PARLEY_OK)
      << db().error();
  ASSERT_EQ(db().commit(), PARLEY_OK);
  EXPECT_EQ(select(db(), "SELECT name, n FROM t", {}, "si"), (rows{{"a", "5"}}));
}

TEST_F(statements, insert_rows_needs_a_transaction_and_whole_rows) {
  const std::vector<parley_sql_value> values = {text("a"), number(1), text("b")};
  EXPECT_EQ(db().insert_rows("INSERT INTO t(name) VALUES", "", 1, values, 3), PARLEY_FAULT);
  ASSERT_EQ(db().begin(), PARLEY_OK);
  EXPECT_EQ(db().insert_rows("INSERT INTO t(name, n) VALUES", "", 2, values, 2), PARLEY_FAULT);
  EXPECT_EQ(db().insert_rows("INSERT INTO t(name, n) VALUES", "", 2, {}, 0), PARLEY_OK);
  EXPECT_EQ(db().rollback(), PARLEY_OK);
}

TEST_F(statements, a_row_that_fails_leaves_the_transaction_to_the_caller) {
  ASSERT_EQ(db().begin(), PARLEY_OK);
  const std::vector<parley_sql_value> values = {text("a"), text("b"), text("a"), text("c")};
  EXPECT_EQ(db().insert_rows("INSERT INTO t(name) VALUES", "", 1, values, 4), PARLEY_CONFLICT);
  EXPECT_TRUE(db().in_transaction());
  EXPECT_EQ(db().rollback(), PARLEY_OK);
  EXPECT_STREQ(db().error(), "UNIQUE constraint failed: t.name");
  EXPECT_EQ(one(db(), "SELECT count(*) FROM t", {}, "i"), "0");
}

TEST_F(statements, transactions) {
  EXPECT_EQ(db().commit(), PARLEY_FAULT);
  EXPECT_EQ(db().rollback(), PARLEY_OK);
  ASSERT_EQ(db().begin(), PARLEY_OK);
  EXPECT_EQ(db().begin(), PARLEY_FAULT);
  insert(text("a"));
  ASSERT_EQ(db().rollback(), PARLEY_OK);
  ASSERT_EQ(db().begin(), PARLEY_OK);
  insert(text("b"));
  ASSERT_EQ(db().commit(), PARLEY_OK);
  EXPECT_EQ(one(db(), "SELECT group_concat(name) FROM t"), "b");
}

TEST_F(statements, a_reader_may_not_write_and_stays_usable) {
  auto reader = open(connection_role::reader);
  EXPECT_EQ(reader->execute("INSERT INTO t(name) VALUES ('x')", {}), PARLEY_FAULT);
  EXPECT_TRUE(reader->usable());
  ASSERT_EQ(reader->begin(), PARLEY_OK);
  EXPECT_EQ(one(*reader, "SELECT count(*) FROM t", {}, "i"), "0");
  insert(text("a"));
  EXPECT_EQ(one(*reader, "SELECT count(*) FROM t", {}, "i"), "0");
  ASSERT_EQ(reader->commit(), PARLEY_OK);
  EXPECT_EQ(one(*reader, "SELECT count(*) FROM t", {}, "i"), "1");
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

TEST_F(statements, what_changes_no_rows_affects_none) {
  insert(text("a"));
  execute(db(), "CREATE TABLE other(x)", {}, &affected_, &id_);
  EXPECT_EQ(affected_, 0);
  EXPECT_EQ(id_, 0);
  execute(db(), "SELECT name FROM t", {}, &affected_);
  EXPECT_EQ(affected_, 0);
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

TEST_F(statements, more_statements_than_the_cache_holds) {
  for (int i = 0; i < 600; ++i) {
    const auto wanted = std::to_string(i % 300);
    ASSERT_EQ(one(db(), "SELECT " + wanted, {}, "i"), wanted);
  }
  EXPECT_LE(static_cast<soci_connection&>(db()).cached_statements(), 256u);
}

TEST_F(statements, a_changed_schema_is_noticed) {
  insert(text("a"));
  EXPECT_EQ(one(db(), "SELECT name FROM t"), "a");
  auto other = open(connection_role::writer);
  execute(*other, "ALTER TABLE t ADD COLUMN more {text:4} DEFAULT 'm'");
  EXPECT_EQ(one(db(), "SELECT name FROM t"), "a");
  EXPECT_EQ(one(db(), "SELECT more FROM t"), "m");
}

}  // namespace
}  // namespace parley::host

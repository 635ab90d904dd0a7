// What every database does the same way: parley.sql/1 on SQLite and on MariaDB.
#include "tests/unit/host/pool/support.hpp"

namespace parley::host {
namespace {

constexpr auto table = "CREATE TABLE t(id {id}, name {text:8} NOT NULL, n {u64}, data {blob}, UNIQUE(name))";

class connections : public any_connection_test {
 protected:
  void SetUp() override {
    any_connection_test::SetUp();
    execute(db(), table);
  }
  parley_status insert(parley_sql_value name, parley_sql_value n = number(1), parley_sql_value data = null()) {
    const parley_sql_value values[] = {name, n, data};
    return db().execute("INSERT INTO t(name, n, data) VALUES (?, ?, ?)", values, &affected_, &id_);
  }
  std::int64_t affected_ = -1, id_ = -1;
};

TEST_P(connections, insert_tells_rows_and_id) {
  ASSERT_EQ(insert(text("a")), PARLEY_OK) << db().error();
  EXPECT_EQ(affected_, 1);
  EXPECT_EQ(id_, 1);
  ASSERT_EQ(insert(text("b")), PARLEY_OK);
  EXPECT_EQ(id_, 2);
}

TEST_P(connections, affected_counts_matched_rows_changed_or_not) {
  insert(text("a"));
  insert(text("b"));
  execute(db(), "UPDATE t SET n = 1", {}, &affected_, &id_);
  EXPECT_EQ(affected_, 2);
  EXPECT_EQ(id_, 0);
  execute(db(), "DELETE FROM t WHERE n = 9", {}, &affected_);
  EXPECT_EQ(affected_, 0);
}

TEST_P(connections, ids_of_deleted_rows_are_not_given_again) {
  insert(text("a"));
  execute(db(), "DELETE FROM t");
  insert(text("b"));
  EXPECT_EQ(id_, 2);
}

TEST_P(connections, bytes_come_back_as_they_went) {
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

TEST_P(connections, empty_bytes_are_not_null) {
  insert(text(""), number(1), {PARLEY_SQL_BYTES, 0, 0, {nullptr, 0}});
  EXPECT_EQ(select(db(), "SELECT name, data FROM t WHERE data IS NOT NULL", {}, "ss"), (rows{{"", ""}}));
}

TEST_P(connections, null_reads_as_null_and_then_as_a_value_again) {
  insert(text("a"), null(), null());
  insert(text("b"), number(2), text("x"));
  insert(text("c"), null(), text("y"));
  EXPECT_EQ(select(db(), "SELECT n, data FROM t ORDER BY id", {}, "is"),
            (rows{{"NULL", "NULL"}, {"2", "x"}, {"NULL", "y"}}));
}

TEST_P(connections, a_parameter_may_change_its_type_from_call_to_call) {
  for (const auto& v : {number(5), text("five"), null(), number(6)}) {
    EXPECT_EQ(one(db(), "SELECT ?", {v}), shown(v));
  }
}

TEST_P(connections, large_values) {
  const std::string large(3 << 20, 'L');
  ASSERT_EQ(insert(text("a"), number(1), text(large)), PARLEY_OK);
  EXPECT_EQ(one(db(), "SELECT data FROM t"), large);
}

TEST_P(connections, quotes_and_colons_in_a_statement_are_no_parameters) {
  EXPECT_EQ(one(db(), "SELECT ':x ? {id}' || ?", {text("!")}), ":x ? {id}!");
}

TEST_P(connections, what_does_not_fit_is_a_fault) {
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

TEST_P(connections, errors_have_classes) {
  insert(text("a"));
  EXPECT_EQ(insert(text("a")), PARLEY_CONFLICT);
  EXPECT_NE(std::string(db().error()).find("name"), std::string::npos) << db().error();
  EXPECT_EQ(db().execute("INSERT INTO t(id, name) VALUES (1, 'b')", {}), PARLEY_CONFLICT);
  EXPECT_EQ(insert(null()), PARLEY_DATA_ERROR);
  EXPECT_EQ(insert(text("nine chars")), PARLEY_DATA_ERROR);
  EXPECT_EQ(insert(text("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6")), PARLEY_OK);
  EXPECT_EQ(db().execute("INSERT INTO t(id, name) VALUES ('x', 'c')", {}), PARLEY_DATA_ERROR);
  EXPECT_EQ(db().execute("INSERT INTO missing VALUES (1)", {}), PARLEY_FAULT);
  EXPECT_TRUE(db().usable());
  EXPECT_EQ(one(db(), "SELECT count(*) FROM t", {}, "i"), "2");
}

TEST_P(connections, errors_do_not_quote_parameters) {
  insert(text("secret"));
  insert(text("secret"));
  EXPECT_EQ(std::string(db().error()).find("secret"), std::string::npos) << db().error();
}

TEST_P(connections, rows_of_an_outer_query_survive_inner_ones) {
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

TEST_P(connections, a_select_leaves_no_lock_behind) {
  insert(text("a"));
  insert(text("b"));
  auto reader = open(connection_role::reader);
  ASSERT_EQ(one(*reader, "SELECT name FROM t LIMIT 1"), "a");
  ASSERT_EQ(reader->execute("SELECT name FROM t", {}), PARLEY_OK);
  insert(text("c"));
  EXPECT_EQ(one(*reader, "SELECT count(*) FROM t", {}, "i"), "3");
}

TEST_P(connections, insert_rows_takes_any_mix_of_types) {
  ASSERT_EQ(db().begin(), PARLEY_OK);
  const std::vector<parley_sql_value> values = {text("a"),     null(),    text("b"), number(2), text("c"),
                                                text("three"), text("d"), null(),    text("e"), number(5)};
  ASSERT_EQ(db().insert_rows("INSERT INTO t(name, data) VALUES", "", 2, values, 5), PARLEY_OK) << db().error();
  ASSERT_EQ(db().commit(), PARLEY_OK);
  EXPECT_EQ(select(db(), "SELECT name, data FROM t ORDER BY id", {}, "ss"),
            (rows{{"a", "NULL"}, {"b", "2"}, {"c", "three"}, {"d", "NULL"}, {"e", "5"}}));
}

TEST_P(connections, insert_rows_with_a_tail) {
  ASSERT_EQ(db().begin(), PARLEY_OK);
  const std::vector<parley_sql_value> values = {text("a"), number(1), text("a"), number(5), text("a"), number(3)};
  ASSERT_EQ(
      db().insert_rows("INSERT INTO t(name, n) VALUES", "{on_conflict:name} n = {greatest}(n, {new:n})", 2, values, 3),
      PARLEY_OK)
      << db().error();
  ASSERT_EQ(db().commit(), PARLEY_OK);
  EXPECT_EQ(select(db(), "SELECT name, n FROM t", {}, "si"), (rows{{"a", "5"}}));
}

TEST_P(connections, insert_rows_needs_a_transaction_and_whole_rows) {
  const std::vector<parley_sql_value> values = {text("a"), number(1), text("b")};
  EXPECT_EQ(db().insert_rows("INSERT INTO t(name) VALUES", "", 1, values, 3), PARLEY_FAULT);
  ASSERT_EQ(db().begin(), PARLEY_OK);
  EXPECT_EQ(db().insert_rows("INSERT INTO t(name, n) VALUES", "", 2, values, 2), PARLEY_FAULT);
  EXPECT_EQ(db().insert_rows("INSERT INTO t(name, n) VALUES", "", 2, {}, 0), PARLEY_OK);
  EXPECT_EQ(db().rollback(), PARLEY_OK);
}

TEST_P(connections, a_row_that_fails_leaves_the_transaction_to_the_caller) {
  ASSERT_EQ(db().begin(), PARLEY_OK);
  const std::vector<parley_sql_value> values = {text("a"), text("b"), text("a"), text("c")};
  EXPECT_EQ(db().insert_rows("INSERT INTO t(name) VALUES", "", 1, values, 4), PARLEY_CONFLICT);
  EXPECT_TRUE(db().in_transaction());
  EXPECT_EQ(db().rollback(), PARLEY_OK);
  EXPECT_NE(std::string(db().error()).find("name"), std::string::npos) << db().error();
  EXPECT_EQ(one(db(), "SELECT count(*) FROM t", {}, "i"), "0");
}

TEST_P(connections, transactions) {
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

TEST_P(connections, a_reader_may_not_write_and_stays_usable) {
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

TEST_P(connections, what_changes_no_rows_affects_none) {
  insert(text("a"));
  execute(db(), "CREATE TABLE other(x {u8})", {}, &affected_, &id_);
  EXPECT_EQ(affected_, 0);
  EXPECT_EQ(id_, 0);
  execute(db(), "SELECT name FROM t", {}, &affected_);
  EXPECT_EQ(affected_, 0);
}

TEST_P(connections, a_changed_schema_is_noticed) {
  insert(text("a"));
  EXPECT_EQ(one(db(), "SELECT name FROM t"), "a");
  auto other = open(connection_role::writer);
  execute(*other, "ALTER TABLE t ADD COLUMN more {text:4} DEFAULT 'm'");
  EXPECT_EQ(one(db(), "SELECT name FROM t"), "a");
  EXPECT_EQ(one(db(), "SELECT more FROM t"), "m");
}

TEST_P(connections, a_kept_row_stays_as_it_is) {
  insert(text("a"), number(1));
  const parley_sql_value values[] = {text("a"), number(2)};
  execute(db(), "INSERT INTO t(name, n) VALUES (?, ?) {keep:name}", values);
  EXPECT_EQ(one(db(), "SELECT n FROM t", {}, "i"), "1");
}

TEST_P(connections, numbers_read_as_they_are_at_both_ends) {
  for (std::int64_t n : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(),
                         std::int64_t{4294967296}, std::int64_t{-1}}) {
    EXPECT_EQ(one(db(), "SELECT ?", {number(n)}, "i"), std::to_string(n));
  }
}

TEST_P(connections, unsigned_numbers_subtract_below_zero) {
  insert(text("a"), number(1));
  EXPECT_EQ(one(db(), "SELECT n - ? FROM t", {number(3)}, "i"), "-2");
  EXPECT_EQ(one(db(), "SELECT n -? FROM t", {number(-3)}, "i"), "4");
}

TEST_P(connections, names_with_trailing_blanks_are_others) {
  ASSERT_EQ(insert(text("bob")), PARLEY_OK);
  ASSERT_EQ(insert(text("bob ")), PARLEY_OK) << db().error();
  ASSERT_EQ(insert(text("BOB")), PARLEY_OK) << db().error();
  EXPECT_EQ(select(db(), "SELECT name FROM t WHERE name = ?", {text("bob")}, "s"), (rows{{"bob"}}));
}

TEST_P(connections, what_could_end_a_literal_does_not) {
  for (const std::string hostile : {"'", "''", "\\", "\\'", "\"", "a'--", "\n'\x1a", "%_`", "'; DROP"}) {
    EXPECT_EQ(one(db(), "SELECT ? || 'x'", {text(hostile)}), hostile + "x");
    EXPECT_EQ(one(db(), "SELECT count(*) FROM t WHERE name = ?", {text(hostile)}, "i"), "0");
  }
}

TEST_P(connections, a_backslash_in_a_statement_is_a_character) {
  EXPECT_EQ(one(db(), "SELECT 'a\\' || ?", {text("b")}), "a\\b");
}

INSTANTIATE_TEST_SUITE_P(sqlite, connections, testing::Values(sql_kind::sqlite));
INSTANTIATE_TEST_SUITE_P(mariadb, connections, testing::Values(sql_kind::mysql));

}  // namespace
}  // namespace parley::host

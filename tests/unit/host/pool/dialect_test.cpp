#include "host/pool/dialect.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

std::string sqlite(std::string_view text) {
  auto expanded = expand_sql(sql_kind::sqlite, text);
  return expanded ? *expanded : "error: " + expanded.text();
}
std::string mysql(std::string_view text) {
  auto expanded = expand_sql(sql_kind::mysql, text);
  return expanded ? *expanded : "error: " + expanded.text();
}

TEST(dialect, column_types) {
  constexpr auto text = "id {id}, a {u8}, b {u32}, c {u64}, d {blob}";
  EXPECT_EQ(sqlite(text), "id INTEGER PRIMARY KEY AUTOINCREMENT, a INTEGER, b INTEGER, c INTEGER, d BLOB");
  EXPECT_EQ(
      mysql(text),
      "id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, a TINYINT UNSIGNED, b INT UNSIGNED, c BIGINT UNSIGNED, "
      "d LONGBLOB");
}

TEST(dialect, limits_are_checked_on_both_sides) {
  EXPECT_EQ(sqlite("name {text:32} NOT NULL"), "name TEXT CHECK(length(name) <= 32) NOT NULL");
  EXPECT_EQ(mysql("name {text:32} NOT NULL"),
            "name VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL");
  EXPECT_EQ(sqlite("(\"my name\" {text:4})"), "(\"my name\" TEXT CHECK(length(\"my name\") <= 4))");
  EXPECT_EQ(sqlite("k {bytes:16}"), "k BLOB CHECK(length(CAST(k AS BLOB)) <= 16)");
  EXPECT_EQ(mysql("k {bytes:16}"), "k VARBINARY(16)");
  EXPECT_EQ(mysql("k {bytes:100000}"), "k LONGBLOB");
}

TEST(dialect, upserts) {
  constexpr auto text = "INSERT INTO t(a,b,c) VALUES (?,?,?) {on_conflict:a,b} c = {greatest}(c, {new:c})";
  EXPECT_EQ(sqlite(text), "INSERT INTO t(a,b,c) VALUES (?,?,?) ON CONFLICT(a,b) DO UPDATE SET c = max(c, excluded.c)");
  EXPECT_EQ(mysql(text), "INSERT INTO t(a,b,c) VALUES (?,?,?) ON DUPLICATE KEY UPDATE c = GREATEST(c, VALUES(c))");
  EXPECT_EQ(sqlite("VALUES (1) {keep:a,b}"), "VALUES (1) ON CONFLICT(a,b) DO NOTHING");
  EXPECT_EQ(mysql("VALUES (1) {keep:a,b}"), "VALUES (1) ON DUPLICATE KEY UPDATE a = a");
}

TEST(dialect, locking_and_tables) {
  EXPECT_EQ(sqlite("SELECT a FROM t {for_update}"), "SELECT a FROM t ");
  EXPECT_EQ(mysql("SELECT a FROM t {for_update}"), "SELECT a FROM t FOR UPDATE");
  EXPECT_EQ(sqlite("CREATE TABLE t(a {u8}) {table}"), "CREATE TABLE t(a INTEGER) ");
  EXPECT_EQ(mysql("CREATE TABLE t(a {u8}) {table}"),
            "CREATE TABLE t(a TINYINT UNSIGNED) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin "
            "ROW_FORMAT=DYNAMIC");
}

TEST(dialect, quoted_text_stays_and_comments_go) {
  EXPECT_EQ(mysql("SELECT '{id} ? :x -- ', \"?\", `{}`, 'it''s ?' -- {nonsense} ?\n, ? /* ? :y */"),
            "SELECT '{id} ? :x -- ', \"?\", `{}`, 'it''s ?'  , ?  ");
  EXPECT_EQ(sqlite("SELECT 'open"), "SELECT 'open");
}

TEST(dialect, what_is_not_portable_is_refused) {
  for (const char* bad : {"a {nonsense}", "a {id", "{text:}", "a {text:x}", "a {text:0}", "{text:3}", "a {text}",
                          "WHERE a = :name", "WHERE a = @a", "WHERE a = ?1", "{}", "{new}"}) {
    EXPECT_EQ(sqlite(bad).substr(0, 6), "error:") << bad << " -> " << sqlite(bad);
  }
}

TEST(dialect, scripts_split_behind_semicolons_at_line_ends) {
  const auto parts = split_sql("\nCREATE TABLE a(x);\nINSERT INTO a VALUES ('x;y');\n\n  ;\nDROP TABLE b;");
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[0], "CREATE TABLE a(x)");
  EXPECT_EQ(parts[1], "INSERT INTO a VALUES ('x;y')");
  EXPECT_EQ(parts[2], "DROP TABLE b");
  EXPECT_TRUE(split_sql(" \n").empty());
}

TEST(dialect, rows_of_an_insert) {
  EXPECT_EQ(insert_text("INSERT INTO t(a,b) VALUES", "", 2, 1), "INSERT INTO t(a,b) VALUES (?,?)");
  EXPECT_EQ(insert_text("INSERT INTO t(a) VALUES", "{keep:a}", 1, 3), "INSERT INTO t(a) VALUES (?),(?),(?) {keep:a}");
}

}  // namespace
}  // namespace parley::host

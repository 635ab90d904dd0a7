#include "host/pool/index_statement.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

TEST(index_statement, is_taken_apart) {
  const auto index = index_statement::parse("CREATE INDEX IF NOT EXISTS `t_ab` ON t ( A, \"b\" )");
  ASSERT_TRUE(index);
  EXPECT_EQ(index->name, "t_ab");
  EXPECT_EQ(index->table, "t");
  EXPECT_EQ(index->plain_columns(), "a,b");
  for (const char* other : {"CREATE INDEX t_a ON t(a)", "CREATE TABLE t(a)", "CREATE INDEX IF NOT EXISTS x", ""}) {
    EXPECT_FALSE(index_statement::parse(other)) << other;
  }
}

TEST(index_statement, goes_into_the_statement_that_makes_its_table) {
  const auto joined =
      with_indexes({"CREATE TABLE IF NOT EXISTS t(a {u32}, PRIMARY KEY (a)) {table}",
                    "CREATE TABLE IF NOT EXISTS tt(b {u32}) {table}", "CREATE INDEX IF NOT EXISTS t_a ON t(a, b)",
                    "CREATE INDEX IF NOT EXISTS x ON other(a)"});
  ASSERT_EQ(joined.size(), 4u);
  EXPECT_EQ(joined[0], "CREATE TABLE IF NOT EXISTS t(a {u32}, PRIMARY KEY (a),\n  KEY t_a (a, b)) {table}");
  EXPECT_EQ(joined[1], "CREATE TABLE IF NOT EXISTS tt(b {u32}) {table}");
  EXPECT_EQ(joined[2], "CREATE INDEX IF NOT EXISTS t_a ON t(a, b)");
}

}  // namespace
}  // namespace parley::host

#include "store/digest.hpp"

#include <gtest/gtest.h>

namespace parley::store {
namespace {

parley_sql_value number(std::int64_t value) {
  return {PARLEY_SQL_INTEGER, 0, value, {}};
}
parley_sql_value text(std::string_view value) {
  return {PARLEY_SQL_BYTES, 0, 0, {value.data(), value.size()}};
}
const parley_sql_value null{PARLEY_SQL_NULL, 0, 0, {}};

std::uint64_t hash(std::vector<parley_sql_value> row) {
  return hash_row(row.data(), row.size());
}

TEST(digest, of_rows_does_not_depend_on_their_order) {
  digest one, other;
  for (int i = 0; i < 10; ++i) one.add(hash({number(i), text("x")}));
  for (int i = 9; i >= 0; --i) other.add(hash({number(i), text("x")}));
  EXPECT_EQ(one, other);
  other.add(hash({number(3), text("x")}));
  EXPECT_NE(one, other);
}

TEST(digest, tells_rows_apart_that_read_alike) {
  const std::vector<std::vector<parley_sql_value>> rows{{number(0)},
                                                        {null},
                                                        {text("")},
                                                        {text("0")},
                                                        {text("a"), text("b")},
                                                        {text("ab"), text("")},
                                                        {text(""), text("ab")},
                                                        {number(0), null},
                                                        {null, number(0)},
                                                        {number(1), number(2)},
                                                        {number(2), number(1)}};
  for (std::size_t a = 0; a < rows.size(); ++a) {
    for (std::size_t b = a + 1; b < rows.size(); ++b) EXPECT_NE(hash(rows[a]), hash(rows[b])) << a << " and " << b;
  }
}

TEST(digest, two_changes_do_not_cancel_each_other_out) {
  // What was in one row is in the other now, and the other way round.
  digest before, after;
  before.add(hash({number(1), number(10)}));
  before.add(hash({number(2), number(20)}));
  after.add(hash({number(1), number(20)}));
  after.add(hash({number(2), number(10)}));
  EXPECT_NE(before, after);
}

TEST(digest, knows_which_tables_hold_conversations) {
  EXPECT_EQ(conversation_column("immessage_3"), "relateId");
  EXPECT_EQ(conversation_column("imgroupmessage_0"), "groupId");
  EXPECT_EQ(conversation_column("imuser"), "");
}

TEST(digest, a_pair_and_a_group_of_one_number_are_two_conversations) {
  EXPECT_NE(conversation_sums::cell_of(false, 7), conversation_sums::cell_of(true, 7));
}

}  // namespace
}  // namespace parley::store

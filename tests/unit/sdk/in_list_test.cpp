#include "parley/in_list.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace parley {
namespace {

struct sent {
  std::string statement;
  std::vector<std::int64_t> numbers;
};

template <class List>
std::vector<sent> each(const List& list, const std::vector<std::uint32_t>& ids,
                       std::initializer_list<sql_value> before = {}, std::initializer_list<sql_value> after = {}) {
  std::vector<sent> out;
  list.each(
      before, ids,
      [&](const char* statement, const sql_value* values, std::size_t count) {
        auto& one = out.emplace_back(sent{statement, {}});
        for (std::size_t i = 0; i < count; ++i) one.numbers.push_back(values[i].integer);
      },
      after);
  return out;
}

std::vector<std::uint32_t> up_to(std::uint32_t n) {
  std::vector<std::uint32_t> out(n);
  std::iota(out.begin(), out.end(), 1);
  return out;
}

std::size_t marks_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '?'));
}

const in_list_of<1, 8, 64> list("SELECT a FROM t WHERE id IN ", " ORDER BY a");

TEST(in_list, has_few_widths) {
  EXPECT_TRUE(each(list, {}).empty());
  EXPECT_EQ(each(list, {7})[0].statement, "SELECT a FROM t WHERE id IN (?) ORDER BY a");
  EXPECT_EQ(each(list, up_to(8))[0].statement, "SELECT a FROM t WHERE id IN (?,?,?,?,?,?,?,?) ORDER BY a");
  for (const std::uint32_t count : {2, 8, 9, 64}) {
    const auto all = each(list, up_to(count));
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(marks_in(all[0].statement), count <= 8 ? 8u : 64u);
    EXPECT_EQ(all[0].numbers.size(), marks_in(all[0].statement));
  }
}

TEST(in_list, asks_for_each_once_and_fills_up_with_the_last) {
  const auto all = each(list, up_to(130));
  ASSERT_EQ(all.size(), 3u);
  std::vector<std::int64_t> seen;
  for (const auto& one : all) {
    for (const auto n : one.numbers) {
      if (seen.empty() || seen.back() != n) seen.push_back(n);
    }
  }
  EXPECT_EQ(seen.size(), 130u);
  EXPECT_EQ(all[2].numbers, (std::vector<std::int64_t>{129, 130, 130, 130, 130, 130, 130, 130}));
}

TEST(in_list, keeps_other_parameters_around_the_list) {
  const auto all = each(list, {1, 2}, {100, 101}, {200});
  EXPECT_EQ(all[0].numbers, (std::vector<std::int64_t>{100, 101, 1, 2, 2, 2, 2, 2, 2, 2, 200}));
}

TEST(in_list, takes_texts) {
  const std::vector<std::string> names{"a", "b"};
  std::size_t count = 0;
  list.each({}, names, [&](const char*, const sql_value* values, std::size_t n) {
    count = n;
    EXPECT_EQ(view(values[0].bytes), "a");
    EXPECT_EQ(view(values[7].bytes), "b");
  });
  EXPECT_EQ(count, 8u);
}

TEST(in_list, marks_are_as_many_as_asked_for) {
  EXPECT_EQ(marks(1), "?");
  EXPECT_EQ(marks(3), "?,?,?");
}

}  // namespace
}  // namespace parley

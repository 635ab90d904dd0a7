#include "import/renumber.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace parley::teamtalk {
namespace {

using numbers = std::vector<std::uint32_t>;

/// The new numbers in order, of messages (msg_id, created) of one relation.
numbers renumbered(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& messages) {
  std::vector<numbered_row> rows;
  for (const auto& [msg_id, created] : messages) rows.push_back({1, rows.size() + 1, msg_id, created, 0});
  renumber(rows);
  numbers out;
  for (const auto& row : rows) out.push_back(row.new_id);
  return out;
}

TEST(renumber, leaves_what_is_sound_as_it_is) {
  EXPECT_EQ(renumbered({}), numbers());
  EXPECT_EQ(renumbered({{1, 10}, {2, 10}, {7, 20}, {4294967294, 30}}), (numbers{1, 2, 7, 4294967294}));
}

TEST(renumber, a_number_twice_moves_those_behind_it_up_to_the_next_gap) {
  EXPECT_EQ(renumbered({{1, 10}, {1, 11}, {2, 12}, {9, 13}}), (numbers{1, 2, 3, 9}));
}

TEST(renumber, gives_one_to_what_has_none) {
  EXPECT_EQ(renumbered({{0, 5}, {4294967295, 10}, {4294967295, 11}, {2, 12}}), (numbers{1, 2, 3, 4}));
}

TEST(renumber, a_counter_begun_anew_goes_on_behind) {
  EXPECT_EQ(renumbered({{100, 10}, {101, 11}, {1, 12}, {2, 13}}), (numbers{100, 101, 102, 103}));
}

TEST(renumber, goes_by_time_and_within_a_second_by_number) {
  std::vector<numbered_row> rows{{2, 1, 1, 20, 0}, {1, 1, 2, 10, 0}, {1, 2, 1, 10, 0}, {2, 2, 4294967295, 10, 0}};
  renumber(rows);
  EXPECT_EQ(rows[0].msg_id, 1u);
  EXPECT_EQ(rows[1].msg_id, 2u);
  EXPECT_EQ(rows[2].msg_id, 4294967295u);
  EXPECT_EQ(rows[3].created, 20u);
}

TEST(renumber, begins_at_one_when_numbers_would_run_out) {
  EXPECT_EQ(renumbered({{4294967294, 10}, {5, 11}, {6, 12}}), (numbers{1, 2, 3}));
}

TEST(renumber, always_ends_with_rising_numbers_each_once) {
  std::uint32_t seed = 7;
  const auto next = [&] { return seed = seed * 1664525 + 1013904223; };
  for (int round = 0; round < 200; ++round) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> messages;
    for (std::uint32_t i = 0, count = next() % 40; i < count; ++i) {
      const auto kind = next() >> 28;
      messages.emplace_back(kind == 0 ? 4294967295 - next() % 3 : kind == 1 ? 0 : next() % 30, next() % 10);
    }
    const auto out = renumbered(messages);
    ASSERT_EQ(out.size(), messages.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      ASSERT_TRUE(is_number(out[i]));
      ASSERT_TRUE(i == 0 || out[i] > out[i - 1]);
    }
  }
}

}  // namespace
}  // namespace parley::teamtalk

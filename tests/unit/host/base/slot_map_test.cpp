#include "host/base/slot_map.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

TEST(slot_map, a_stale_id_finds_nothing_even_when_its_place_is_used_again) {
  slot_map<int> map;
  const auto first = map.insert(1);
  EXPECT_TRUE(map.erase(first));
  const auto second = map.insert(2);
  EXPECT_NE(first, second);
  EXPECT_EQ(map.find(first), nullptr);
  ASSERT_NE(map.find(second), nullptr);
  EXPECT_EQ(*map.find(second), 2);
  EXPECT_FALSE(map.erase(first));
}

TEST(slot_map, zero_is_nobody) {
  slot_map<int> map;
  EXPECT_EQ(map.find(0), nullptr);
  EXPECT_NE(map.insert(7), 0u);
  EXPECT_EQ(map.find(0), nullptr);
}

TEST(slot_map, references_stay_while_it_grows) {
  slot_map<int> map;
  auto [id, value] = map.emplace();
  int* place = &value;
  for (int i = 0; i < 10000; ++i) map.insert(i);
  EXPECT_EQ(map.find(id), place);
}

TEST(slot_map, each_may_erase_what_it_is_given) {
  slot_map<int> map;
  for (int i = 0; i < 100; ++i) map.insert(i);
  map.each([&](std::uint64_t id, int& v) {
    if (v % 2) map.erase(id);
  });
  EXPECT_EQ(map.size(), 50u);
}

}  // namespace
}  // namespace parley::host

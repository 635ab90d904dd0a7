#include "doorkeeper.hpp"

#include <gtest/gtest.h>

namespace file {
namespace {

TEST(doorkeeper, refuses_an_address_after_so_many_failures_for_a_while) {
  doorkeeper door(3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(door.refuses("10.0.0.1", 1000));
    door.failed("10.0.0.1", 1000);
  }
  EXPECT_TRUE(door.refuses("10.0.0.1", 1001));
  EXPECT_FALSE(door.refuses("10.0.0.2", 1001));
  EXPECT_FALSE(door.refuses("10.0.0.1", 1000 + doorkeeper::window_ms));
  door.failed("10.0.0.1", 1000 + doorkeeper::window_ms);
  EXPECT_FALSE(door.refuses("10.0.0.1", 1001 + doorkeeper::window_ms)) << "counted anew";
}

TEST(doorkeeper, with_0_lets_everybody_try) {
  doorkeeper door(0);
  for (int i = 0; i < 100; ++i) door.failed("10.0.0.1", 1);
  EXPECT_FALSE(door.refuses("10.0.0.1", 1));
}

TEST(doorkeeper, does_not_grow_without_bound) {
  doorkeeper door(1);
  for (std::size_t i = 0; i <= doorkeeper::most_addresses; ++i) door.failed(std::to_string(i), 1);
  EXPECT_TRUE(door.refuses(std::to_string(doorkeeper::most_addresses), 1));
  EXPECT_FALSE(door.refuses("0", 1)) << "what was full has been forgotten";
}

}  // namespace
}  // namespace file

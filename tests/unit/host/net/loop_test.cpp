#include "host/net/loop.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

TEST(loop, runs_what_the_end_of_a_turn_defers_in_that_turn) {
  loop l;
  std::vector<std::string> seen;
  l.on_turn_end = [&] {
    seen.push_back("end");
    if (seen.size() == 2) l.defer([&] { seen.push_back("deferred by the end"); });
  };
  l.defer([&] { seen.push_back("deferred"); });
  l.turn(false);
  const std::vector<std::string> first(seen.begin(), seen.begin() + 4);
  EXPECT_EQ(first, (std::vector<std::string>{"deferred", "end", "deferred by the end", "end"}));
  l.on_turn_end = nullptr;
}

}  // namespace
}  // namespace parley::host

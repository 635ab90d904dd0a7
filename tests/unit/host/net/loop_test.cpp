#include "host/net/loop.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "host/net/loop_timer.hpp"

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

/// Turns of a loop that has some work at first and none for 100 ms.
std::uint64_t turns_of(bool busy_poll) {
  loop l;
  if (busy_poll) l.busy_poll();
  bool worked = false;
  l.post([&] { worked = true; });
  loop_timer end(l, [&] { l.stop(); });
  end.start(100);
  l.run();
  EXPECT_TRUE(worked);
  return l.turns();
}

TEST(loop, that_polls_looks_for_work_after_some_and_then_sleeps) {
  EXPECT_LT(turns_of(false), 20u);
  if (std::thread::hardware_concurrency() < 2) GTEST_SKIP() << "one core has nothing to spend";
  const auto turns = turns_of(true);
  EXPECT_GT(turns, 20u);
  EXPECT_LT(turns, 20'000u) << "it never slept";
}

}  // namespace
}  // namespace parley::host

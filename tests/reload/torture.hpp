// What tests share that replace a plugin under load.
#pragma once

#include <cstdlib>

#include "fixture.hpp"

namespace parley::test {

/// PARLEY_TORTURE_RELOADS; 30 unless it is set.
inline int wished_reloads() {
  const char* wished = std::getenv("PARLEY_TORTURE_RELOADS");
  return wished && *wished ? std::atoi(wished) : 30;
}

/// Every generation that was replaced is unmapped, and the node ends well.
inline void expect_a_clean_end(server& node, int reloads) {
  const auto deadline = steady::now() + patience(answer_time);
  json now;
  do {
    poll(nullptr, 0, 20);
    now = node.ask("reloads");
  } while ((now.at("leaving") != 0 || now.at("in_probation") != 0 || now.at("retired") != now.at("unmapped")) &&
           steady::now() < deadline);
  EXPECT_EQ(now.at("retired"), reloads) << now.dump(2);
  EXPECT_EQ(now.at("unmapped"), reloads) << now.dump(2);
  EXPECT_EQ(now.at("lingering"), 0);
  EXPECT_EQ(node.terminate().code, 0);
  if (testing::Test::HasFailure()) std::cerr << last_lines(node.log(), 30) << "\n";
}

}  // namespace parley::test

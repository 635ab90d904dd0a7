#include "tools/parleyctl/top.hpp"

#include <gtest/gtest.h>

namespace parleyctl {
namespace {

using json = nlohmann::ordered_json;

json plugin(const char* name, int generation, std::uint64_t calls, std::uint64_t loop_ns) {
  return {{"name", name},          {"generation", generation},
          {"calls", calls},        {"errors", 0},
          {"p50_us", 3},           {"p99_us", 9},
          {"loop_ns", loop_ns},    {"stalls", 1},
          {"longest_stall_ms", 5}, {"step_p99_us", 1.25},
          {"held_bytes", 0},       {"pins", 2}};
}
json answer(std::uint64_t seconds, std::uint64_t turns, json plugins) {
  return {
      {"name", "n"},    {"uptime_ns", seconds * 1000000000}, {"loop_turns", turns}, {"sessions", 4},
      {"in_flight", 1}, {"pdus_in", seconds * 10},           {"pdus_out", 0},       {"plugins", std::move(plugins)}};
}

TEST(top, rates_and_shares_are_of_the_time_between_two_answers) {
  const auto got = top_between(answer(10, 100, {plugin("a", 1, 100, 0), plugin("b", 1, 0, 500000000)}),
                               answer(12, 300, {plugin("a", 1, 300, 20000000), plugin("b", 1, 0, 1500000000)}));
  EXPECT_EQ(got["seconds"], 2.0);
  EXPECT_EQ(got["pdus_in_per_s"], 10.0);
  EXPECT_EQ(got["turns_per_s"], 100.0);
  ASSERT_EQ(got["plugins"].size(), 2u);
  EXPECT_EQ(got["plugins"][0]["plugin"], "b") << "the dearest first";
  EXPECT_EQ(got["plugins"][0]["loop_percent"], 50.0);
  EXPECT_EQ(got["plugins"][1]["calls_per_s"], 100.0);
  EXPECT_EQ(got["plugins"][1]["us_per_turn"], 100.0);
}

TEST(top, a_new_generation_counts_from_zero) {
  const auto got = top_between(answer(1, 1, {plugin("a", 1, 1000, 0)}), answer(2, 2, {plugin("a", 2, 7, 0)}));
  EXPECT_EQ(got["plugins"][0]["calls_per_s"], 7.0);
}

TEST(top, a_restarted_node_has_no_negative_rates) {
  const auto got = top_between(answer(100, 900, {plugin("a", 1, 1000, 9)}), answer(1, 2, {plugin("a", 1, 7, 3)}));
  EXPECT_EQ(got["plugins"][0]["calls_per_s"], 0.0);
  EXPECT_EQ(got["turns_per_s"], 0.0);
  EXPECT_NE(top_text(got).find("4 sessions"), std::string::npos);
}

}  // namespace
}  // namespace parleyctl

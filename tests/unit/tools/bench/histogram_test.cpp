#include "bench/histogram.hpp"

#include <gtest/gtest.h>

namespace parley::bench {
namespace {

TEST(histogram, has_no_quantile_when_empty) {
  EXPECT_EQ(histogram().quantile(0.5), 0u);
}

TEST(histogram, is_exact_for_small_values) {
  histogram times;
  for (std::uint64_t v = 1; v <= 100; ++v) times.add(v / 2);
  EXPECT_EQ(times.count(), 100u);
  EXPECT_EQ(times.quantile(0.5), 25u);
  EXPECT_EQ(times.quantile(1.0), 50u);
}

TEST(histogram, is_within_two_percent_for_any_value) {
  for (const std::uint64_t value : {65ull, 1000ull, 999'999ull, 123'456'789ull, 1ull << 40, ~0ull}) {
    histogram times;
    times.add(value);
    const double got = static_cast<double>(times.quantile(0.99));
    EXPECT_NEAR(got / static_cast<double>(value), 1.0, 0.02) << value;
    EXPECT_GE(times.quantile(0.99), value);
  }
}

TEST(histogram, counts_the_tail) {
  histogram times;
  for (int i = 0; i < 990; ++i) times.add(1000);
  for (int i = 0; i < 10; ++i) times.add(1'000'000);
  EXPECT_LT(times.quantile(0.99), 1100u);
  EXPECT_GT(times.quantile(0.991), 900'000u);
}

}  // namespace
}  // namespace parley::bench

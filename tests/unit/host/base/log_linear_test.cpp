#include "host/base/log_linear.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

TEST(log_linear, every_duration_is_in_the_bucket_whose_bounds_hold_it) {
  for (std::uint64_t ns :
       {0ull, 1ull, 127ull, 128ull, 159ull, 160ull, 255ull, 256ull, 1000ull, 999999ull, 1ull << 30, (1ull << 37) - 1}) {
    const auto i = log_linear::bucket_of(ns);
    EXPECT_LT(ns, log_linear::bound(i)) << ns;
    if (i) {
      EXPECT_GE(ns, log_linear::bound(i - 1)) << ns;
    }
  }
  EXPECT_EQ(log_linear::bucket_of(~0ull), log_linear::buckets - 1);
}

TEST(log_linear, quantiles_are_right_within_a_quarter_of_an_octave) {
  log_linear h;
  for (std::uint64_t us = 1; us <= 1000; ++us) h.add(us * 1000);
  for (const double p : {0.1, 0.5, 0.9, 0.99}) {
    const auto exact = p * 1e6;
    EXPECT_GE(static_cast<double>(h.quantile(p)), exact) << p;
    EXPECT_LE(static_cast<double>(h.quantile(p)), exact * 1.26) << p;
  }
  EXPECT_EQ(h.quantile(1), 1000000u);
  EXPECT_EQ(log_linear().quantile(0.5), 0u);
}

TEST(log_linear, a_weight_stands_for_many) {
  log_linear h;
  h.add(1000, 64);
  h.add(5000);
  EXPECT_EQ(h.count(), 65u);
  EXPECT_EQ(h.sum(), 69000u);
  EXPECT_EQ(h.longest(), 5000u);
  EXPECT_LT(h.quantile(0.9), 1300u);
  EXPECT_EQ(h.below_power(10), 64u);
  EXPECT_EQ(h.below_power(13), 65u);
}

}  // namespace
}  // namespace parley::host

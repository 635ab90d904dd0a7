#include "host/base/metrics.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

TEST(metrics, the_same_name_and_labels_are_one_cell) {
  metrics m;
  auto& a = m.define(metric_kind::counter, "x", "k=\"1\"", "help");
  auto& b = m.define(metric_kind::counter, "x", "k=\"1\"", "help");
  EXPECT_EQ(&a, &b);
  a.add(2);
  b.add(3);
  EXPECT_NE(m.text().find("x{k=\"1\"} 5\n"), std::string::npos) << m.text();
}

TEST(metrics, a_counter_kept_elsewhere_is_shown_as_it_stands) {
  metrics m;
  m.collect([&m] { m.define(metric_kind::counter, "seen", "", "things").set(7); });
  m.text();
  EXPECT_NE(m.text().find("# TYPE seen counter\nseen 7\n"), std::string::npos) << m.text();
}

TEST(metrics, a_histogram_tells_cumulative_buckets_sum_and_count) {
  metrics m;
  auto& h = m.define(metric_kind::histogram, "wait", "", "waits");
  h.add(50);
  h.add(100);
  h.add(1'000'000'000'000);
  const auto text = m.text();
  EXPECT_NE(text.find("wait_bucket{le=\"6.4e-05\"} 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("wait_bucket{le=\"0.000128\"} 2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("wait_bucket{le=\"+Inf\"} 3\n"), std::string::npos) << text;
  EXPECT_NE(text.find("wait_count 3\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace parley::host

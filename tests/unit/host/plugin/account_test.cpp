#include "host/plugin/account.hpp"

#include <gtest/gtest.h>
#include <poll.h>

namespace parley::host {
namespace {

TEST(account, of_a_plugin_that_does_little_every_step_is_measured) {
  account a;
  for (int i = 0; i < 5; ++i) {
    EXPECT_NE(a.begin(), 0u);
    EXPECT_EQ(a.weight(), 1u);
    poll(nullptr, 0, 6);
  }
}

TEST(account, of_a_busy_one_few_are_and_stand_for_all) {
  account a;
  constexpr int steps = 100000;
  int measured = 0;
  for (int i = 0; i < steps; ++i) {
    const auto began = a.begin();
    if (!began) continue;
    ++measured;
    a.end(began, a.weight());
  }
  EXPECT_LT(measured, steps / 100);
  EXPECT_NEAR(static_cast<double>(a.steps.count()), steps, 300);
}

}  // namespace
}  // namespace parley::host

#include "host/pool/thread_turns.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

TEST(grace_period, does_not_wait_for_who_was_outside) {
  thread_turns idle;
  grace_period period;
  period.watch(idle);
  EXPECT_TRUE(period.passed());
  idle.enter();
  EXPECT_TRUE(period.passed());
}

TEST(grace_period, is_over_when_everybody_who_was_inside_has_been_outside) {
  thread_turns one, another;
  one.enter();
  another.enter();
  grace_period period;
  period.watch(one);
  period.watch(another);
  EXPECT_FALSE(period.passed());
  one.leave();
  EXPECT_FALSE(period.passed());
  another.leave();
  EXPECT_TRUE(period.passed());
}

TEST(grace_period, a_thread_that_is_inside_again_has_been_outside) {
  thread_turns busy;
  busy.enter();
  grace_period period;
  period.watch(busy);
  busy.leave();
  busy.enter();
  EXPECT_TRUE(period.passed());
}

}  // namespace
}  // namespace parley::host

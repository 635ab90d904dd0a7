#include "turnstile.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "check_clock.hpp"

namespace {

/// A coroutine that nobody awaits.
struct fire {
  struct promise_type {
    fire get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

/// Suspends until opened by hand.
struct door {
  std::coroutine_handle<> inside;
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> h) { inside = h; }
  void await_resume() const {}
};

struct bench {
  std::deque<std::coroutine_handle<>> posted;
  std::vector<int> log;
  login::turnstile gate{1, 2, [this](std::coroutine_handle<> h) { posted.push_back(h); }};

  fire visit(int who, std::uint64_t key, door* behind) {
    const auto turn = co_await gate.enter(key);
    if (!turn) {
      log.push_back(-who);
      co_return;
    }
    log.push_back(who);
    if (behind) co_await *behind;
  }
  void run_posted() {
    while (!posted.empty()) {
      const auto h = posted.front();
      posted.pop_front();
      h.resume();
    }
  }
};

TEST(turnstile, lets_one_in_per_key_and_the_others_in_order) {
  bench b;
  door first;
  b.visit(1, 7, &first);
  b.visit(2, 7, nullptr);
  b.visit(3, 7, nullptr);
  b.visit(4, 8, nullptr);
  EXPECT_EQ(b.log, (std::vector<int>{1, 4}));
  first.inside.resume();
  b.run_posted();
  EXPECT_EQ(b.log, (std::vector<int>{1, 4, 2, 3}));
  EXPECT_EQ(b.gate.held(), 0u);
}

TEST(turnstile, refuses_when_too_many_wait) {
  bench b;
  door first;
  b.visit(1, 7, &first);
  for (int who = 2; who <= 4; ++who) b.visit(who, 7, nullptr);
  EXPECT_EQ(b.log, (std::vector<int>{1, -4}));
  first.inside.resume();
  b.run_posted();
  EXPECT_EQ(b.log, (std::vector<int>{1, -4, 2, 3}));
}

TEST(turnstile, keeps_the_key_taken_until_a_waiter_has_come_through) {
  bench b;
  door first, second;
  b.visit(1, 7, &first);
  b.visit(2, 7, &second);
  first.inside.resume();
  b.visit(3, 7, nullptr);
  EXPECT_EQ(b.log, (std::vector<int>{1}));
  b.run_posted();
  second.inside.resume();
  b.run_posted();
  EXPECT_EQ(b.log, (std::vector<int>{1, 2, 3}));
}

TEST(turnstile, lets_as_many_in_as_it_is_wide) {
  std::deque<std::coroutine_handle<>> posted;
  login::turnstile gate(2, 10, [&](std::coroutine_handle<> h) { posted.push_back(h); });
  auto first = gate.enter(1);
  auto second = gate.enter(1);
  auto third = gate.enter(1);
  EXPECT_TRUE(first.await_ready());
  EXPECT_TRUE(second.await_ready());
  EXPECT_FALSE(third.await_ready());
  third.await_suspend(std::noop_coroutine());
  EXPECT_EQ(gate.waiting(1), 1u);
  { const auto out = first.await_resume(); }
  EXPECT_EQ(posted.size(), 1u);
  { const auto out = second.await_resume(); }
  { const auto out = third.await_resume(); }
  EXPECT_EQ(gate.held(), 0u);
}

TEST(check_clock, a_longer_queue_takes_longer) {
  login::check_clock clock(20'000);
  EXPECT_EQ(clock.expected_ms(0, 2), 20u);
  EXPECT_EQ(clock.expected_ms(100, 2), 1020u);
}

TEST(check_clock, follows_what_checks_take) {
  login::check_clock clock(1'000);
  for (int i = 0; i < 100; ++i) clock.took(50'000);
  EXPECT_NEAR(static_cast<double>(clock.average_us()), 50'000, 500);
}

}  // namespace

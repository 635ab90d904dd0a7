#include "throttle.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

constexpr std::uint64_t minute = 60'000;

login::throttle::limits small() {
  return {.failures = 3, .failures_per_address = 6, .window_ms = 30 * minute};
}

TEST(throttle, refuses_after_so_many_failures_of_a_pair) {
  login::throttle doorman(small());
  const auto key = doorman.key("ada", "10.0.0.1");
  EXPECT_FALSE(doorman.failed(key, 0));
  EXPECT_FALSE(doorman.failed(key, 1));
  EXPECT_FALSE(doorman.refuses(key, 2));
  EXPECT_TRUE(doorman.failed(key, 2));
  EXPECT_TRUE(doorman.refuses(key, 3));
}

TEST(throttle, nobody_is_locked_out_from_elsewhere) {
  login::throttle doorman(small());
  for (int i = 0; i < 3; ++i) doorman.failed(doorman.key("ada", "10.0.0.1"), 0);
  EXPECT_TRUE(doorman.refuses(doorman.key("ada", "10.0.0.1"), 1));
  EXPECT_FALSE(doorman.refuses(doorman.key("ada", "10.0.0.2"), 1));
  EXPECT_FALSE(doorman.refuses(doorman.key("bob", "10.0.0.1"), 1));
}

TEST(throttle, a_name_is_forgotten_at_every_address) {
  login::throttle doorman(small());
  for (const char* address : {"10.0.0.1", "10.0.0.2", "2001:db8::1"}) {
    for (std::uint64_t i = 0; i < 3; ++i) doorman.failed(doorman.key("ada", address), i);
  }
  for (std::uint64_t i = 0; i < 3; ++i) doorman.failed(doorman.key("bob", "10.0.0.1"), 10 + i);
  EXPECT_TRUE(doorman.refuses(doorman.key("carl", "10.0.0.1"), 20)) << "the address has failed six times";
  EXPECT_EQ(doorman.forget("ada", 20), 3u);
  EXPECT_FALSE(doorman.refuses(doorman.key("ada", "10.0.0.1"), 20));
  EXPECT_FALSE(doorman.refuses(doorman.key("ada", "2001:db8::2"), 20));
  EXPECT_FALSE(doorman.refuses(doorman.key("carl", "10.0.0.1"), 20)) << "those failures are gone there too";
  EXPECT_TRUE(doorman.refuses(doorman.key("bob", "10.0.0.1"), 20));
  EXPECT_EQ(doorman.forget("ada", 20), 0u);
  EXPECT_EQ(doorman.forget("nobody", 20), 0u);
}

TEST(throttle, a_name_is_forgotten_after_a_handover_too) {
  login::throttle before(small());
  for (std::uint64_t i = 0; i < 3; ++i) before.failed(before.key("ada", "10.0.0.1"), i);
  std::string state;
  before.save(state, 10, 4096);
  login::throttle after(small());
  parley::state_reader in(state);
  ASSERT_TRUE(after.restore(in));
  EXPECT_TRUE(after.refuses(after.key("ada", "10.0.0.1"), 11));
  EXPECT_EQ(after.forget("ada", 11), 1u);
  EXPECT_FALSE(after.refuses(after.key("ada", "10.0.0.1"), 12));
}

TEST(throttle, failures_are_forgotten_one_by_one) {
  login::throttle doorman(small());
  const auto key = doorman.key("ada", "10.0.0.1");
  for (std::uint64_t i = 0; i < 3; ++i) doorman.failed(key, i * 10 * minute);
  EXPECT_TRUE(doorman.refuses(key, 30 * minute - 1));
  EXPECT_FALSE(doorman.refuses(key, 30 * minute));
  doorman.failed(key, 31 * minute);
  EXPECT_TRUE(doorman.refuses(key, 32 * minute));
}

TEST(throttle, success_clears_the_pair) {
  login::throttle doorman(small());
  const auto key = doorman.key("ada", "10.0.0.1");
  doorman.failed(key, 0);
  doorman.failed(key, 0);
  doorman.succeeded(key);
  doorman.failed(key, 0);
  EXPECT_FALSE(doorman.refuses(key, 0));
}

TEST(throttle, names_from_one_address_are_limited) {
  login::throttle doorman(small());
  for (int i = 0; i < 6; ++i) doorman.failed(doorman.key("name" + std::to_string(i), "10.0.0.1"), 0);
  EXPECT_TRUE(doorman.refuses(doorman.key("ada", "10.0.0.1"), 1));
  EXPECT_FALSE(doorman.refuses(doorman.key("ada", "10.0.0.2"), 1));
}

TEST(throttle, an_ipv6_customer_is_one_address) {
  login::throttle doorman(small());
  EXPECT_EQ(doorman.key("ada", "2001:db8::1").address, doorman.key("ada", "2001:db8::ffff:2").address);
  EXPECT_NE(doorman.key("ada", "2001:db8::1").address, doorman.key("ada", "2001:db8:0:1::1").address);
  EXPECT_EQ(doorman.key("ada", "::ffff:10.0.0.1").address, doorman.key("ada", "10.0.0.1").address);
}

TEST(throttle, tables_do_not_grow_without_bound) {
  auto limits = small();
  limits.pairs = 100;
  limits.addresses = 10;
  login::throttle doorman(limits);
  for (int i = 0; i < 10'000; ++i) {
    doorman.failed(doorman.key("name" + std::to_string(i), "10.0." + std::to_string(i / 200) + ".1"), 0);
  }
  EXPECT_LE(doorman.tracked(), 110u);
}

TEST(throttle, hands_over_what_was_asked_for_last_when_there_is_room_for_some_only) {
  constexpr std::size_t room = 4096;
  login::throttle doorman(small()), next(small());
  const auto key = [](const login::throttle& of, int i) {
    return of.key("name" + std::to_string(i), "10." + std::to_string(i / 250) + "." + std::to_string(i % 250) + ".1");
  };
  for (int i = 0; i < 2000; ++i) {
    for (int n = 0; n < 3; ++n) doorman.failed(key(doorman, i), static_cast<std::uint64_t>(i));
  }
  std::string state;
  doorman.save(state, 2000, room);
  EXPECT_LE(state.size(), room);
  EXPECT_GT(state.size(), room / 2);
  parley::state_reader in(state);
  ASSERT_TRUE(next.restore(in));
  EXPECT_TRUE(in.done());
  EXPECT_TRUE(next.refuses(key(next, 1999), 2000));
  EXPECT_FALSE(next.refuses(key(next, 0), 2000));
}

TEST(throttle, leaves_out_of_the_handover_what_does_not_count_any_more) {
  login::throttle doorman(small());
  std::string empty, state;
  doorman.save(empty, 0, 4096);
  doorman.failed(doorman.key("ada", "10.0.0.1"), 0);
  doorman.save(state, 30 * minute, 4096);
  EXPECT_EQ(state.size(), empty.size());
}

TEST(throttle, a_lower_limit_holds_for_what_is_handed_over) {
  login::throttle doorman(small());
  for (int i = 0; i < 3; ++i) doorman.failed(doorman.key("ada", "10.0.0.1"), static_cast<std::uint64_t>(i));
  std::string state;
  doorman.save(state, 3, 4096);
  auto lower = small();
  lower.failures = 1;
  lower.pairs = 1;
  login::throttle next(lower);
  parley::state_reader in(state);
  ASSERT_TRUE(next.restore(in));
  const auto key = next.key("ada", "10.0.0.1");
  EXPECT_TRUE(next.refuses(key, 2 + 30 * minute - 1)) << "the newest was not kept";
  EXPECT_FALSE(next.refuses(key, 2 + 30 * minute));
}

TEST(throttle, no_limit_refuses_nobody) {
  login::throttle doorman({.failures = 0});
  const auto key = doorman.key("ada", "10.0.0.1");
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(doorman.failed(key, 0));
  EXPECT_FALSE(doorman.refuses(key, 0));
}

}  // namespace

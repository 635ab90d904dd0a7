// What parley.cache/1 promises, wherever the values are kept: one test for every kind of cache.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "host/net/loop.hpp"
#include "host/pool/cache_backend.hpp"

namespace parley::host {

/// One operation's end, and the calls that make and await one.
struct cache_answer {
  bool called = false;
  parley_status outcome = -1;
  std::optional<std::string> value;
  std::int64_t number = 0;

  static void keep(void* context, parley_status outcome, parley_bytes value, std::int64_t number) {
    auto& a = *static_cast<cache_answer*>(context);
    EXPECT_FALSE(a.called) << "answered twice";
    a.called = true;
    a.outcome = outcome;
    a.number = number;
    if (value.data) a.value = std::string(static_cast<const char*>(value.data), value.size);
  }
};

/// Turns the loop until it is so; false after `ms`.
template <class Condition>
bool turn_until(loop& l, Condition&& condition, int ms = 20000) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    l.turn(false);
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  return true;
}

class cache_user {
 public:
  cache_user(loop& l, cache_backend& c) : loop_(l), cache_(c) {}

  std::optional<std::string> get(const std::string& key) {
    const auto a = await([&](auto& into) { return cache_.get(key, &into, cache_answer::keep); });
    EXPECT_EQ(a.outcome, PARLEY_OK);
    return a.value;
  }
  void set(const std::string& key, const std::string& value, std::uint64_t ttl = 0) {
    const auto a = await([&](auto& into) { return cache_.set(key, value, ttl, &into, cache_answer::keep); });
    EXPECT_EQ(a.outcome, PARLEY_OK);
  }
  void erase(const std::string& key) {
    const auto a = await([&](auto& into) { return cache_.erase(key, &into, cache_answer::keep); });
    EXPECT_EQ(a.outcome, PARLEY_OK);
  }
  cache_answer add(const std::string& key, std::int64_t delta, std::uint64_t ttl = 0) {
    return await([&](auto& into) { return cache_.add(key, delta, ttl, &into, cache_answer::keep); });
  }

 private:
  template <class Start>
  cache_answer await(Start&& start) {
    cache_answer a;
    EXPECT_EQ(start(a), status::ok);
    EXPECT_FALSE(a.called) << "answered before the call has returned";
    EXPECT_TRUE(turn_until(loop_, [&] { return a.called; })) << "never answered";
    return a;
  }

  loop& loop_;
  cache_backend& cache_;
};

/// `Kind` has a member `cache_backend& cache` made from a loop, ready for use.
template <class Kind>
class every_cache : public testing::Test {
 protected:
  void pass(int ms) {
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    loop_.turn(false);
  }
  loop loop_;
  Kind kind_{loop_};
  cache_user cache_{loop_, kind_.cache};
};

TYPED_TEST_SUITE_P(every_cache);

TYPED_TEST_P(every_cache, keeps_replaces_and_forgets) {
  EXPECT_EQ(this->cache_.get("a"), std::nullopt);
  this->cache_.set("a", "1");
  EXPECT_EQ(this->cache_.get("a"), "1");
  this->cache_.set("a", "2");
  EXPECT_EQ(this->cache_.get("a"), "2");
  this->cache_.erase("a");
  EXPECT_EQ(this->cache_.get("a"), std::nullopt);
  this->cache_.erase("a");
  EXPECT_EQ(this->kind_.cache.stats().hits, 2u);
  EXPECT_EQ(this->kind_.cache.stats().misses, 2u);
}

TYPED_TEST_P(every_cache, takes_any_bytes_as_key_and_value) {
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  this->cache_.set(every_byte, every_byte);
  this->cache_.set(std::string("\0", 1), "zero");
  this->cache_.set("\r\n$5\r\n", "");
  this->cache_.set("", "no key");
  EXPECT_EQ(this->cache_.get(every_byte), every_byte);
  EXPECT_EQ(this->cache_.get(std::string("\0", 1)), "zero");
  EXPECT_EQ(this->cache_.get("\r\n$5\r\n"), "") << "an empty value is not an absent one";
  EXPECT_EQ(this->cache_.get(""), "no key");
}

TYPED_TEST_P(every_cache, takes_the_largest_values_and_refuses_larger_ones) {
  auto& cache = this->kind_.cache;
  const std::string longest_key(cache_backend::longest_key + cache_backend::longest_prefix, 'k');
  const std::string longest_value(cache_backend::longest_value, 'v');
  this->cache_.set(longest_key, longest_value);
  EXPECT_EQ(this->cache_.get(longest_key), longest_value);
  EXPECT_EQ(cache.get(longest_key + "k", nullptr, nullptr), status::too_large);
  EXPECT_EQ(cache.set(longest_key + "k", "", 0, nullptr, nullptr), status::too_large);
  EXPECT_EQ(cache.erase(longest_key + "k", nullptr, nullptr), status::too_large);
  EXPECT_EQ(cache.add(longest_key + "k", 1, 0, nullptr, nullptr), status::too_large);
  EXPECT_EQ(cache.set("k", longest_value + "v", 0, nullptr, nullptr), status::too_large);
}

TYPED_TEST_P(every_cache, answers_in_order_and_as_of_each_operations_moment) {
  auto& cache = this->kind_.cache;
  cache_answer first, second, gone;
  cache.set("a", "1", 0, nullptr, nullptr);
  cache.get("a", &first, cache_answer::keep);
  cache.set("a", "2", 0, nullptr, nullptr);
  cache.get("a", &second, cache_answer::keep);
  cache.erase("a", nullptr, nullptr);
  cache.get("a", &gone, cache_answer::keep);
  ASSERT_TRUE(turn_until(this->loop_, [&] { return gone.called; }));
  EXPECT_TRUE(first.called && second.called);
  EXPECT_EQ(first.value, "1");
  EXPECT_EQ(second.value, "2");
  EXPECT_EQ(gone.value, std::nullopt);
}

TYPED_TEST_P(every_cache, forgets_values_when_their_time_is_over) {
  this->cache_.set("short", "x", 20);
  this->cache_.set("long", "y", 60000);
  this->cache_.set("replaced", "z", 20);
  this->cache_.set("replaced", "z", 60000);
  this->pass(60);
  EXPECT_EQ(this->cache_.get("short"), std::nullopt);
  EXPECT_EQ(this->cache_.get("long"), "y");
  EXPECT_EQ(this->cache_.get("replaced"), "z");
}

TYPED_TEST_P(every_cache, takes_any_time_to_live) {
  this->cache_.set("for ever", "x", 0);
  this->cache_.set("nearly", "y", std::numeric_limits<std::uint64_t>::max() / 4);
  EXPECT_EQ(this->cache_.get("for ever"), "x");
  EXPECT_EQ(this->cache_.get("nearly"), "y");
}

TYPED_TEST_P(every_cache, adds_numbers_up_to_64_bits) {
  EXPECT_EQ(this->cache_.add("n", 5).number, 5);
  EXPECT_EQ(this->cache_.add("n", -7).number, -2);
  EXPECT_EQ(this->cache_.get("n"), "-2");
  this->cache_.set("n", "9007199254740993");
  EXPECT_EQ(this->cache_.add("n", 2).number, 9007199254740995) << "more than a double holds";
  EXPECT_EQ(this->cache_.get("n"), "9007199254740995");
  this->cache_.erase("n");
  EXPECT_EQ(this->cache_.add("n", 1).number, 1);
}

TYPED_TEST_P(every_cache, sets_a_numbers_time_when_it_is_new) {
  this->cache_.add("n", 1, 150);
  this->cache_.add("n", 1, 60000);
  this->pass(250);
  EXPECT_EQ(this->cache_.add("n", 1).number, 1);
}

TYPED_TEST_P(every_cache, calls_what_is_no_number_a_data_error_and_leaves_it) {
  this->cache_.set("n", "text");
  EXPECT_EQ(this->cache_.add("n", 1).outcome, PARLEY_DATA_ERROR);
  EXPECT_EQ(this->cache_.get("n"), "text");
  const auto largest = std::to_string(std::numeric_limits<std::int64_t>::max());
  this->cache_.set("n", largest);
  EXPECT_EQ(this->cache_.add("n", 1).outcome, PARLEY_DATA_ERROR);
  EXPECT_EQ(this->cache_.get("n"), largest);
}

TYPED_TEST_P(every_cache, cancels_what_is_still_open_at_the_end) {
  cache_answer a;
  {
    loop other;
    {
      TypeParam own(other);
      own.cache.get("a", &a, cache_answer::keep);
    }
    EXPECT_TRUE(a.called);
    EXPECT_EQ(a.outcome, PARLEY_CANCELLED);
    other.turn(false);
  }
}

REGISTER_TYPED_TEST_SUITE_P(every_cache, keeps_replaces_and_forgets, takes_any_bytes_as_key_and_value,
                            takes_the_largest_values_and_refuses_larger_ones,
                            answers_in_order_and_as_of_each_operations_moment, forgets_values_when_their_time_is_over,
                            takes_any_time_to_live, adds_numbers_up_to_64_bits, sets_a_numbers_time_when_it_is_new,
                            calls_what_is_no_number_a_data_error_and_leaves_it, cancels_what_is_still_open_at_the_end);

}  // namespace parley::host

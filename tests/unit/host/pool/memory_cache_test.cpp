#include "host/pool/memory_cache.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <thread>

namespace parley::host {
namespace {

class memory_caches : public testing::Test {
 protected:
  struct answer {
    bool called = false;
    parley_status outcome = -1;
    std::optional<std::string> value;
    std::int64_t number = 0;
  };
  static void keep(void* context, parley_status outcome, parley_bytes value, std::int64_t number) {
    auto& a = *static_cast<answer*>(context);
    a.called = true;
    a.outcome = outcome;
    a.number = number;
    if (value.data) a.value = std::string(static_cast<const char*>(value.data), value.size);
  }
  answer get(const std::string& key) {
    answer a;
    EXPECT_EQ(cache_.get(key, &a, keep), status::ok);
    EXPECT_FALSE(a.called);
    while (!a.called) loop_.turn(true);
    EXPECT_EQ(a.outcome, PARLEY_OK);
    return a;
  }
  answer add(const std::string& key, std::int64_t delta, std::uint64_t ttl = 0) {
    answer a;
    EXPECT_EQ(cache_.add(key, delta, ttl, &a, keep), status::ok);
    while (!a.called) loop_.turn(true);
    return a;
  }
  void set(const std::string& key, const std::string& value, std::uint64_t ttl = 0) {
    EXPECT_EQ(cache_.set(key, value, ttl, nullptr, nullptr), status::ok);
  }
  void pass(int ms) {
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    loop_.turn(false);
  }

  loop loop_;
  memory_cache cache_{loop_, 10000};
};

TEST_F(memory_caches, keeps_and_forgets) {
  EXPECT_EQ(get("a").value, std::nullopt);
  set("a", std::string("v\0v", 3));
  EXPECT_EQ(get("a").value, std::string("v\0v", 3));
  set("a", "");
  EXPECT_EQ(get("a").value, "");
  cache_.erase("a", nullptr, nullptr);
  EXPECT_EQ(get("a").value, std::nullopt);
  EXPECT_EQ(cache_.stats().hits, 2u);
  EXPECT_EQ(cache_.stats().misses, 2u);
  EXPECT_EQ(cache_.stats().bytes, 0u);
}

TEST_F(memory_caches, completions_come_in_order_and_see_their_own_moment) {
  answer first, second, gone;
  set("a", "1");
  cache_.get("a", &first, keep);
  set("a", "2");
  cache_.get("a", &second, keep);
  cache_.erase("a", nullptr, nullptr);
  cache_.get("a", &gone, keep);
  while (!gone.called) loop_.turn(true);
  EXPECT_EQ(first.value, "1");
  EXPECT_EQ(second.value, "2");
  EXPECT_EQ(gone.value, std::nullopt);
}

TEST_F(memory_caches, values_end_with_their_time) {
  set("short", "x", 2);
  set("long", "y", 60000);
  EXPECT_EQ(get("short").value, "x");
  pass(10);
  EXPECT_EQ(get("short").value, std::nullopt);
  EXPECT_EQ(get("long").value, "y");
}

TEST_F(memory_caches, the_least_recently_used_makes_room) {
  const std::string kilobyte(1000, 'k');
  for (char c = 'a'; c < 'i'; ++c) set(std::string(1, c), kilobyte);
  EXPECT_EQ(get("a").value, kilobyte);
  set("i", kilobyte);
  EXPECT_EQ(get("a").value, kilobyte);
  EXPECT_EQ(get("b").value, std::nullopt);
  EXPECT_LE(cache_.stats().bytes, 10000u);
  EXPECT_EQ(cache_.stats().evicted, 1u);
  set("larger than all", std::string(20000, 'x'));
  EXPECT_EQ(get("larger than all").value, std::nullopt);
}

TEST_F(memory_caches, numbers_add_up) {
  EXPECT_EQ(add("n", 5).number, 5);
  EXPECT_EQ(add("n", -7).number, -2);
  EXPECT_EQ(get("n").value, "-2");
  set("n", "40");
  EXPECT_EQ(add("n", 2).number, 42);
}

TEST_F(memory_caches, the_time_of_a_number_is_set_when_it_is_new) {
  add("n", 1, 30);
  add("n", 1, 60000);
  pass(50);
  EXPECT_EQ(add("n", 1).number, 1);
}

TEST_F(memory_caches, what_is_no_number_is_a_data_error) {
  set("n", "text");
  EXPECT_EQ(add("n", 1).outcome, PARLEY_DATA_ERROR);
  EXPECT_EQ(get("n").value, "text");
  set("n", std::to_string(std::numeric_limits<std::int64_t>::max()));
  EXPECT_EQ(add("n", 1).outcome, PARLEY_DATA_ERROR);
}

TEST_F(memory_caches, keys_and_values_are_limited) {
  const std::string long_key(cache_backend::longest_key + cache_backend::longest_prefix + 1, 'k');
  EXPECT_EQ(cache_.get(long_key, nullptr, nullptr), status::too_large);
  EXPECT_EQ(cache_.set("k", std::string(cache_backend::longest_value + 1, 'v'), 0, nullptr, nullptr),
            status::too_large);
}

TEST_F(memory_caches, what_is_still_open_at_the_end_is_cancelled) {
  answer a;
  {
    memory_cache cache(loop_, 1000);
    cache.get("a", &a, keep);
  }
  EXPECT_EQ(a.outcome, PARLEY_CANCELLED);
  loop_.turn(false);
}

}  // namespace
}  // namespace parley::host

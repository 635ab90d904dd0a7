#include "unit/host/redis/redis_fixture.hpp"

namespace parley::host {
namespace {

struct in_redis {
  explicit in_redis(loop& l) : node(l, server.url()) {
    EXPECT_TRUE(turn_until(l, [this] { return node.serves(); })) << node.cache.trouble();
  }
  test::redis_server server;
  redis_node node;
  cache_backend& cache = node.cache;
};
INSTANTIATE_TYPED_TEST_SUITE_P(redis, every_cache, in_redis);

class redis_caches : public redis_test {};

TEST_F(redis_caches, are_shared_by_nodes) {
  cache().set("k", "v");
  redis_node other(loop_, redis_.url());
  ASSERT_TRUE(turn_until(loop_, [&] { return other.serves(); }));
  EXPECT_EQ(other.user.get("k"), std::nullopt) << "a node that begins voids what its former life may have left";
  cache().set("k", "v");
  EXPECT_EQ(cache().get("k"), std::nullopt) << "written in the old epoch, which this node learns here";
  cache().set("k", "w");
  EXPECT_EQ(other.user.get("k"), "w");
  other.user.erase("k");
  EXPECT_EQ(cache().get("k"), std::nullopt);
}

TEST_F(redis_caches, answer_ten_thousand_pipelined_gets) {
  limits_.command_ms = 20000;
  cache().set("k", std::string(100, 'v'));
  constexpr std::size_t count = 10000;
  std::vector<cache_answer> answers(count);
  for (auto& a : answers) ASSERT_EQ(node().cache.get("k", &a, cache_answer::keep), status::ok);
  EXPECT_EQ(node().cache.stats().queued, count);
  ASSERT_TRUE(turn_until(loop_, [&] { return answers.back().called; }));
  for (const auto& a : answers) ASSERT_EQ(a.value, std::string(100, 'v'));
  EXPECT_EQ(node().cache.stats().queued, 0u);
  EXPECT_GT(node().cache.stats().round_trip_us, 0u);
}

TEST_F(redis_caches, answer_what_the_queue_does_not_hold_as_misses) {
  limits_.queue = 10;
  limits_.command_ms = 20000;
  cache().set("k", "old");
  std::vector<cache_answer> answers(30);
  for (auto& a : answers) node().cache.get("k", &a, cache_answer::keep);
  EXPECT_EQ(node().cache.stats().busy, 20u);
  node().cache.set("k", "new", 0, nullptr, nullptr);
  ASSERT_TRUE(turn_until(loop_, [&] {
    for (const auto& a : answers) {
      if (!a.called) return false;
    }
    return true;
  }));
  EXPECT_EQ(answers.front().value, "old");
  EXPECT_EQ(answers.back().value, std::nullopt);
  EXPECT_EQ(cache().get("k"), std::nullopt) << "the set was dropped: what it replaced must not be found";
  EXPECT_EQ(node().cache.stats().dropped, 1u);
}

TEST_F(redis_caches, void_everything_when_more_is_erased_than_can_wait) {
  limits_.queue = 10;
  limits_.command_ms = 20000;
  for (int i = 0; i < 50; ++i) cache().set("k" + std::to_string(i), "stale");
  for (int i = 0; i < 50; ++i) node().cache.erase("k" + std::to_string(i), nullptr, nullptr);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(cache().get("k" + std::to_string(i)), std::nullopt) << i;
}

TEST_F(redis_caches, begin_anew_after_somebody_flushed_them) {
  cache().set("k", "v");
  redis_.ask({"FLUSHALL"});
  EXPECT_EQ(cache().get("k"), std::nullopt);
  cache().set("k", "v");
  cache().set("k", "v");
  EXPECT_EQ(cache().get("k"), "v");
  redis_.ask({"DEL", "parley:epoch:c"});
  EXPECT_EQ(cache().add("n", 3).number, 3);
  EXPECT_EQ(cache().get("k"), std::nullopt) << "an evicted epoch takes everything with it";
}

TEST_F(redis_caches, are_not_confused_by_what_others_write_under_their_keys) {
  redis_.ask({"HSET", "parley:cache:c:k", "a", "b"});
  EXPECT_EQ(cache().get("k"), std::nullopt);
  cache().set("k", "v");
  EXPECT_EQ(cache().get("k"), "v");
  redis_.ask({"SET", "parley:cache:c:k", "short"});
  EXPECT_EQ(cache().get("k"), std::nullopt);
  redis_.ask({"DEL", "parley:cache:c:k"});
  redis_.ask({"LPUSH", "parley:cache:c:k", "x"});
  EXPECT_EQ(cache().add("k", 1).outcome, PARLEY_OK);
  redis_.ask({"SET", "parley:epoch:c", "nonsense"});
  EXPECT_EQ(cache().get("k"), std::nullopt);
  cache().set("k", "again");
  EXPECT_EQ(cache().get("k"), "again");
}

TEST_F(redis_caches, keep_nothing_for_ever) {
  cache().set("k", "v");
  EXPECT_NE(redis_.ask({"PTTL", "parley:cache:c:k"}), "-1");
}

}  // namespace
}  // namespace parley::host

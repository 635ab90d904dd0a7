// The registry in a real Redis, through everything that can happen to it.
#include "host/cluster/registry.hpp"

#include <gtest/gtest.h>

#include "support/redis_server.hpp"
#include "unit/host/cluster/turning.hpp"

namespace parley::host {
namespace {

constexpr std::uint64_t lease_ms = 2000;

struct registered_node {
  registered_node(loop& l, const std::string& url, const std::string& name, std::uint64_t incarnation,
                  std::uint64_t former = 0, std::uint64_t lease = lease_ms)
      : entry(l, {*parse_redis_url(url), {1000, 300, 1000}, lease, {name, incarnation, 7}, former}) {
    entry.describe = [this] {
      fellow_facts f;
      f.state = "ready";
      f.link_address = "127.0.0.1";
      f.link_port = port;
      return f;
    };
    entry.start();
  }
  bool sees(const std::string& name) const {
    for (const auto& f : entry.fellows()) {
      if (f.who.name == name) return true;
    }
    return false;
  }
  std::uint16_t port = 9000;
  registry entry;
};

struct registering : testing::Test {
  bool eventually(const std::function<bool()>& condition) { return turn_until(loop_, condition); }
  std::unique_ptr<registered_node> node(const std::string& name, std::uint64_t incarnation, std::uint64_t former = 0) {
    return std::make_unique<registered_node>(loop_, redis_.url(), name, incarnation, former);
  }
  std::string value(const std::string& name) { return redis_.ask({"GET", "parley:node:" + name}); }
  test::redis_server redis_;
  loop loop_;
};

TEST_F(registering, nodes_find_each_other_and_their_keys_have_a_lease) {
  auto a = node("a", 1), b = node("b", 2);
  ASSERT_TRUE(eventually([&] { return a->sees("b") && b->sees("a"); }));
  EXPECT_FALSE(a->sees("a"));
  EXPECT_TRUE(a->entry.entered());
  EXPECT_EQ(a->entry.trouble(), "");
  const auto left = std::stoll(redis_.ask({"PTTL", "parley:node:a"}));
  EXPECT_GT(left, 0);
  EXPECT_LE(left, static_cast<long long>(lease_ms));
  EXPECT_NE(value("a").find("\"incarnation\":\"1\""), std::string::npos) << value("a");
}

TEST_F(registering, a_node_that_leaves_is_gone_at_once_and_one_that_dies_with_its_lease) {
  auto a = node("a", 1), b = node("b", 2), c = node("c", 3);
  ASSERT_TRUE(eventually([&] { return a->sees("b") && a->sees("c"); }));
  b->entry.leave();
  ASSERT_TRUE(eventually([&] { return b->entry.idle() && !a->sees("b"); }));
  EXPECT_EQ(value("b"), "(nil)");
  c.reset();
  EXPECT_TRUE(a->sees("c")) << "nobody knows yet";
  ASSERT_TRUE(eventually([&] { return !a->sees("c"); }));
  EXPECT_EQ(redis_.ask({"SMEMBERS", "parley:nodes"}), "a\n");
}

TEST_F(registering, a_name_that_another_life_holds_is_left_alone) {
  auto first = node("a", 1);
  ASSERT_TRUE(eventually([&] { return first->entry.entered(); }));
  auto second = node("a", 2);
  ASSERT_TRUE(eventually([&] { return second->entry.known(); }));
  EXPECT_FALSE(second->entry.entered());
  EXPECT_EQ(second->entry.holder().who.incarnation, 1u);
  EXPECT_NE(second->entry.trouble().find("another node is named a (it listens for links on 127.0.0.1:9000)"),
            std::string::npos)
      << second->entry.trouble();
  second->entry.leave();
  ASSERT_TRUE(eventually([&] { return second->entry.idle(); }));
  EXPECT_NE(value("a").find("\"incarnation\":\"1\""), std::string::npos) << "only its own entry is taken away";
}

TEST_F(registering, a_node_s_own_former_life_is_in_nobody_s_way) {
  auto former = node("a", 1);
  ASSERT_TRUE(eventually([&] { return former->entry.entered(); }));
  former.reset();  // killed: its key is still there
  auto next = node("a", 2, 1);
  ASSERT_TRUE(eventually([&] { return next->entry.known(); }));
  EXPECT_TRUE(next->entry.entered());
  EXPECT_NE(value("a").find("\"incarnation\":\"2\""), std::string::npos);
}

TEST_F(registering, what_was_read_is_kept_when_redis_is_lost_and_written_when_it_is_back_empty) {
  auto a = node("a", 1), b = node("b", 2);
  ASSERT_TRUE(eventually([&] { return a->sees("b") && b->sees("a"); }));
  redis_.kill9();
  ASSERT_TRUE(eventually([&] { return !a->entry.trouble().empty(); }));
  EXPECT_TRUE(a->sees("b"));
  EXPECT_FALSE(a->entry.entered());
  ASSERT_TRUE(eventually([&] { return a->entry.age_ms() > lease_ms / 2; }));
  EXPECT_TRUE(a->sees("b"));
  redis_.start();
  ASSERT_TRUE(eventually([&] { return a->entry.entered() && b->entry.entered() && a->entry.trouble().empty(); }));
  EXPECT_NE(value("a"), "(nil)");
  EXPECT_NE(value("b"), "(nil)");
}

TEST_F(registering, an_emptied_redis_is_filled_by_the_next_heartbeat) {
  auto a = node("a", 1), b = node("b", 2);
  ASSERT_TRUE(eventually([&] { return a->sees("b") && b->sees("a"); }));
  redis_.ask({"FLUSHALL"});
  ASSERT_TRUE(eventually([&] { return value("a") != "(nil)" && value("b") != "(nil)"; }));
  ASSERT_TRUE(eventually([&] { return a->sees("b") && b->sees("a"); }));
}

TEST_F(registering, a_redis_without_room_is_told_and_others_are_still_read) {
  auto a = node("a", 1);
  ASSERT_TRUE(eventually([&] { return a->entry.entered(); }));
  redis_.ask({"CONFIG", "SET", "maxmemory", "1"});
  ASSERT_TRUE(eventually([&] { return a->entry.trouble().find("OOM") != std::string::npos; })) << a->entry.trouble();
  EXPECT_FALSE(a->entry.entered());
  redis_.ask({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_TRUE(eventually([&] { return a->entry.entered() && a->entry.trouble().empty(); }));
}

TEST_F(registering, a_redis_that_only_reads_is_told) {
  auto a = node("a", 1), b = node("b", 2);
  ASSERT_TRUE(eventually([&] { return a->sees("b"); }));
  redis_.ask({"CONFIG", "SET", "min-replicas-to-write", "1"});
  ASSERT_TRUE(eventually([&] { return a->entry.trouble().find("NOREPLICAS") != std::string::npos; }))
      << a->entry.trouble();
  redis_.ask({"CONFIG", "SET", "min-replicas-to-write", "0"});
  EXPECT_TRUE(eventually([&] { return a->entry.entered() && a->entry.trouble().empty(); }));
}

TEST_F(registering, a_frozen_redis_holds_nobody_up) {
  auto a = node("a", 1), b = node("b", 2);
  ASSERT_TRUE(eventually([&] { return a->sees("b"); }));
  redis_.freeze();
  const auto before = loop_.turns();
  ASSERT_TRUE(eventually([&] { return a->entry.trouble().find("no answer within") != std::string::npos; }))
      << a->entry.trouble();
  EXPECT_GT(loop_.turns(), before + 2);
  EXPECT_TRUE(a->sees("b"));
  redis_.thaw();
  EXPECT_TRUE(eventually([&] { return a->entry.entered() && a->entry.trouble().empty(); }));
}

TEST_F(registering, what_others_put_into_its_keys_is_no_harm) {
  redis_.ask({"SET", "parley:node:a", "not json"});
  redis_.ask({"SADD", "parley:nodes", "x", "y", "z"});
  redis_.ask({"SET", "parley:node:x", "{\"name\":\"x\""});
  redis_.ask({"SET", "parley:node:y", std::string(300000, 'y')});
  redis_.ask({"HSET", "parley:node:z", "a", "b"});
  auto a = node("a", 1), b = node("b", 2);
  ASSERT_TRUE(eventually([&] { return a->entry.entered() && a->sees("b"); })) << a->entry.trouble();
  EXPECT_EQ(a->entry.fellows().size(), 1u);
}

}  // namespace
}  // namespace parley::host

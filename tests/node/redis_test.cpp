// The cache in a Redis, and who is online readable from outside, through everything that can happen to it.
#include "node/fixture.hpp"

#include <atomic>
#include <cstdlib>
#include <ctime>
#include <thread>

namespace parley::test {
namespace {

using fields = std::map<std::string, std::string>;

struct redis_of_a_node : node_test {
  redis_of_a_node() { options_.environment["PARLEY_CACHE"] = redis_.url(); }

  json cache_row() {
    for (const auto& row : node().ask("pools")) {
      if (row.at("kind") == "cache") return row;
    }
    throw failure("no row of the cache");
  }
  bool degraded() { return node().status().at("degraded") != ""; }
  bool healthy_again() {
    return eventually([&] { return !degraded() && cache_row().at("state") == "ok"; }, milliseconds(20000));
  }
  fields presence(std::uint32_t user) { return redis_.hash("parley:presence:" + std::to_string(user)); }
  /// Its client types are these, each at this node since a moment ago.
  bool shows(std::uint32_t user, const std::vector<std::string>& types) {
    const auto found = presence(user);
    if (found.size() != types.size()) return false;
    const auto now = std::time(nullptr);
    for (const auto& type : types) {
      if (!found.contains(type)) return false;
      const auto& value = found.at(type);
      const auto colon = value.rfind(':');
      if (value.substr(0, colon) != node().status().at("name")) return false;
      if (std::abs(std::stoll(value.substr(colon + 1)) - now) > 600) return false;
    }
    return true;
  }

  redis_server redis_;
};

TEST_F(redis_of_a_node, shows_who_is_online_with_what_and_where) {
  auto alice = user("alice");
  EXPECT_TRUE(eventually([&] { return shows(alice.id(), {"1"}); }));
  {
    auto phone = user("alice", {.type = IM::BaseDefine::CLIENT_TYPE_IOS});
    EXPECT_TRUE(eventually([&] { return shows(alice.id(), {"1", "17"}); }));
  }
  EXPECT_TRUE(eventually([&] { return shows(alice.id(), {"1"}); }));
  auto again = user("alice");  // takes the other's place
  EXPECT_TRUE(alice.wire().closed_within(milliseconds(5000)));
  EXPECT_TRUE(again.wire().alive());
  EXPECT_TRUE(shows(again.id(), {"1"}));
  again.wire().close();
  EXPECT_TRUE(eventually([&] { return redis_.count("parley:presence:*") == 0; }));
}

TEST_F(redis_of_a_node, shows_nobody_after_a_stop) {
  auto alice = user("alice"), bob = user("bob");
  ASSERT_TRUE(eventually([&] { return shows(bob.id(), {"1"}); }));
  EXPECT_EQ(node().terminate().code, 0);
  EXPECT_EQ(redis_.count("parley:presence:*"), 0u);
  node().start();
}

TEST_F(redis_of_a_node, forgets_its_former_life_and_nobody_elses) {
  auto alice = user("alice"), bob = user("bob");
  ASSERT_TRUE(eventually([&] { return shows(bob.id(), {"1"}); }));
  redis_.ask({"HSET", "parley:presence:" + std::to_string(bob.id()), "17", "elsewhere:1700000000"});
  for (int i = 1000; i < 1100; ++i) {
    redis_.ask({"HSET", "parley:presence:" + std::to_string(i), "1", "elsewhere:1"});
  }
  node().kill9();
  EXPECT_FALSE(presence(alice.id()).empty());
  node().start();
  EXPECT_TRUE(eventually([&] { return presence(alice.id()).empty(); }));
  EXPECT_TRUE(eventually([&] { return presence(bob.id()) == fields{{"17", "elsewhere:1700000000"}}; }));
  EXPECT_EQ(presence(1000), (fields{{"1", "elsewhere:1"}}));
}

TEST_F(redis_of_a_node, is_told_about_when_it_is_away_and_requests_go_on) {
  auto alice = user("alice"), bob = user("bob");
  ASSERT_TRUE(healthy_again());
  redis_.kill9();
  ASSERT_TRUE(eventually([&] { return degraded(); }));
  const auto why = node().status().at("degraded").get<std::string>();
  EXPECT_NE(why.find("cache: redis+unix://"), std::string::npos) << why;
  EXPECT_NE(why.find("is away"), std::string::npos) << why;
  EXPECT_EQ(cache_row().at("state"), "away");
  EXPECT_EQ(count("parley_pool_away{pool=\"cache\",kind=\"cache\"}"), 1);
  EXPECT_EQ(http_get(node().http_port(), "/readyz").status, 200) << "a cache is no reason to turn clients away";
  EXPECT_TRUE(alice.say(bob.id(), "no cache").acked());
  redis_.start();
  EXPECT_TRUE(healthy_again());
  EXPECT_GE(count("parley_pool_reconnects{pool=\"cache\",kind=\"cache\"}"), 1);
  EXPECT_EQ(count("parley_pool_away{pool=\"cache\",kind=\"cache\"}"), 0);
}

TEST_F(redis_of_a_node, that_is_not_there_at_the_start_stops_nobody) {
  redis_.kill9();
  auto alice = user("alice"), bob = user("bob");
  EXPECT_TRUE(alice.say(bob.id(), "hello").acked());
  EXPECT_TRUE(eventually([&] { return degraded(); }));
  redis_.start();
  EXPECT_TRUE(healthy_again());
  EXPECT_TRUE(eventually([&] { return shows(alice.id(), {"1"}) && shows(bob.id(), {"1"}); }));
}

TEST_F(redis_of_a_node, may_die_freeze_and_return_under_load) {
  constexpr int pairs = 4;
  std::vector<chat_client> talkers;
  for (int i = 0; i < 2 * pairs; ++i) talkers.push_back(user("u" + std::to_string(i)));
  auto leaver = user("leaver");
  const auto id_of = [&](int i) { return talkers[static_cast<std::size_t>(i)].id(); };
  ASSERT_TRUE(eventually([&] { return shows(leaver.id(), {"1"}); }));

  std::atomic<bool> enough{false};
  std::vector<std::thread> threads;
  std::vector<std::uint32_t> said(pairs);
  for (int i = 0; i < pairs; ++i) {
    threads.emplace_back([&, i] {
      while (!enough) {
        const auto end = talkers[static_cast<std::size_t>(i)].say(id_of(i + pairs), "message");
        EXPECT_TRUE(end.acked()) << "a request that felt the loss of Redis";
        if (!end.acked()) return;
        ++said[static_cast<std::size_t>(i)];
      }
    });
  }
  redis_.kill9();
  EXPECT_TRUE(eventually([&] { return degraded(); }));
  leaver.wire().close();
  auto comer = user("comer");
  redis_.start();
  EXPECT_TRUE(healthy_again());
  redis_.freeze();
  EXPECT_TRUE(eventually([&] { return degraded(); }, milliseconds(10000)));
  auto phone = user("comer", {.type = IM::BaseDefine::CLIENT_TYPE_ANDROID});
  redis_.thaw();
  EXPECT_TRUE(healthy_again());
  enough = true;
  for (auto& t : threads) t.join();

  for (int i = 0; i < pairs; ++i) {
    const auto sent = said[static_cast<std::size_t>(i)];
    EXPECT_GT(sent, 0u);
    EXPECT_EQ(talkers[static_cast<std::size_t>(i)].latest(id_of(i + pairs)), sent);
    EXPECT_TRUE(eventually([&] { return shows(id_of(i), {"1"}) && shows(id_of(i + pairs), {"1"}); })) << i;
  }
  EXPECT_TRUE(eventually([&] { return shows(comer.id(), {"1", "18"}); }));
  EXPECT_TRUE(eventually([&] { return presence(leaver.id()).empty(); }));
}

TEST_F(redis_of_a_node, with_a_wrong_password_is_told_about_without_it) {
  redis_.ask({"CONFIG", "SET", "requirepass", "sesame"});
  options_.environment["PARLEY_CACHE"] = "redis+unix://:open-up@" + redis_.socket();
  EXPECT_TRUE(eventually([&] {
    return node().status().at("degraded").get<std::string>().find("refuses the user or password") != std::string::npos;
  })) << node().status();
  EXPECT_EQ(node().status().dump().find("open-up"), std::string::npos);
  EXPECT_EQ(node().ask("pools").dump().find("open-up"), std::string::npos);
  EXPECT_EQ(node().log().find("open-up"), std::string::npos);
  auto alice = user("alice"), bob = user("bob");
  EXPECT_TRUE(alice.say(bob.id(), "hello").acked());
}

}  // namespace
}  // namespace parley::test

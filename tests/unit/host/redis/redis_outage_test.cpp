// Everything that can happen to a Redis, and no caller gets an error.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "unit/host/redis/redis_fixture.hpp"

namespace parley::host {
namespace {

class outage : public redis_test {
 protected:
  /// Operations while nobody is there, each answered at once.
  void expect_misses(redis_node& n) {
    EXPECT_EQ(n.user.get("k"), std::nullopt);
    n.user.set("k", "lost");
    n.user.erase("k");
    const auto sum = n.user.add("n", 7);
    EXPECT_EQ(sum.outcome, PARLEY_OK);
    EXPECT_EQ(sum.number, 7);
    EXPECT_EQ(n.cache.stats().queued, 0u);
  }
};

TEST_F(outage, of_a_redis_that_refuses_is_told_and_over_when_it_comes) {
  redis_.kill9();
  redis_node n(loop_, redis_.url());
  ASSERT_TRUE(away(n));
  EXPECT_NE(n.cache.trouble().find("connection refused"), std::string::npos) << n.cache.trouble();
  expect_misses(n);
  EXPECT_EQ(n.cache.stats().misses, 1u);
  EXPECT_EQ(n.cache.stats().dropped, 2u);
  redis_.start();
  ASSERT_TRUE(turn_until(loop_, [&] { return n.serves(); })) << n.cache.trouble();
  EXPECT_EQ(n.cache.trouble(), "");
  n.user.set("k", "v");
  EXPECT_EQ(n.user.get("k"), "v");
}

TEST_F(outage, works_over_tcp_with_names_too) {
  redis_.listen();
  const auto port = std::to_string(redis_.port());
  redis_node n(loop_, "redis://localhost:" + port + "/3");
  ASSERT_TRUE(turn_until(loop_, [&] { return n.serves(); })) << n.cache.trouble();
  n.user.set("k", "v");
  EXPECT_EQ(n.user.get("k"), "v");
  redis_.kill9();
  ASSERT_TRUE(away(n));
  redis_.start();
  EXPECT_TRUE(turn_until(loop_, [&] { return n.serves(); })) << n.cache.trouble();
  EXPECT_EQ(n.cache.stats().reconnects, 1u);
}

TEST_F(outage, of_a_host_that_does_not_exist_is_told) {
  redis_node n(loop_, "redis://no-such-host.invalid:6379");
  ASSERT_TRUE(away(n));
  EXPECT_NE(n.cache.trouble(), "");
  expect_misses(n);
}

TEST_F(outage, in_the_middle_of_a_pipeline_answers_all_of_it) {
  auto& n = node();
  n.user.set("k", std::string(10000, 'v'));
  redis_.freeze();
  std::vector<cache_answer> answers(3000);
  for (auto& a : answers) ASSERT_EQ(n.cache.get("k", &a, cache_answer::keep), status::ok);
  loop_.turn(false);
  redis_.kill9();
  ASSERT_TRUE(turn_until(loop_, [&] { return answers.back().called; }));
  for (const auto& a : answers) {
    ASSERT_TRUE(a.called);
    ASSERT_EQ(a.outcome, PARLEY_OK);
  }
  expect_misses(n);
  redis_.start();
  ASSERT_TRUE(turn_until(loop_, [&] { return n.serves(); }));
  EXPECT_EQ(n.user.get("k"), std::nullopt);
}

TEST_F(outage, of_a_frozen_redis_costs_one_timeout_and_then_nothing) {
  auto& n = node();
  n.user.set("k", "v");
  redis_.freeze();
  EXPECT_EQ(n.user.get("k"), std::nullopt);
  EXPECT_GE(n.cache.stats().timeouts, 1u);
  EXPECT_NE(n.cache.trouble().find("no answer within"), std::string::npos) << n.cache.trouble();
  for (int i = 0; i < 100; ++i) expect_misses(n);
  redis_.thaw();
  ASSERT_TRUE(turn_until(loop_, [&] { return n.serves(); })) << n.cache.trouble();
  n.user.set("k", "w");
  EXPECT_EQ(n.user.get("k"), "w");
}

TEST_F(outage, while_nobody_asks_is_noticed) {
  auto& n = node();
  redis_.freeze();
  EXPECT_TRUE(away(n)) << "silence is not health";
  redis_.thaw();
}

TEST_F(outage, never_brings_back_what_was_erased_meanwhile) {
  auto& n = node();
  n.user.set("k", "stale");
  n.user.set("replaced", "stale");
  redis_.freeze();
  EXPECT_EQ(n.user.get("k"), std::nullopt);
  n.user.erase("k");
  n.user.set("replaced", "new");
  redis_.thaw();
  ASSERT_TRUE(turn_until(loop_, [&] { return n.serves(); }));
  EXPECT_EQ(n.user.get("k"), std::nullopt);
  EXPECT_EQ(n.user.get("replaced"), std::nullopt);
}

TEST_F(outage, keeps_what_nobody_could_have_changed) {
  auto& n = node();
  n.user.set("k", "good");
  redis_.freeze();
  EXPECT_EQ(n.user.get("k"), std::nullopt);
  redis_.thaw();
  ASSERT_TRUE(turn_until(loop_, [&] { return n.serves(); }));
  EXPECT_EQ(n.user.get("k"), "good");
}

// The frozen Redis has the set in its socket and does it after everything that came over the next connection.
TEST_F(outage, never_lets_a_write_that_was_given_up_come_to_life) {
  auto& n = node();
  redis_.freeze();
  cache_answer given_up;
  n.cache.set("k", "stale", 0, &given_up, cache_answer::keep);
  ASSERT_TRUE(turn_until(loop_, [&] { return given_up.called; }));
  n.user.erase("k");
  redis_.thaw();
  ASSERT_TRUE(turn_until(loop_, [&] { return n.serves(); }));
  ASSERT_TRUE(turn_until(loop_, [&] {
    return redis_.ask({"EXISTS", "parley:cache:c:k"}) == "1";
  })) << "it was not late, so that this test shows nothing";
  EXPECT_EQ(n.user.get("k"), std::nullopt);
}

TEST_F(outage, of_a_redis_that_returns_with_an_old_snapshot_finds_nothing_in_it) {
  auto& n = node();
  n.user.set("k", "stale");
  redis_.ask({"SAVE"});
  n.user.erase("k");
  redis_.kill9();
  ASSERT_TRUE(away(n));
  redis_.start();
  ASSERT_EQ(redis_.ask({"EXISTS", "parley:cache:c:k"}), "1");
  ASSERT_TRUE(turn_until(loop_, [&] { return n.serves(); }));
  EXPECT_EQ(n.user.get("k"), std::nullopt);
}

TEST_F(outage, of_one_node_voids_for_the_others_what_it_could_not_erase) {
  redis_node other(loop_, redis_.url());
  auto& n = node();
  ASSERT_TRUE(turn_until(loop_, [&] { return other.serves(); }));
  other.user.get("k");
  other.user.set("k", "stale");
  EXPECT_EQ(n.user.get("k"), "stale");
  redis_.ask({"CLIENT", "KILL", "TYPE", "normal"});
  ASSERT_TRUE(turn_until(loop_, [&] { return !n.serves(); }));
  n.user.erase("k");
  ASSERT_TRUE(turn_until(loop_, [&] { return n.serves() && other.serves(); }));
  EXPECT_EQ(n.user.get("k"), std::nullopt);
  EXPECT_EQ(other.user.get("k"), std::nullopt);
}

TEST_F(outage, of_memory_drops_sets_and_serves_gets) {
  auto& n = node();
  n.user.set("k", "v");
  n.user.set("replaced", "old");
  redis_.ask({"CONFIG", "SET", "maxmemory", "1"});
  n.user.set("replaced", "new");
  EXPECT_NE(n.cache.trouble().find("OOM"), std::string::npos) << n.cache.trouble();
  EXPECT_EQ(n.user.get("k"), "v");
  EXPECT_EQ(n.user.get("replaced"), std::nullopt) << "the set was dropped, and so is what it replaced";
  EXPECT_EQ(n.user.add("n", 4).number, 4);
  EXPECT_EQ(n.cache.stats().dropped, 2u);
  redis_.ask({"CONFIG", "SET", "maxmemory", "0"});
  n.user.set("replaced", "new");
  EXPECT_EQ(n.user.get("replaced"), "new");
  EXPECT_EQ(n.cache.trouble(), "");
}

TEST_F(outage, of_memory_at_the_start_is_told_and_over_when_there_is_room) {
  redis_.ask({"CONFIG", "SET", "maxmemory", "1"});
  redis_node n(loop_, redis_.url());
  ASSERT_TRUE(away(n));
  EXPECT_NE(n.cache.trouble().find("OOM"), std::string::npos) << n.cache.trouble();
  expect_misses(n);
  redis_.ask({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_TRUE(turn_until(loop_, [&] { return n.serves(); }));
}

TEST_F(outage, of_writability_finds_nothing_until_it_can_erase_again) {
  auto& n = node();
  n.user.set("k", "stale");
  redis_.ask({"REPLICAOF", "127.0.0.1", "1"});
  n.user.erase("k");
  ASSERT_TRUE(away(n));
  EXPECT_NE(n.cache.trouble().find("READONLY"), std::string::npos) << n.cache.trouble();
  expect_misses(n);
  redis_.ask({"REPLICAOF", "NO", "ONE"});
  ASSERT_TRUE(turn_until(loop_, [&] { return n.serves(); })) << n.cache.trouble();
  EXPECT_EQ(n.user.get("k"), std::nullopt);
}

TEST_F(outage, of_a_wrong_password_is_told_without_it) {
  redis_.ask({"CONFIG", "SET", "requirepass", "sesame"});
  const auto with = [&](const std::string& who) { return "redis+unix://" + who + "@" + redis_.socket(); };
  redis_node wrong(loop_, with(":open-up"));
  ASSERT_TRUE(away(wrong));
  EXPECT_NE(wrong.cache.trouble().find("WRONGPASS"), std::string::npos) << wrong.cache.trouble();
  EXPECT_EQ(wrong.cache.trouble().find("open-up"), std::string::npos);
  EXPECT_EQ(wrong.cache.place().find("open-up"), std::string::npos);
  expect_misses(wrong);
  redis_node none(loop_, redis_.url());
  ASSERT_TRUE(away(none));
  EXPECT_NE(none.cache.trouble().find("NOAUTH"), std::string::npos) << none.cache.trouble();
  redis_node right(loop_, with(":sesame"));
  EXPECT_TRUE(turn_until(loop_, [&] { return right.serves(); })) << right.cache.trouble();
  redis_.ask({"ACL", "SETUSER", "parley", "on", ">a@b:c/d", "~*", "+@all"}, "sesame");
  redis_node named(loop_, with("parley:a%40b%3Ac%2Fd"));
  EXPECT_TRUE(turn_until(loop_, [&] { return named.serves(); })) << named.cache.trouble();
}

TEST_F(outage, of_an_auth_command_that_echoes_is_told_without_the_password) {
  test::redis_server renamed({"--rename-command", "AUTH", ""});
  redis_node n(loop_, "redis+unix://:open-up@" + renamed.socket());
  ASSERT_TRUE(away(n));
  EXPECT_NE(n.cache.trouble().find("unknown command"), std::string::npos) << n.cache.trouble();
  EXPECT_EQ(n.cache.trouble().find("open-up"), std::string::npos) << n.cache.trouble();
}

TEST_F(outage, of_a_database_that_is_not_there_is_told) {
  redis_node n(loop_, redis_.url() + "?db=99");
  ASSERT_TRUE(away(n));
  EXPECT_NE(n.cache.trouble().find("database"), std::string::npos) << n.cache.trouble();
}

/// Something else than a Redis: to each of its callers it says the same, then listens until they go.
class impostor {
 public:
  explicit impostor(std::string says) : says_(std::move(says)), path_(directory_.path() / "socket") {
    listening_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(listening_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listening_, 8), 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~impostor() {
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
  }
  std::string url() const { return "redis+unix://" + path_; }

 private:
  void serve() {
    for (int caller = -1; (caller = ::accept(listening_, nullptr, nullptr)) >= 0; ::close(caller)) {
      char sink[4096];
      if (::send(caller, says_.data(), says_.size(), MSG_NOSIGNAL) < 0) continue;
      while (::recv(caller, sink, sizeof sink, 0) > 0) {
      }
    }
  }

  test::temp_dir directory_;
  std::string says_;
  std::string path_;
  int listening_ = -1;
  std::thread thread_;
};

TEST_F(outage, of_something_that_is_no_redis_harms_nobody) {
  limits_.command_ms = 300;
  limits_.connect_ms = 300;
  const std::string plenty(1 << 20, 'x');
  for (const std::string& says : {
           std::string("HTTP/1.1 400 Bad Request\r\n\r\n"),
           std::string("+PONG\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n"),
           std::string("+PONG\r\n*2\r\n$-1\r\n:3\r\n*-1\r\n"),
           std::string("+PONG\r\n$-1\r\n$24\r\n012345678901234567890123\r\n:0\r\n:0\r\n"),
           std::string("$2000000000\r\n") + plenty,
           std::string("*2000000000\r\n"),
           std::string("-ERR max number of clients reached\r\n"),
           std::string("\0\0\0", 3),
           std::string(),
       }) {
    impostor other(says);
    redis_node n(loop_, other.url(), limits_);
    ASSERT_TRUE(turn_until(loop_, [&] { return !n.cache.trouble().empty(); })) << says.substr(0, 40);
    EXPECT_EQ(n.user.get("k"), std::nullopt) << says.substr(0, 40);
    EXPECT_EQ(n.user.add("n", 2).outcome, PARLEY_OK);
  }
}

}  // namespace
}  // namespace parley::host

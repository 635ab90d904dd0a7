// A MariaDB in trouble: nothing is acked that is not stored, and everything recovers by itself.
#include "node/fixture.hpp"
#include "node/stored.hpp"

#include <signal.h>

#include <thread>

#include "client/digest.hpp"
#include "support/commit_proxy.hpp"

namespace parley::test {
namespace {

struct mariadb_node : node_test {
  void SetUp() override { options_.environment["PARLEY_SQL"] = db_.url(); }
  /// What a start with this url says, and how it ends.
  outcome start_with(const std::string& url) {
    return run({parleyd(), "run", all_in_one_manifest()}, {{"PARLEY_DATA", (scratch_.path() / "data").string()},
                                                           {"PARLEY_PDU_PORT", "0"},
                                                           {"PARLEY_HTTP_PORT", "0"},
                                                           {"PARLEY_SQL", url}});
  }
  void expect_refused(const std::string& url, std::initializer_list<const char*> words) {
    const auto got = start_with(url);
    EXPECT_EQ(got.end.code, 2) << got.output;
    for (const char* word : words) EXPECT_NE(got.output.find(word), std::string::npos) << word << " in " << got.output;
    EXPECT_EQ(got.output.find("cr\\et"), std::string::npos) << "the password is told: " << got.output;
  }

  mariadb db_;
  temp_dir scratch_;
};

/// Sends one text after the other, each until it is acked, and keeps what was acked.
class steady_talker {
 public:
  steady_talker(chat_client& who, std::uint32_t peer) : who_(who), peer_(peer), thread_([this] { talk(); }) {}
  texts stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
    return acked_;
  }
  ~steady_talker() { stop(); }
  int acks() const { return acks_; }

 private:
  void talk() {
    for (int i = 0; !stopping_; ++i) {
      const auto text = std::to_string(i);
      const auto got = insist(who_, peer_, text, "id-" + text);
      if (!got.acked()) return;
      acked_[got.msg_id] = text;
      ++acks_;
    }
  }
  chat_client& who_;
  const std::uint32_t peer_;
  std::atomic<bool> stopping_{false};
  std::atomic<int> acks_{0};
  texts acked_;
  std::thread thread_;
};

TEST_F(mariadb_node, killed_in_mid_flight_it_loses_nothing_acked_and_acks_flow_again) {
  auto alice = user("alice"), bob = user("bob");
  steady_talker talker(alice, bob.id());
  for (int round = 0; round < 3; ++round) {
    const auto before = talker.acks();
    ASSERT_TRUE(eventually([&] { return talker.acks() > before + 10; })) << "no acks before kill " << round;
    db_.kill9();
    poll(nullptr, 0, 300 * round);
    expect_alive();
    db_.start();
  }
  const auto before = talker.acks();
  EXPECT_TRUE(eventually([&] { return talker.acks() > before + 10; }, milliseconds(20000))) << "no acks afterwards";
  const auto acked = talker.stop();
  EXPECT_TRUE(eventually([&] { return http_get(node().http_port(), "/readyz").status == 200; }));
  expect_stored(bob, alice.id(), acked);
  EXPECT_EQ(bob.latest(alice.id()), acked.rbegin()->first) << "stored twice";
}

TEST_F(mariadb_node, while_it_is_away_a_message_is_answered_and_readiness_says_so) {
  auto alice = user("alice"), bob = user("bob");
  ASSERT_TRUE(alice.say(bob.id(), "before", "m0").acked());
  db_.kill9();
  const auto got = alice.say(bob.id(), "during", "m1", milliseconds(25000));
  EXPECT_EQ(got.what, verdict::kind::refused);
  EXPECT_TRUE(eventually([&] { return http_get(node().http_port(), "/readyz").status == 503; }));
  chat_client mobile;
  EXPECT_TRUE(mobile.try_log_in(node().pdu_port(), "alice", {.type = IM::BaseDefine::CLIENT_TYPE_IOS}));
  db_.start();
  EXPECT_TRUE(insist(alice, bob.id(), "during", "m1").acked());
  expect_stored(alice, bob.id(), {{1, "before"}, {2, "during"}});
}

TEST_F(mariadb_node, frozen_and_thawed_it_loses_nothing_and_stalls_nobody_else) {
  auto alice = user("alice"), bob = user("bob");
  steady_talker talker(alice, bob.id());
  ASSERT_TRUE(eventually([&] { return talker.acks() > 5; }));
  db_.freeze();
  poll(nullptr, 0, 1000);
  expect_alive();
  EXPECT_TRUE(bob.wire().alive());
  db_.thaw();
  const auto before = talker.acks();
  EXPECT_TRUE(eventually([&] { return talker.acks() > before + 5; }, milliseconds(30000)));
  expect_stored(bob, alice.id(), talker.stop());
}

TEST_F(mariadb_node, commits_cut_on_their_way_are_acked_once_and_stored_once) {
  commit_proxy proxy(db_.port());
  options_.environment["PARLEY_SQL"] = mariadb::url_at(proxy.port());
  auto alice = user("alice"), bob = user("bob");
  texts acked;
  int number = 0;
  for (const auto where : {commit_proxy::cut::after, commit_proxy::cut::before, commit_proxy::cut::after}) {
    for (int i = 0; i < 5; ++i) {
      proxy.cut_next(where, 1 + i % 2);
      const auto text = std::to_string(++number);
      const auto got = alice.say(bob.id(), text, {}, milliseconds(20000));
      ASSERT_TRUE(got.acked()) << text << " was not: code " << got.code;
      EXPECT_EQ(got.msg_id, number);
      acked[got.msg_id] = text;
    }
  }
  EXPECT_GE(proxy.cuts(), 15);
  proxy.cut_commits(commit_proxy::cut::never);
  expect_stored(bob, alice.id(), acked);
}

TEST_F(mariadb_node, a_commit_that_cannot_be_looked_up_is_refused_not_acked) {
  commit_proxy proxy(db_.port());
  options_.environment["PARLEY_SQL"] = mariadb::url_at(proxy.port());
  auto alice = user("alice"), bob = user("bob");
  ASSERT_TRUE(alice.say(bob.id(), "first", "m0").acked());
  proxy.cut_commits(commit_proxy::cut::before);
  const auto got = alice.say(bob.id(), "lost", "m1", milliseconds(40000));
  EXPECT_EQ(got.what, verdict::kind::refused);
  proxy.cut_commits(commit_proxy::cut::never);
  const auto again = insist(alice, bob.id(), "lost", "m1");
  EXPECT_EQ(again.msg_id, 2u);
  expect_stored(alice, bob.id(), {{1, "first"}, {2, "lost"}});
}

TEST_F(mariadb_node, what_is_wrong_with_the_url_is_said_at_the_start) {
  const auto good = db_.url();
  const auto host = good.substr(good.find('@'));
  expect_refused("mysql://parley:wrong" + host, {"1045", "parley", "user and password"});
  expect_refused(db_.url("nowhere"), {"nowhere", "CREATE DATABASE"});
  expect_refused(mariadb::url_at(1), {"127.0.0.1:1", "does it run"});
  expect_refused(db_.url("parley", "?charset=latin1"), {"charset", "connect_timeout"});
  db_.run("CREATE USER reader@'%' IDENTIFIED BY 'r';\nGRANT SELECT ON parley.* TO reader@'%'");
  expect_refused("mysql://reader:r" + host, {"denied", "GRANT"});
}

TEST_F(mariadb_node, a_half_finished_migration_goes_on) {
  // As if the node had died within: some tables are there, and no record of the migration.
  node();
  db_.run("DELETE FROM schema_migration WHERE plugin = 'message';\nDROP TABLE audio_blob;\nDROP TABLE IMAudio",
          "parley");
  EXPECT_EQ(node().terminate().code, 0);
  node().start();
  auto alice = user("alice"), bob = user("bob");
  EXPECT_TRUE(alice.say(bob.id(), "hi").acked());
  EXPECT_EQ(db_.run("SELECT COUNT(*) FROM audio_blob", "parley"), "0");
}

TEST_F(mariadb_node, a_schema_from_the_future_is_used_and_told) {
  node();
  db_.run("INSERT INTO schema_migration(plugin, number, name, applied) VALUES ('message', 900, 'later', 1)", "parley");
  EXPECT_EQ(node().terminate().code, 0);
  node().start();
  EXPECT_NE(node().log().find("migration 900"), std::string::npos);
  auto alice = user("alice"), bob = user("bob");
  EXPECT_TRUE(alice.say(bob.id(), "hi").acked());
}

TEST_F(mariadb_node, settings_that_may_lose_commits_are_told) {
  db_.run("SET GLOBAL innodb_flush_log_at_trx_commit = 0");
  const auto status = node().status().dump();
  EXPECT_NE(status.find("innodb_flush_log_at_trx_commit is 0"), std::string::npos) << status;
  EXPECT_NE(status.find("SET GLOBAL innodb_flush_log_at_trx_commit = 1"), std::string::npos) << status;
}

}  // namespace
}  // namespace parley::test

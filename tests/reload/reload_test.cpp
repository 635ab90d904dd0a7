#include "fixture.hpp"

#include "support/http_client.hpp"

namespace parley::test {
namespace {

using reloading = reload_test;

TEST_F(reloading, swaps_the_code_keeps_the_connection_and_hands_the_state_over) {
  EXPECT_EQ(count(), "first 1");
  EXPECT_EQ(count(), "first 2");
  build("second");
  const auto answer = ask("reload");
  expect_ok(answer);
  EXPECT_EQ(answer.result.at(0).at("from"), 1);
  EXPECT_EQ(answer.result.at(0).at("to"), 2);
  EXPECT_EQ(count(), "second 3");
  EXPECT_TRUE(everything_unmapped());
  EXPECT_EQ(reloads().at("unmapped"), 1);
  EXPECT_EQ(states(), (std::map<int, std::string>{{2, "active"}}));
}

TEST_F(reloading, the_same_file_again_is_a_new_generation) {
  for (int i = 0; i < 5; ++i) expect_ok(ask("reload"));
  EXPECT_EQ(count(), "first 1");
  EXPECT_EQ(states().rbegin()->first, 6);
  EXPECT_TRUE(everything_unmapped());
  EXPECT_EQ(reloads().at("unmapped"), 5);
}

TEST_F(reloading, what_is_in_flight_ends_where_it_began) {
  reload_ = "reload: {probation: 150ms, quiesce: 10s, preflight: 3s}\n";
  write_manifest();
  client().send(0x8121, 900, "");
  ASSERT_TRUE(client().alive());
  build("second");
  const auto answer = ask("reload");
  expect_ok(answer);
  EXPECT_EQ(answer.result.at(0).at("in_flight"), 1);
  EXPECT_EQ(count(), "second 2");
  const auto late = client().answer(0x8129, 900);
  ASSERT_TRUE(late);
  EXPECT_EQ(late->body, "first 1");
  EXPECT_TRUE(everything_unmapped());
}

TEST_F(reloading, the_previous_generation_stays_for_its_probation_and_can_be_gone_back_to) {
  reload_ = "reload: {probation: 60s}\n";
  write_manifest();
  EXPECT_EQ(count(), "first 1");
  build("second");
  expect_ok(ask("reload"));
  EXPECT_EQ(states(), (std::map<int, std::string>{{1, "suspended"}, {2, "active"}}));
  EXPECT_EQ(count(), "second 2");
  expect_ok(ask("rollback"));
  // It cannot read the newer state: it has what it saved.
  EXPECT_EQ(count(), "first 2");
  EXPECT_TRUE(everything_unmapped());
  EXPECT_EQ(states(), (std::map<int, std::string>{{1, "active"}}));
  const auto again = ask("rollback");
  EXPECT_FALSE(again.ok);
  EXPECT_NE(again.error.find("no previous generation"), std::string::npos) << again.error;
}

TEST_F(reloading, within_a_probation_the_proven_one_stays_the_previous) {
  reload_ = "reload: {probation: 60s}\n";
  write_manifest();
  for (int i = 0; i < 3; ++i) expect_ok(ask("reload"));
  EXPECT_TRUE(eventually([this] { return states() == std::map<int, std::string>{{1, "suspended"}, {4, "active"}}; }));
  EXPECT_TRUE(eventually([this] { return reloads().at("unmapped") == 2; }));
  expect_ok(ask("rollback"));
  EXPECT_TRUE(eventually([this] { return states() == std::map<int, std::string>{{1, "active"}}; }));
}

TEST_F(reloading, unloads_and_loads) {
  EXPECT_EQ(count(), "first 1");
  expect_ok(ask("unload"));
  client().send(0x8120, 77, "");
  EXPECT_TRUE(client().closed_within(answer_time));  // unknown before login
  EXPECT_TRUE(everything_unmapped());
  EXPECT_TRUE(states().empty());
  EXPECT_FALSE(ask("reload").ok);
  expect_ok(ask("load"));
  wire_client another;
  another.connect(node().pdu_port());
  another.send(0x8120, 1, "");
  const auto got = another.answer(0x8129, 1);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->body, "first 1");
  EXPECT_FALSE(ask("load").ok);
  EXPECT_EQ(states().begin()->first, 2);
}

TEST_F(reloading, many_at_once_are_joined) {
  std::vector<std::unique_ptr<std::thread>> threads;
  std::atomic<int> answered = 0;
  node();
  for (int i = 0; i < 10; ++i) {
    threads.push_back(std::make_unique<std::thread>([&] { answered += ask("reload").ok; }));
  }
  for (auto& t : threads) t->join();
  EXPECT_EQ(answered, 10);
  EXPECT_LT(states().rbegin()->first, 11);
  EXPECT_TRUE(everything_unmapped());
}

TEST_F(reloading, a_sleep_that_outlasts_the_deadline_is_cancelled) {
  client().send(0x8122, 900, "");
  ASSERT_TRUE(client().alive());
  expect_ok(ask("reload"));
  EXPECT_TRUE(everything_unmapped());
  EXPECT_TRUE(client().answer(0x8129, 900));
}

TEST_F(reloading, what_never_ends_lingers_and_is_named) {
  reload_ = "reload: {probation: 0ms, quiesce: 50ms, lingering: 1}\n";
  write_manifest();
  // What never ends is never destroyed, not even with the node: left alone on purpose, which is a leak to
  // LeakSanitizer.
  options_.environment["ASAN_OPTIONS"] = "detect_leaks=0";
  client().send(0x8123, 900, "");
  ASSERT_TRUE(client().alive());
  expect_ok(ask("reload"));
  ASSERT_TRUE(eventually([this] { return reloads().at("lingering") == 1; }));
  for (const auto& g : node().ask("plugins")) {
    if (g.at("state") != "lingering") continue;
    EXPECT_EQ(g.at("held_by").at(0).at("kind"), "request");
    EXPECT_GE(g.at("held_by").at(0).at("age_ms"), 0);
  }
  const auto refused = ask("reload");
  EXPECT_FALSE(refused.ok);
  EXPECT_NE(refused.error.find("linger"), std::string::npos) << refused.error;
  EXPECT_EQ(count(), "first 1");
}

TEST_F(reloading, login_knows_its_guessers_and_its_users_still) {
  more_ = "  - {name: login, config: {password_cost: low}}\n";
  write_manifest();
  node().add_user("alice");
  node().add_user("bob");
  const auto series = [&](const std::string& name) {
    return metric(http_get(node().http_port(), "/metrics").body, name);
  };
  chat_client guesser, bob;
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(guesser.try_log_in(node().pdu_port(), "alice", {.password = "wrong"}));
  bob.log_in(node().pdu_port(), "bob");
  EXPECT_EQ(series("parley_login_warm"), 0);

  expect_ok(ask("reload", "login"));
  const auto refused = guesser.try_log_in(node().pdu_port(), "alice");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->result_code(), IM::BaseDefine::REFUSE_REASON_DB_VALIDATE_FAILED);
  EXPECT_GE(series("parley_login_throttled"), 1);
  bob.log_in(node().pdu_port(), "bob");
  EXPECT_EQ(series("parley_login_accepted"), 2);
  EXPECT_EQ(series("parley_login_warm"), 1) << "bob's password was checked again";
}

TEST_F(reloading, by_the_commands_people_type) {
  node();
  const auto said = run({parleyctl(), "--socket", node().socket_path(), "reload", "changing"});
  EXPECT_EQ(said.end.code, 0) << said.output;
  EXPECT_NE(said.output.find("changing"), std::string::npos) << said.output;
  const auto no = run({parleyctl(), "--socket", node().socket_path(), "reload", "nobody"});
  EXPECT_EQ(no.end.code, 1);
  EXPECT_NE(no.output.find("nobody"), std::string::npos) << no.output;
}

}  // namespace
}  // namespace parley::test

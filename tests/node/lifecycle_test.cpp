// Starting, stopping, starting again.
#include "node/fixture.hpp"

#include <signal.h>
#include <parley/commands.hpp>

#include <set>

namespace parley::test {
namespace {

struct lifecycle : node_test {};

TEST_F(lifecycle, sigterm_ends_it_well_with_clients_connected) {
  auto alice = user("alice"), bob = user("bob");
  wire_client stranger;
  stranger.connect(node().pdu_port());
  const auto asked = steady::now();
  EXPECT_EQ(node().terminate().code, 0);
  EXPECT_LT(steady::now() - asked, patience(milliseconds(5000))) << "nothing was in flight, yet it waited";
  EXPECT_TRUE(alice.wire().closed_within(answer_time));
  EXPECT_TRUE(bob.wire().closed_within(answer_time));
  node().start();
}

TEST_F(lifecycle, an_address_that_helps_no_client_is_warned_of) {
  options_.environment["PARLEY_BIND"] = "0.0.0.0";
  const auto about = "clients: bound to 0.0.0.0, every address of this machine, and `advertise` is empty";
  EXPECT_NE(node().log().find(about), std::string::npos) << node().log();
  EXPECT_NE(node().log().find("set `advertise` of the listener at " + options_.manifest), std::string::npos);
  options_.environment["PARLEY_ADVERTISE"] = "192.0.2.7";
  server other(options_);
  EXPECT_EQ(other.log().find("and `advertise` is empty"), std::string::npos);
  EXPECT_EQ(json::parse(http_get(other.http_port(), "/msg_server").body).at("priorIP"), "192.0.2.7");
  EXPECT_EQ(other.terminate().code, 0);
}

TEST_F(lifecycle, sigterm_finishes_what_was_accepted) {
  auto alice = user("alice"), bob = user("bob");
  std::map<std::uint16_t, std::string> sent;
  for (int i = 0; i < 400; ++i) {
    const auto text = "message " + std::to_string(i);
    sent[alice.send_text(bob.id(), text, "id" + std::to_string(i))] = text;
  }
  const auto first = alice.wire().next();
  ASSERT_TRUE(first);
  alice.wire().inbox().push_front(*first);
  EXPECT_EQ(node().terminate().code, 0);
  std::map<std::uint32_t, std::string> acked;
  alice.wire().closed_within(answer_time);
  for (const auto& pdu : alice.wire().inbox()) {
    const auto about = chat_client::read_verdict(pdu);
    if (about && about->acked()) acked[about->msg_id] = sent.at(pdu.seq);
  }
  EXPECT_FALSE(acked.empty());
  node().start();
  alice.log_in(node().pdu_port(), "alice");
  const auto latest = alice.latest(id("bob"));
  EXPECT_GE(latest, acked.size());
  std::map<std::uint32_t, std::string> stored;
  for (auto begin = latest; begin > 0; begin = begin > 100 ? begin - 100 : 0) {
    const auto page = alice.history(id("bob"), begin);
    for (const auto& message : page.msg_list()) stored[message.msg_id()] = alice.decrypt(message.msg_data());
  }
  for (const auto& [msg_id, text] : acked) EXPECT_EQ(stored[msg_id], text);
}

TEST_F(lifecycle, a_second_node_on_the_same_data_is_refused) {
  const auto environment = node().environment();
  const auto second = run({parleyd(), "run", all_in_one_manifest()}, environment);
  EXPECT_EQ(second.end.code, 2) << second.output;
  EXPECT_NE(second.output.find(node().data()), std::string::npos) << second.output;
  EXPECT_NE(second.output.find(std::to_string(node().pid())), std::string::npos) << second.output;
  expect_alive();
}

TEST_F(lifecycle, it_starts_again_on_the_same_data_after_any_end) {
  auto alice = user("alice"), bob = user("bob");
  for (std::uint32_t round = 1; round <= 4; ++round) {
    EXPECT_EQ(alice.say(id("bob"), "round " + std::to_string(round)).msg_id, round);
    if (round % 2) {
      node().restart();
    } else {
      EXPECT_EQ(node().terminate().code, 0);
      node().start();
    }
    alice.log_in(node().pdu_port(), "alice");
  }
  EXPECT_EQ(alice.latest(id("bob")), 4u);
}

TEST_F(lifecycle, two_sigterms_do_not_confuse_it) {
  auto alice = user("alice");
  kill(node().pid(), SIGTERM);
  EXPECT_EQ(node().terminate().code, 0);
  node().start();
}

TEST_F(lifecycle, sighup_does_not_end_it) {
  auto alice = user("alice");
  kill(node().pid(), SIGHUP);
  EXPECT_TRUE(alice.wire().alive());
  EXPECT_TRUE(node().running());
}

TEST_F(lifecycle, a_stop_right_behind_a_sighup_is_clean) {
  for (int round = 0; round < 8; ++round) {
    kill(node().pid(), SIGHUP);
    poll(nullptr, 0, round);
    EXPECT_EQ(node().terminate().code, 0) << node().log();
    node().start();
  }
}

TEST_F(lifecycle, a_taken_port_is_told_and_nothing_is_left_running) {
  const auto taken = std::to_string(node().pdu_port());
  temp_dir other;
  auto environment = node().environment();
  environment["PARLEY_PDU_PORT"] = taken;
  environment["PARLEY_DATA"] = other.path().string();
  const auto second = run({parleyd(), "run", all_in_one_manifest()}, environment);
  EXPECT_EQ(second.end.code, 2) << second.output;
  EXPECT_NE(second.output.find(taken), std::string::npos) << second.output;
  expect_alive();
}

TEST_F(lifecycle, the_control_socket_is_nobody_elses) {
  const auto rights = std::filesystem::status((node(), node().socket_path())).permissions();
  EXPECT_EQ(rights & (std::filesystem::perms::group_all | std::filesystem::perms::others_all),
            std::filesystem::perms::none);
}

}  // namespace
}  // namespace parley::test

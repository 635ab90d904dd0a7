// Edge nodes hold the clients, a logic node has the plugins and the database.
#include <set>

#include "cluster/fixture.hpp"
#include "node/stored.hpp"

namespace parley::test {
namespace {

struct edges : clustered {
  void begin(const std::string& more = {}) {
    start({.name = "logic", .plugins = login_and_message, .cluster = more});
    start({.name = "edge-1", .clients = true, .cluster = more});
    start({.name = "edge-2", .clients = true, .cluster = more});
    ASSERT_TRUE(linked("edge-1", "logic") && linked("edge-2", "logic") && linked("edge-1", "edge-2"));
  }
};

TEST_F(edges, serve_a_login_and_messages_by_plugins_they_do_not_have) {
  begin();
  auto alice = user("alice", "edge-1"), bob = user("bob", "edge-1");
  const auto sent = alice.say(bob.id(), "hello");
  ASSERT_TRUE(sent.acked());
  const auto got = bob.wire().next_of(0x0301);
  ASSERT_TRUE(got);
  EXPECT_EQ(bob.decrypt(read<IM::Message::IMMsgData>(*got).msg_data()), "hello");
  EXPECT_EQ(bob.latest(alice.id()), sent.msg_id);
  EXPECT_GT(count("edge-1", "parley_cluster_commands{direction=\"out\"}"), 3);
  EXPECT_GT(count("logic", "parley_cluster_commands{direction=\"in\"}"), 3);
}

TEST_F(edges, deliver_to_users_of_other_nodes_in_order) {
  begin();
  auto alice = user("alice", "edge-1"), bob = user("bob", "edge-2");
  constexpr int many = 200;
  for (int i = 0; i < many; ++i) alice.send_text(bob.id(), std::to_string(i));
  for (int i = 0; i < many; ++i) {
    const auto got = bob.wire().next_of(0x0301);
    ASSERT_TRUE(got) << i;
    const auto message = read<IM::Message::IMMsgData>(*got);
    EXPECT_EQ(message.msg_id(), static_cast<std::uint32_t>(i) + 1);
    EXPECT_EQ(bob.decrypt(message.msg_data()), std::to_string(i));
  }
  EXPECT_EQ(count("logic", "parley_cluster_pushes_undelivered"), 0);
}

TEST_F(edges, kick_the_other_terminal_of_a_class_wherever_it_is) {
  begin();
  auto first = user("alice", "edge-1");
  auto phone = user("alice", "edge-1", {.type = IM::BaseDefine::CLIENT_TYPE_IOS});
  auto second = user("alice", "edge-2");
  const auto kick = first.wire().next_of(0x0107);
  ASSERT_TRUE(kick);
  EXPECT_TRUE(first.wire().closed_within(answer_time));
  EXPECT_TRUE(second.wire().alive());
  EXPECT_TRUE(phone.wire().alive());
  const auto where = node("logic").ask("cluster", {{"user", second.id()}});
  std::set<std::string> nodes;
  for (const auto& t : where) nodes.insert(t.at("node"));
  EXPECT_EQ(nodes, (std::set<std::string>{"edge-1", "edge-2"}));
}

TEST_F(edges, gate_strangers_and_refuse_what_nobody_serves) {
  begin();
  wire_client stranger;
  stranger.connect(node("edge-1").pdu_port());
  stranger.send(0x0301, 1, "");
  EXPECT_TRUE(stranger.closed_within(answer_time));
  auto alice = user("alice", "edge-1");
  alice.wire().send(0x7abc, 9, "");
  const auto refused = alice.wire().answer(0x0901, 9);
  ASSERT_TRUE(refused);
  EXPECT_EQ(read<host::IMRefused>(*refused).code(), 9u);
  alice.wire().send(0x0301, 10, "\xff\xff");
  const auto malformed = alice.wire().answer(0x0901, 10);
  ASSERT_TRUE(malformed) << "what the owner says of a body comes back";
  EXPECT_EQ(read<host::IMRefused>(*malformed).code(), 1u);
}

TEST_F(edges, answer_unavailable_at_once_when_the_logic_dies_and_go_on_when_it_is_back) {
  begin();
  auto alice = user("alice", "edge-1"), bob = user("bob", "edge-2");
  ASSERT_TRUE(alice.say(bob.id(), "before", "c1").acked());
  node("logic").kill9();
  ASSERT_TRUE(eventually([&] { return !is_open("edge-1", "logic"); }));
  const auto refused = alice.say(bob.id(), "meanwhile", "c2");
  EXPECT_EQ(refused.what, verdict::kind::refused);
  EXPECT_EQ(refused.code, 7u);
  EXPECT_NE(degraded("edge-1"), "");
  const auto down = steady::now();
  node("logic").start();
  const auto acked = insist(alice, bob.id(), "meanwhile", "c2");
  EXPECT_TRUE(acked.acked());
  RecordProperty("resumed_ms", std::to_string(std::chrono::duration_cast<milliseconds>(steady::now() - down).count()));
  EXPECT_TRUE(alice.wire().alive() && bob.wire().alive()) << "they stayed connected";
  expect_stored(alice, bob.id(), {{1, "before"}, {2, "meanwhile"}});
  ASSERT_TRUE(eventually([&] { return degraded("edge-1").empty(); }, milliseconds(10000))) << degraded("edge-1");
}

TEST_F(edges, have_nothing_executed_past_its_deadline) {
  begin(", deadline: 700ms, link_timeout: 20s");
  auto alice = user("alice", "edge-1"), bob = user("bob", "edge-2");
  ASSERT_TRUE(alice.say(bob.id(), "in time").acked());
  ASSERT_TRUE(linked("edge-1", "logic"));
  ::kill(node("logic").pid(), SIGSTOP);
  const auto late = alice.say(bob.id(), "too late", {}, milliseconds(10000));
  EXPECT_EQ(late.what, verdict::kind::refused);
  EXPECT_EQ(late.code, 7u);
  ::kill(node("logic").pid(), SIGCONT);
  ASSERT_TRUE(eventually([&] { return count("logic", "parley_cluster_commands_failed{why=\"late\"}") == 1; }));
  EXPECT_EQ(count("edge-1", "parley_cluster_commands_failed{why=\"expired\"}"), 1);
  ASSERT_TRUE(alice.say(bob.id(), "in time again").acked());
  expect_stored(bob, alice.id(), {{1, "in time"}, {2, "in time again"}});
}

TEST_F(edges, give_up_a_logic_that_is_frozen) {
  begin(", link_timeout: 600ms");
  auto alice = user("alice", "edge-1"), bob = user("bob", "edge-2");
  ::kill(node("logic").pid(), SIGSTOP);
  const auto lost = alice.say(bob.id(), "into the ice", {}, milliseconds(8000));
  EXPECT_EQ(lost.what, verdict::kind::refused);
  EXPECT_EQ(lost.code, 7u);
  ::kill(node("logic").pid(), SIGCONT);
  EXPECT_TRUE(insist(alice, bob.id(), "thawed", "c1").acked());
}

TEST_F(edges, keep_their_clients_and_traffic_when_redis_is_lost_and_comes_back_empty) {
  begin();
  auto alice = user("alice", "edge-1"), bob = user("bob", "edge-2");
  redis_.kill9();
  ASSERT_TRUE(
      eventually([&] { return degraded("edge-1").find("registry") != std::string::npos; }, milliseconds(10000)));
  EXPECT_TRUE(alice.say(bob.id(), "without redis").acked());
  EXPECT_TRUE(bob.wire().next_of(0x0301));
  auto carol = [&] {
    ids_["carol"] = node("logic").add_user("carol");
    chat_client out;
    out.log_in(node("edge-1").pdu_port(), "carol");
    return out;
  }();
  EXPECT_TRUE(carol.say(bob.id(), "a login without redis").acked());
  EXPECT_TRUE(is_open("edge-1", "logic"));
  redis_.start();
  for (const auto* name : {"edge-1", "edge-2", "logic"}) {
    EXPECT_TRUE(eventually([&] { return degraded(name).empty(); }, milliseconds(15000))) << degraded(name);
    EXPECT_NE(redis_.ask({"GET", std::string("parley:node:") + name}), "(nil)");
  }
  EXPECT_TRUE(alice.say(bob.id(), "with redis").acked());
}

TEST_F(edges, that_die_take_their_users_with_them) {
  begin();
  auto alice = user("alice", "edge-1"), bob = user("bob", "edge-2");
  ASSERT_TRUE(alice.say(bob.id(), "hello").acked());
  const auto terminals = [&](std::uint32_t id) { return node("logic").ask("cluster", {{"user", id}}).size(); };
  EXPECT_EQ(terminals(bob.id()), 1u);
  node("edge-2").kill9();
  EXPECT_TRUE(eventually([&] { return terminals(bob.id()) == 0; }, milliseconds(10000)));
  EXPECT_EQ(terminals(alice.id()), 1u);
  EXPECT_TRUE(alice.say(bob.id(), "are you there").acked());
  node("edge-2").start();
  ASSERT_TRUE(linked("edge-2", "logic"));
  chat_client again;
  again.log_in(node("edge-2").pdu_port(), "bob");
  EXPECT_TRUE(alice.say(bob.id(), "welcome back").acked());
  EXPECT_TRUE(again.wire().next_of(0x0301));
}

}  // namespace
}  // namespace parley::test

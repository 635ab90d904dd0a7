// Who may be in a cluster, and what the nodes say about it.
#include "cluster/fixture.hpp"

namespace parley::test {
namespace {

using membership = clustered;

TEST_F(membership, is_shown_with_what_each_node_serves) {
  start({.name = "logic", .plugins = login_and_message});
  start({.name = "edge", .clients = true});
  ASSERT_TRUE(linked("edge", "logic"));
  const auto logic = row("edge", "logic");
  EXPECT_EQ(logic.at("state"), "ready");
  EXPECT_EQ(logic.at("serves").size(), 2u) << logic.dump();
  EXPECT_EQ(logic.at("version"), row("edge", "edge").at("version"));
  EXPECT_TRUE(eventually([&] { return row("edge", "logic").at("rtt_us") > 0; }));
  EXPECT_EQ(cluster("edge").at("registry").at("state"), "ok");
  EXPECT_EQ(degraded("edge") + degraded("logic"), "");
  EXPECT_EQ(redis_.ask({"EXISTS", "parley:node:edge"}), "1");
}

TEST_F(membership, of_a_second_node_of_one_name_is_refused_with_a_sentence) {
  start({.name = "edge", .clients = true});
  const auto data = scratch_.path() / "other";
  const auto options = options_of({.name = "edge", .clients = true});
  auto environment = node("edge").environment();
  environment["PARLEY_DATA"] = data.string();
  const auto ended = run({parleyd(), "run", options.manifest, "--no-supervise"}, environment);
  EXPECT_EQ(ended.end.code, 2) << ended.output;
  EXPECT_NE(ended.output.find("another node is named edge"), std::string::npos) << ended.output;
  EXPECT_TRUE(node("edge").running());
}

TEST_F(membership, is_taken_over_from_one_s_own_former_life_at_once) {
  start({.name = "logic", .plugins = login_and_message});
  start({.name = "edge", .clients = true});
  ASSERT_TRUE(linked("edge", "logic"));
  const auto before = row("logic", "edge");
  node("edge").restart();
  ASSERT_TRUE(linked("edge", "logic"));
  const auto after = row("logic", "edge");
  EXPECT_GT(std::stoull(after.at("incarnation").get<std::string>()),
            std::stoull(before.at("incarnation").get<std::string>()));
  EXPECT_NE(after.at("number"), before.at("number"));
}

TEST_F(membership, needs_the_secret) {
  start({.name = "logic", .plugins = login_and_message});
  start({.name = "edge", .clients = true, .secret = "another secret than theirs"});
  for (const auto* name : {"edge", "logic"}) {
    EXPECT_TRUE(eventually([&] { return degraded(name).find("the secrets differ") != std::string::npos; }))
        << degraded(name);
  }
  EXPECT_FALSE(is_open("edge", "logic"));
  EXPECT_GT(count("logic", "parley_cluster_refused") + count("edge", "parley_cluster_refused"), 0);
  wire_client client;
  client.connect(node("edge").pdu_port());
  client.send(0x0103, 1, "x");
  EXPECT_TRUE(client.closed_within(answer_time)) << "there is nobody to log in with";
}

TEST_F(membership, is_left_by_a_node_that_stops) {
  start({.name = "logic", .plugins = login_and_message});
  start({.name = "edge", .clients = true});
  ASSERT_TRUE(linked("edge", "logic"));
  EXPECT_EQ(node("edge").terminate().code, 0);
  dead_.insert("edge");
  EXPECT_EQ(redis_.ask({"EXISTS", "parley:node:edge"}), "0");
  EXPECT_TRUE(eventually([&] { return row("logic", "edge").is_null(); }, milliseconds(10000)));
  EXPECT_EQ(degraded("logic"), "");
}

TEST_F(membership, shows_what_nobody_has_any_more_until_its_node_is_back_without_it) {
  start({.name = "logic", .plugins = login_and_message});
  start({.name = "edge", .clients = true});
  ASSERT_TRUE(linked("edge", "logic"));
  auto alice = user("alice", "edge"), bob = user("bob", "edge");
  ASSERT_TRUE(alice.say(bob.id(), "hello").acked());
  node("logic").terminate();
  ASSERT_TRUE(eventually(
      [&] { return degraded("edge").find("no node serves login; no node serves message") != std::string::npos; }));
  EXPECT_EQ(alice.say(bob.id(), "anybody").code, 7u);
  ASSERT_TRUE(eventually([&] { return row("edge", "logic").is_null(); }, milliseconds(10000))) << "a lease later";
  EXPECT_EQ(alice.say(bob.id(), "anybody").code, 7u) << "still known";
  options_of({.name = "logic", .plugins = "  - {name: login, config: {password_cost: low}}\n"});
  node("logic").start();
  ASSERT_TRUE(linked("edge", "logic"));
  EXPECT_TRUE(eventually([&] { return degraded("edge").empty(); })) << degraded("edge");
  EXPECT_EQ(alice.say(bob.id(), "nobody").code, 9u);
}

TEST_F(membership, forgets_a_node_that_will_not_be_back_when_it_is_told_to) {
  start({.name = "logic", .plugins = login_and_message});
  start({.name = "edge", .clients = true});
  start({.name = "edge-2", .clients = true});
  ASSERT_TRUE(linked("edge", "logic") && linked("edge-2", "logic") && linked("edge", "edge-2"));
  auto alice = user("alice", "edge"), bob = user("bob", "edge-2");
  const auto forget = [&](const std::string& name) {
    return run({parleyctl(), "--socket", node("edge").socket_path(), "--json", "cluster", "--forget", name});
  };
  EXPECT_NE(forget("logic").output.find("it is there"), std::string::npos);
  EXPECT_NE(forget("edge").output.find("that is this node"), std::string::npos);
  node("logic").kill9();
  dead_.insert("logic");
  ASSERT_TRUE(eventually([&] { return !is_open("edge", "logic"); }));
  EXPECT_NE(forget("logic").output.find("until its lease is over"), std::string::npos);
  for (const auto* edge : {"edge", "edge-2"}) {
    ASSERT_TRUE(eventually([&] { return row(edge, "logic").is_null(); }, milliseconds(10000)));
    EXPECT_EQ(degraded(edge), "no node serves login; no node serves message");
  }
  const auto done = forget("logic");
  EXPECT_EQ(done.end.code, 0) << done.output;
  EXPECT_NE(done.output.find("message"), std::string::npos) << done.output;
  for (const auto* edge : {"edge", "edge-2"}) {
    EXPECT_TRUE(eventually([&] { return degraded(edge).empty(); })) << degraded(edge);
  }
  EXPECT_EQ(alice.say(bob.id(), "nobody").code, 9u);
  EXPECT_EQ(bob.say(alice.id(), "nobody").code, 9u);
}

TEST_F(membership, begins_without_redis_and_is_made_up_for) {
  redis_.kill9();
  start({.name = "logic", .plugins = login_and_message});
  EXPECT_NE(degraded("logic").find("registry"), std::string::npos);
  redis_.start();
  start({.name = "edge", .clients = true});
  EXPECT_TRUE(linked("edge", "logic"));
}

}  // namespace
}  // namespace parley::test

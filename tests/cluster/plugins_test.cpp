// What a plugin does for sessions and plugins of other nodes is what it does at home.
#include <cstdlib>
#include <deque>
#include <set>

#include "cluster/fixture.hpp"

namespace parley::test {
namespace {

std::string plugin(const std::string& name, const std::string& config = {}) {
  return "  - {name: " + name + ", file: \"" CLUSTER_PLUGINS + name + ".so\"" +
         (config.empty() ? "" : ", config: {" + config + "}") + "}\n";
}

/// Talks to worker and caller in words.
struct words {
  explicit words(std::uint16_t port) { wire.connect(port); }
  void say(const std::string& body, std::uint16_t command = 0x8010) { wire.send(command, ++seq, body); }
  /// The answer to the last; "refused N: text" when it was refused, "closed" when there will be none.
  std::string answer(std::uint16_t command = 0x8011) {
    std::deque<wire_pdu> others;
    std::string said;
    while (said.empty()) {
      const auto got = wire.next();
      if (!got) {
        said = wire.closed_within(milliseconds(10)) ? "closed" : "silence";
      } else if (got->seq == seq && got->command == 0x0901) {
        const auto refused = read<host::IMRefused>(*got);
        said = "refused " + std::to_string(refused.code()) + ": " + refused.text();
      } else if (got->seq == seq && got->command == command) {
        said = got->body;
        break;  // it may be empty
      } else {
        others.push_back(*got);
      }
    }
    wire.inbox().insert(wire.inbox().begin(), others.begin(), others.end());
    return said;
  }
  std::string ask(const std::string& body) { return say(body), answer(); }
  wire_client wire;
  std::uint16_t seq = 0;
};

struct far_plugins : clustered {
  /// An edge with `edge_plugins`, and as many workers as there are labels.
  void begin(const std::vector<std::string>& workers, const std::string& edge_plugins = {},
             const std::string& more = {}, const std::string& beside_worker = {}) {
    for (const auto& name : workers) {
      start({.name = name, .plugins = plugin("worker", "label: " + name) + beside_worker, .cluster = more});
    }
    start({.name = "edge", .clients = true, .plugins = edge_plugins, .cluster = more});
    for (const auto& name : workers) ASSERT_TRUE(linked("edge", name));
  }
  words client() { return words(node("edge").pdu_port()); }
};

TEST_F(far_plugins, know_the_client_s_address_and_its_slot) {
  begin({"one"});
  auto client = this->client();
  EXPECT_EQ(client.ask("who"), "one 127.0.0.1");
  EXPECT_EQ(client.ask("slot:a"), "");
  EXPECT_EQ(client.ask("slot:b"), "a");
  EXPECT_EQ(client.ask("slot:c"), "ab");
  // Many at once: what was written here is not undone by what the home still had.
  for (int i = 0; i < 10; ++i) client.say("slot:x");
  EXPECT_EQ(client.answer(), "abcxxxxxxxxx");
  EXPECT_EQ(this->client().ask("slot:a"), "") << "another session's";
}

TEST_F(far_plugins, keep_slots_at_the_session_s_home) {
  begin({"one"});
  auto client = this->client();
  client.ask("slot:kept");
  node("one").kill9();
  ASSERT_TRUE(eventually([&] { return !is_open("edge", "one"); }));
  node("one").start();
  ASSERT_TRUE(linked("edge", "one"));
  EXPECT_EQ(client.ask("slot:on"), "kept");
  EXPECT_EQ(client.ask("slot:"), "kepton");
}

TEST_F(far_plugins, give_a_session_its_identity_once) {
  begin({"one"});
  auto client = this->client();
  EXPECT_EQ(client.ask("enter:7"), "ok, conflict");
  EXPECT_EQ(node("edge").status().at("logged_in"), 1);
  client.say("who", 0x8016);
  EXPECT_EQ(client.answer(0x8017), "one 127.0.0.1") << "for those who are known";
  auto stranger = this->client();
  stranger.say("who", 0x8016);
  EXPECT_EQ(stranger.answer(0x8017), "closed");
}

TEST_F(far_plugins, are_heard_in_order_to_the_end) {
  begin({"one"});
  auto client = this->client();
  client.say("order");
  for (int i = 0; i < 20; ++i) {
    const auto push = client.wire.next(), reply = client.wire.next();
    ASSERT_TRUE(push && reply) << i;
    EXPECT_EQ(push->command, 0x8013);
    EXPECT_EQ(push->seq, 0);
    EXPECT_EQ(reply->command, 0x8011);
    EXPECT_EQ(reply->seq, client.seq);
    EXPECT_EQ(push->body + reply->body, std::to_string(i) + std::to_string(i));
  }
  EXPECT_TRUE(client.wire.closed_within(answer_time));
  EXPECT_TRUE(client.wire.inbox().empty());
}

TEST_F(far_plugins, refuse_in_their_own_words) {
  begin({"one"});
  auto client = this->client();
  client.ask("enter:7");
  EXPECT_EQ(client.ask("refuse:moon"), "refused 8: there is no moon");
  EXPECT_EQ(client.ask("throw"), "refused 7: fault");
  EXPECT_EQ(client.ask("nonsense").substr(0, 9), "refused 1");
  EXPECT_EQ(client.ask("who"), "one 127.0.0.1");
}

TEST_F(far_plugins, finish_out_of_order_as_at_home) {
  begin({"one"});
  auto client = this->client();
  client.say("wait:300");
  const auto slow = client.seq;
  EXPECT_EQ(client.ask("who"), "one 127.0.0.1");
  EXPECT_EQ(client.wire.answer(0x8011, slow)->body, "300");
}

TEST_F(far_plugins, share_sessions_and_keep_each_with_one_node) {
  begin({"one", "two", "three"});
  std::map<std::string, int> share;
  for (int i = 0; i < 60; ++i) {
    auto client = this->client();
    const auto first = client.ask("who");
    EXPECT_EQ(client.ask("who"), first);
    ++share[first];
  }
  EXPECT_EQ(share.size(), 3u) << "60 sessions, three nodes";
}

TEST_F(far_plugins, pass_their_sessions_on_when_their_node_stops) {
  begin({"one", "two"});
  std::vector<words> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(client());
  for (auto& c : clients) EXPECT_NE(c.ask("who"), "");
  for (auto& c : clients) c.say("wait:200");
  node("two").terminate();
  dead_.insert("two");
  for (auto& c : clients) EXPECT_EQ(c.answer(), "200") << "what was under way is finished";
  for (auto& c : clients) EXPECT_EQ(c.ask("who"), "one 127.0.0.1");
}

TEST_F(far_plugins, that_die_leave_nobody_waiting) {
  begin({"one", "two"});
  std::vector<words> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(client());
  for (auto& c : clients) c.ask("enter:" + std::to_string(100 + c.seq));
  for (auto& c : clients) c.say("wait:60000");
  std::size_t there = 0;
  ASSERT_TRUE(eventually([&] {
    return (there = row("edge", "two").at("in_flight")) + row("edge", "one").at("in_flight").get<std::size_t>() == 20;
  }));
  ASSERT_GT(there, 0u);
  const auto begin = steady::now();
  node("two").kill9();
  dead_.insert("two");
  std::set<const words*> refused;
  EXPECT_TRUE(eventually([&] {
    for (auto& c : clients) {
      if (!refused.contains(&c) && c.wire.answer(0x0901, c.seq, milliseconds(0))) refused.insert(&c);
    }
    return refused.size() >= there;
  }));
  EXPECT_EQ(refused.size(), there);
  EXPECT_LT(steady::now() - begin, patience(milliseconds(9000)));
  node("one").kill9();
  dead_.insert("one");
}

TEST_F(far_plugins, are_filtered_at_home_first_and_then_where_they_are) {
  begin({"one"}, plugin("censor", "mark: h"), {}, plugin("censor", "mark: w"));
  auto client = this->client();
  EXPECT_EQ(client.ask("enter:7").substr(0, 2), "ok");
  EXPECT_EQ(client.ask("bad word"), "refused 10: not such words");
  EXPECT_EQ(client.ask("slot:a"), "");
  EXPECT_EQ(client.ask("slot:b"), "ah") << "a filter that has seen it does not see it again";
  client.say("slow:slot:c");
  client.say("slot:d");
  EXPECT_EQ(client.answer(), "ahbhch") << "the one that waited in the filter came first";
}

TEST_F(far_plugins, are_filtered_where_they_are_and_later_commands_wait) {
  begin({"one"}, {}, {}, plugin("censor", "mark: w"));
  auto client = this->client();
  EXPECT_EQ(client.ask("enter:7").substr(0, 2), "ok");
  client.say("slow:slot:a");
  client.say("slow:slot:b");
  client.say("slot:c");
  client.say("slot:d");
  EXPECT_EQ(client.answer(), "awbwcw");
  EXPECT_EQ(client.ask("bad"), "refused 10: not such words");
}

TEST_F(far_plugins, are_called_by_plugins_elsewhere) {
  begin({"one"}, plugin("caller"));
  auto client = this->client();
  const auto call = [&](const std::string& body) {
    client.say(body, 0x8020);
    return client.answer(0x8021);
  };
  EXPECT_EQ(call("hello"), "not allowed") << "to act for others needs a grant";
}

TEST_F(far_plugins, are_called_for_others_with_a_grant_and_a_deadline) {
  const auto granted = "  - {name: caller, file: \"" CLUSTER_PLUGINS "caller.so\", may_act_for: [4711]}\n";
  begin({"one"}, granted);
  auto client = this->client();
  const auto call = [&](const std::string& body) {
    client.say(body, 0x8020);
    return client.answer(0x8021);
  };
  EXPECT_EQ(call("hello"), "one 4711 call 0 hello");
  EXPECT_EQ(call("no"), "not allowed");
  EXPECT_EQ(call("slow"), "timeout");
  client.say("x", 0x8014);
  EXPECT_NE(client.answer(0x8015).find("closed"), std::string::npos) << "not for clients";
  auto next = this->client();
  node("one").kill9();
  dead_.insert("one");
  ASSERT_TRUE(eventually([&] { return !is_open("edge", "one"); }));
  next.say("anybody", 0x8020);
  EXPECT_EQ(next.answer(0x8021), "unavailable");
}

TEST_F(far_plugins, are_heard_by_plugins_of_other_nodes_in_order_and_once) {
  begin({"one"}, plugin("caller"));
  auto client = this->client(), other = this->client();
  EXPECT_EQ(client.ask("publish:first"), "published");
  EXPECT_EQ(client.ask("enter:7").substr(0, 2), "ok");
  EXPECT_EQ(client.ask("publish:second"), "published");
  const auto heard = [&] {
    other.say("", 0x8022);
    return other.answer(0x8023);
  };
  ASSERT_TRUE(eventually([&] { return heard().ends_with("second;"); })) << heard();
  EXPECT_EQ(heard(), "first;opened;second;");
  client.wire.close();
  ASSERT_TRUE(eventually([&] { return heard() == "first;opened;second;closed;"; })) << heard();
  EXPECT_EQ(count("one", "parley_cluster_events{direction=\"out\"}"), 2);
}

TEST_F(far_plugins, hear_of_sessions_of_other_nodes) {
  begin({"one"}, {}, {}, plugin("caller"));
  auto client = this->client(), other = this->client();
  const auto heard = [&] {
    other.say("", 0x8022);
    return other.answer(0x8023);
  };
  EXPECT_EQ(client.ask("enter:7").substr(0, 2), "ok");
  ASSERT_TRUE(eventually([&] { return heard() == "opened;"; })) << heard();
  client.wire.close();
  ASSERT_TRUE(eventually([&] { return heard() == "opened;closed;"; })) << heard();
}

TEST_F(far_plugins, agree_who_acts) {
  begin({"one", "two"});
  ASSERT_TRUE(linked("one", "two"));
  std::vector<words> clients;
  std::map<std::string, words*> of;
  for (int i = 0; i < 40 && of.size() < 2; ++i) {
    clients.reserve(64);
    clients.push_back(client());
    of[clients.back().ask("who")] = &clients.back();
  }
  ASSERT_EQ(of.size(), 2u);
  int first = 0;
  for (int key = 1; key <= 50; ++key) {
    int acting = 0;
    for (auto& [name, asked] : of) {
      const bool mine = asked->ask("mine:" + std::to_string(key)) == "yes";
      acting += mine;
      first += mine && name.starts_with("one");
    }
    EXPECT_EQ(acting, 1) << key;
  }
  EXPECT_GT(first, 5);
  EXPECT_LT(first, 45);
}

}  // namespace
}  // namespace parley::test

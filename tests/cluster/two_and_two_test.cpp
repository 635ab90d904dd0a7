// Two edges and two logic nodes on one MariaDB.
#include <atomic>
#include <mutex>
#include <thread>

#include "cluster/fixture.hpp"
#include "node/stored.hpp"

namespace parley::test {
namespace {

struct two_and_two : clustered {
  void SetUp() override { begin("  - route\n"); }
  void begin(const std::string& route) {
    sql_ = db_.url();
    const auto plugins = login_and_message + route + "  - group\n";
    start({.name = "logic", .plugins = plugins});
    start({.name = "logic-2", .plugins = plugins});
    start({.name = "edge-1", .clients = true});
    start({.name = "edge-2", .clients = true});
    for (const auto* edge : {"edge-1", "edge-2"}) {
      for (const auto* logic : {"logic", "logic-2"}) ASSERT_TRUE(linked(edge, logic));
    }
    ASSERT_TRUE(linked("edge-1", "edge-2") && linked("logic", "logic-2"));
  }
  mariadb db_;
};

TEST_F(two_and_two, share_the_work_and_number_messages_without_gaps) {
  const std::vector<std::string> names{"ann", "bea", "cy", "dot", "eve", "fay"};
  for (const auto& name : names) user(name, "edge-1");
  std::mutex mutex;
  std::map<std::pair<std::uint32_t, std::uint32_t>, texts> acked;
  std::vector<std::thread> threads;
  for (std::size_t n = 0; n < names.size(); ++n) {
    threads.emplace_back([&, n] {
      chat_client who;
      who.log_in(node(n % 2 ? "edge-1" : "edge-2").pdu_port(), names[n]);
      for (int i = 0; i < 30; ++i) {
        const auto peer = ids_.at(names[(n + 1) % names.size()]);
        const auto text = names[n] + " " + std::to_string(i);
        const auto got = insist(who, peer, text, std::to_string(n) + "-" + std::to_string(i));
        ASSERT_TRUE(got.acked());
        std::lock_guard hold(mutex);
        acked[{who.id(), peer}][got.msg_id] = text;
      }
    });
  }
  for (auto& t : threads) t.join();
  for (const auto& [pair, texts] : acked) {
    chat_client who;
    for (const auto& [name, id] : ids_) {
      if (id == pair.first) who.log_in(node("edge-1").pdu_port(), name);
    }
    expect_stored(who, pair.second, texts);
  }
  EXPECT_GT(count("logic", "parley_cluster_commands{direction=\"in\"}"), 0);
  EXPECT_GT(count("logic-2", "parley_cluster_commands{direction=\"in\"}"), 0);
}

TEST_F(two_and_two, tell_each_change_of_presence_once) {
  auto alice = user("alice", "edge-1");
  for (int i = 0; i < 8; ++i) {
    const auto name = "friend" + std::to_string(i);
    auto other = user(name, "edge-2");
    const auto came = alice.wire().next_of(0x0203);
    ASSERT_TRUE(came) << i;
    EXPECT_EQ(read<IM::Buddy::IMUserStatNotify>(*came).user_stat().user_id(), other.id());
    other.wire().close();
    const auto went = alice.wire().next_of(0x0203);
    ASSERT_TRUE(went) << i;
    EXPECT_EQ(read<IM::Buddy::IMUserStatNotify>(*went).user_stat().status(), IM::BaseDefine::USER_STATUS_OFFLINE);
  }
  // One told twice would have been taken for the next.
  ASSERT_TRUE(alice.wire().alive());
  for (const auto& pdu : alice.wire().inbox()) EXPECT_NE(pdu.command, 0x0203) << "told twice";
}

struct grown : two_and_two {
  void SetUp() override { begin("  - {name: route, config: {everyone_below: 9}}\n"); }
};

/// Whichever node had told of the user.
TEST_F(grown, tell_everybody_that_a_user_goes_whom_everybody_saw_come_after_a_node_is_lost) {
  auto watcher = user("watcher", "edge-1");
  std::vector<chat_client> seen;
  for (int i = 0; i < 8; ++i) {
    seen.push_back(user("seen" + std::to_string(i), "edge-2"));
    const auto came = watcher.wire().next_of(0x0203);
    ASSERT_TRUE(came) << i;
    EXPECT_EQ(read<IM::Buddy::IMUserStatNotify>(*came).user_stat().user_id(), seen.back().id());
  }
  std::vector<chat_client> strangers;  // so many that not everybody sees everybody to the end
  for (int i = 0; i < 9; ++i) strangers.push_back(user("stranger" + std::to_string(i), "edge-1"));
  node("logic-2").kill9();
  dead_.insert("logic-2");
  for (const auto* edge : {"edge-1", "edge-2"}) {
    ASSERT_TRUE(eventually([&] { return !is_open(edge, "logic-2"); }));
  }
  ASSERT_TRUE(eventually([&] { return !is_open("logic", "logic-2"); }));
  for (auto& one : seen) {
    one.wire().close();
    const auto went = watcher.wire().next_of(0x0203);
    ASSERT_TRUE(went) << "nobody said that " << one.id() << " is gone";
    const auto told = read<IM::Buddy::IMUserStatNotify>(*went).user_stat();
    EXPECT_EQ(told.user_id(), one.id());
    EXPECT_EQ(told.status(), IM::BaseDefine::USER_STATUS_OFFLINE);
  }
}

TEST_F(two_and_two, lose_nothing_acked_while_logic_nodes_are_killed_in_turn) {
  auto alice = user("alice", "edge-1"), bob = user("bob", "edge-2");
  texts acked;
  std::atomic<int> sent = 0;
  std::atomic<bool> over = false;
  // Kills while messages flow, whoever serves them, and goes on when they flow again.
  std::thread killer([&] {
    const auto more = [&](int by) {
      const int goal = sent + by;
      return eventually([&] { return sent >= goal || over; }, milliseconds(60000));
    };
    for (int round = 0; round < 6 && !over; ++round) {
      const std::string victim = round % 2 ? "logic" : "logic-2";
      EXPECT_TRUE(more(20)) << round;
      node(victim).kill9();
      EXPECT_TRUE(more(5)) << "with one logic node, " << round;
      node(victim).start();
      EXPECT_TRUE(linked("edge-1", victim) && linked("edge-2", victim)) << round;
    }
    over = true;
  });
  while (!over) {
    const auto text = "number " + std::to_string(sent);
    const auto got = insist(alice, bob.id(), text, "c" + std::to_string(sent));
    EXPECT_TRUE(got.acked()) << sent;
    if (!got.acked()) over = true;
    if (!got.acked()) break;
    acked[got.msg_id] = text;
    ++sent;
  }
  killer.join();
  EXPECT_TRUE(alice.wire().alive() && bob.wire().alive()) << "their edges live";
  ASSERT_TRUE(linked("edge-1", "logic") && linked("edge-1", "logic-2"));
  expect_stored(alice, bob.id(), acked);
  EXPECT_EQ(alice.latest(bob.id()), static_cast<std::uint32_t>(sent.load())) << "none was stored twice";
}

}  // namespace
}  // namespace parley::test

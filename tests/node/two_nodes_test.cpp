// Several nodes on one MariaDB, without a route between them: one order of ids, one answer to one client_msg_id.
#include "node/fixture.hpp"
#include "node/stored.hpp"

#include <algorithm>
#include <mutex>
#include <set>
#include <thread>

namespace parley::test {
namespace {

struct two_nodes : node_test {
  void SetUp() override { options_.environment["PARLEY_SQL"] = db_.url(); }
  server& second() {
    if (!second_) {
      auto options = options_;
      options.data.clear();
      second_ = std::make_unique<server>(options);
    }
    return *second_;
  }
  /// The same user on the other node.
  chat_client over_there(const std::string& name) {
    chat_client out;
    out.log_in(second().pdu_port(), name);
    return out;
  }
  mariadb db_;
  std::unique_ptr<server> second_;
};

TEST_F(two_nodes, write_the_same_conversations_without_gaps_or_doubles) {
  constexpr int each = 60;
  const std::vector<std::string> names{"ann", "bea", "cy"};
  for (const auto& name : names) user(name);
  second();
  std::mutex mutex;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::uint32_t>> given;
  std::vector<std::thread> threads;
  for (const auto& name : names) {
    for (const bool here : {true, false}) {
      threads.emplace_back([&, name, here] {
        chat_client who;
        who.log_in(here ? node().pdu_port() : second().pdu_port(), name);
        std::map<std::uint32_t, std::uint32_t> last;
        for (int i = 0; i < each; ++i) {
          for (const auto& peer : names) {
            if (peer == name) continue;
            const auto got = insist(who, id(peer), std::to_string(i), name + (here ? "h" : "t") + std::to_string(i));
            ASSERT_TRUE(got.acked()) << name << " " << i;
            EXPECT_GT(got.msg_id, last[id(peer)]) << "out of order";
            last[id(peer)] = got.msg_id;
            std::lock_guard hold(mutex);
            given[std::minmax(id(name), id(peer))].push_back(got.msg_id);
          }
        }
      });
    }
  }
  for (auto& t : threads) t.join();
  ASSERT_EQ(given.size(), 3u);
  for (auto& [pair, ids] : given) {
    std::sort(ids.begin(), ids.end());
    ASSERT_EQ(ids.size(), 4u * each);
    for (std::size_t i = 0; i < ids.size(); ++i) ASSERT_EQ(ids[i], i + 1) << "a gap, or an id given twice";
  }
  EXPECT_EQ(db_.run("SELECT COUNT(*) FROM conversation", "parley"), "3");
  EXPECT_EQ(db_.run("SELECT COUNT(*) FROM IMRelationShip", "parley"), "3");
  EXPECT_EQ(second().terminate().code, 0);
}

TEST_F(two_nodes, know_each_other_s_client_msg_ids) {
  auto alice = user("alice"), bob = user("bob");
  auto alice_there = over_there("alice");
  const auto first = alice.say(bob.id(), "once", "same");
  ASSERT_TRUE(first.acked());
  const auto again = alice_there.say(bob.id(), "once", "same");
  EXPECT_TRUE(again.acked());
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.msg_id, first.msg_id);
  EXPECT_EQ(alice_there.say(bob.id(), "next", "other").msg_id, first.msg_id + 1);
}

TEST_F(two_nodes, one_message_sent_to_both_at_once_is_one) {
  auto alice = user("alice"), bob = user("bob");
  auto there = over_there("alice");
  std::set<std::uint32_t> ids;
  for (int i = 0; i < 30; ++i) {
    const auto client_id = "both-" + std::to_string(i);
    verdict other;
    std::thread beside([&] { other = insist(there, bob.id(), "twice", client_id); });
    const auto one = insist(alice, bob.id(), "twice", client_id);
    beside.join();
    ASSERT_TRUE(one.acked() && other.acked()) << i;
    EXPECT_EQ(one.msg_id, other.msg_id) << i;
    ids.insert(one.msg_id);
  }
  EXPECT_EQ(ids.size(), 30u);
  EXPECT_EQ(bob.latest(alice.id()), 30u);
}

TEST_F(two_nodes, first_words_from_both_sides_make_one_conversation) {
  constexpr int pairs = 20;
  std::vector<std::uint32_t> there;
  auto alice = user("alice");
  for (int i = 0; i < pairs; ++i) there.push_back(node().add_user("peer" + std::to_string(i)));
  second();
  for (int i = 0; i < pairs; ++i) {
    chat_client peer;
    peer.log_in(second().pdu_port(), "peer" + std::to_string(i));
    verdict back;
    std::thread beside([&] { back = insist(peer, alice.id(), "hello", "p"); });
    const auto got = insist(alice, there[static_cast<std::size_t>(i)], "hello", "a");
    beside.join();
    EXPECT_EQ(std::minmax(got.msg_id, back.msg_id), std::minmax(1u, 2u)) << i;
  }
  EXPECT_EQ(db_.run("SELECT COUNT(*) FROM IMRelationShip", "parley"), std::to_string(pairs));
}

TEST_F(two_nodes, start_together_on_an_empty_database) {
  auto options = options_;
  std::unique_ptr<server> other;
  std::thread beside([&] { other = std::make_unique<server>(options); });
  node();
  beside.join();
  EXPECT_TRUE(node().status().at("ready").get<bool>());
  EXPECT_TRUE(other->status().at("ready").get<bool>());
}

}  // namespace
}  // namespace parley::test

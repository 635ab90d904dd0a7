// An edge that ends sends its clients to the others.
#include <atomic>
#include <set>
#include <thread>

#include "cluster/fixture.hpp"
#include "node/stored.hpp"

namespace parley::test {
namespace {

struct draining : clustered {
  void begin() {
    start({.name = "logic", .plugins = login_and_message});
    start({.name = "edge-1", .clients = true});
    start({.name = "edge-2", .clients = true});
    ASSERT_TRUE(linked("edge-1", "logic") && linked("edge-2", "logic") && linked("edge-1", "edge-2"));
  }
};

TEST_F(draining, tells_clients_of_level_1_where_to_go_and_serves_the_rest_meanwhile) {
  begin();
  std::vector<std::string> names;
  std::vector<chat_client> clients;
  for (int i = 0; i < 12; ++i) {
    names.push_back("user" + std::to_string(i));
    clients.push_back(user(names.back(), "edge-1"));
  }
  auto old = user("old", "edge-1", {.level = 0});
  auto target = user("target", "edge-2");
  const auto there = node("edge-2").pdu_port();
  ending end;
  std::thread stopping([&] { end = node("edge-1").terminate(); });
  const auto begun = clients.front().wire().next_of(0x0902);
  ASSERT_TRUE(begun);
  EXPECT_TRUE(clients.back().say(target.id(), "from the old place").acked()) << "its turn is to come";
  clients.front().wire().inbox().push_front(*begun);
  for (std::size_t i = 0; i < clients.size(); ++i) {
    auto& who = clients[i];
    const auto told = who.wire().next_of(0x0902);
    ASSERT_TRUE(told) << i;
    const auto moved = read<host::IMMoved>(*told);
    EXPECT_EQ(moved.ip(), "127.0.0.1");
    EXPECT_EQ(moved.port(), there);
    EXPECT_GT(moved.in_ms(), 0u);
    who.log_in(static_cast<std::uint16_t>(moved.port()), names[i]);
    EXPECT_TRUE(who.say(target.id(), "from the new place", "b" + names[i]).acked());
  }
  EXPECT_TRUE(old.wire().closed_within(answer_time));
  for (const auto& pdu : old.wire().inbox()) EXPECT_NE(pdu.command, 0x0902);
  stopping.join();
  dead_.insert("edge-1");
  EXPECT_EQ(end.code, 0);
  for (auto& who : clients) EXPECT_EQ(who.latest(target.id()), &who == &clients.back() ? 2u : 1u);
  EXPECT_EQ(row("edge-2", "edge-2").at("sessions"), clients.size() + 1);
}

TEST_F(draining, answers_what_is_in_flight_before_it_ends_a_connection) {
  begin();
  auto alice = user("alice", "edge-1"), bob = user("bob", "edge-2");
  std::set<std::uint16_t> open;
  for (int i = 0; i < 300; ++i) open.insert(alice.send_text(bob.id(), std::to_string(i), "c" + std::to_string(i)));
  const auto first = alice.wire().next();
  ASSERT_TRUE(first);
  ending end;
  std::thread stopping([&] { end = node("edge-1").terminate(); });
  alice.wire().closed_within(milliseconds(20000));
  stopping.join();
  dead_.insert("edge-1");
  EXPECT_EQ(end.code, 0);
  alice.wire().inbox().push_front(*first);
  std::uint32_t acked = 0;
  for (const auto& pdu : alice.wire().inbox()) {
    const auto about = chat_client::read_verdict(pdu);
    if (about && about->acked()) acked = std::max(acked, about->msg_id);
  }
  EXPECT_GT(acked, 0u);
  alice.log_in(node("edge-2").pdu_port(), "alice");
  EXPECT_EQ(alice.latest(bob.id()), acked) << "what was executed was answered";
}

TEST_F(draining, ends_at_once_where_there_is_nowhere_to_go) {
  start({.name = "logic", .plugins = login_and_message});
  start({.name = "edge-1", .clients = true});
  ASSERT_TRUE(linked("edge-1", "logic"));
  auto alice = user("alice", "edge-1");
  EXPECT_EQ(node("edge-1").terminate().code, 0);
  dead_.insert("edge-1");
  EXPECT_TRUE(alice.wire().closed_within(answer_time));
  EXPECT_TRUE(alice.wire().inbox().empty());
}

}  // namespace
}  // namespace parley::test

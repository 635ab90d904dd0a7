// Nodes of different builds in one cluster.
#include "cluster/fixture.hpp"
#include "cluster/later_builds.hpp"
#include "node/stored.hpp"

namespace parley::test {
namespace {

struct versions : clustered {};

TEST_F(versions, of_later_builds_are_understood_by_both_ends_of_a_link) {
  start({.name = "logic", .plugins = login_and_message + "  - route\n", .link = ", advertise: 127.0.0.2"});
  const auto address = row("logic", "logic").at("address").get<std::string>();
  const auto port = static_cast<std::uint16_t>(std::stoul(address.substr(address.find(':') + 1)));
  later_builds between("127.0.0.2", "127.0.0.1", port);
  start({.name = "edge", .clients = true});
  ASSERT_TRUE(linked("edge", "logic"));
  auto alice = user("alice", "edge"), bob = user("bob", "edge");
  const auto came = alice.wire().next_of(0x0203);
  ASSERT_TRUE(came);
  EXPECT_EQ(read<IM::Buddy::IMUserStatNotify>(*came).user_stat().user_id(), bob.id());
  texts said;
  for (int i = 0; i < 50; ++i) {
    const auto text = "number " + std::to_string(i);
    const auto sent = alice.say(bob.id(), text, "c" + std::to_string(i));
    ASSERT_TRUE(sent.acked()) << i;
    said[sent.msg_id] = text;
    const auto got = bob.wire().next_of(0x0301);
    ASSERT_TRUE(got) << i;
    EXPECT_EQ(bob.decrypt(read<IM::Message::IMMsgData>(*got).msg_data()), text);
  }
  expect_stored(bob, alice.id(), said);
  auto again = user("alice", "edge");
  EXPECT_TRUE(alice.wire().next_of(0x0107)) << "kicked by the other build";
  EXPECT_TRUE(alice.wire().closed_within(answer_time));
  bob.wire().close();
  const auto went = again.wire().next_of(0x0203);
  ASSERT_TRUE(went);
  EXPECT_EQ(read<IM::Buddy::IMUserStatNotify>(*went).user_stat().status(), IM::BaseDefine::USER_STATUS_OFFLINE);
  EXPECT_GT(between.changed(), 200u);
  for (const auto* name : {"edge", "logic"}) {
    EXPECT_EQ(count(name, "parley_cluster_broken"), 0) << name;
    EXPECT_EQ(row(name, name == std::string("edge") ? "logic" : "edge").at("links"), 1) << name << " lost its link";
    EXPECT_EQ(degraded(name), "");
  }
}

}  // namespace
}  // namespace parley::test

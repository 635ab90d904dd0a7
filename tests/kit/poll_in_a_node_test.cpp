// tests/third_party/poll, built out of tree, in an installed node beside Parley's own plugins, through real PDUs.
#include <signal.h>

#include "poll_node.hpp"

namespace parley::test {
namespace {

TEST_F(poll_in_a_node, is_asked_voted_on_and_kept) {
  auto ada = user("ada"), ben = user("ben");
  const auto asked = ask(ada, ben.id());
  const auto opened = ben.wire().next_of(0x8102);
  ASSERT_TRUE(opened);
  EXPECT_EQ(read<pb::Poll>(*opened).poll_id(), asked.poll_id());
  EXPECT_EQ(vote(ben, asked.poll_id(), 1).votes(1), 1u);
  const auto changed = ada.wire().next_of(0x8105);
  ASSERT_TRUE(changed);
  EXPECT_EQ(read<pb::Tally>(*changed).votes(1), 1u);

  node().restart();
  auto back = user("ada");
  EXPECT_EQ(vote(back, asked.poll_id(), 1).votes(1), 2u);
}

TEST_F(poll_in_a_node, hears_what_is_committed) {
  auto ada = user("ada"), ben = user("ben");
  const auto asked = ask(ada, ben.id());
  ASSERT_TRUE(ada.say(ben.id(), "to the sea").acked());
  ASSERT_TRUE(ben.say(ada.id(), "to the hills").acked());
  EXPECT_EQ(vote(ben, asked.poll_id(), 1).messages(), 2u);
}

TEST_F(poll_in_a_node, is_decoded_by_tap_with_the_schema_of_the_version_that_runs) {
  auto ada = user("ada"), ben = user("ben");
  const auto asked = ask(ada, ben.id());
  temp_dir scratch;
  const auto tapped = [&](const std::string& file, const std::string& words) {
    const auto output = (scratch.path() / file).string();
    process tap({{parleyctl(), "--socket", node().socket_path(), "tap"}, {}, output});
    // It may come between a request and its answer.
    const bool seen = eventually([&] {
      vote(ben, asked.poll_id(), 1);
      const auto said = read_file(output);
      return said.find(words) != std::string::npos &&
             said.find("poll_vote { poll_id: 1 option: 1 }") != std::string::npos;
    });
    EXPECT_TRUE(seen) << read_file(output);
    tap.signal(SIGTERM);
    EXPECT_TRUE(tap.ended_within(answer_time));
  };
  tapped("first", "poll_voted { poll_id: 1 votes: 0 votes: 1 open: true messages: 0 }");
  const auto answer = node().control().call("reload", {{"name", "poll"}, {"file", from_environment("POLL_PLUGIN_V2")}});
  ASSERT_TRUE(answer.ok) << answer.error;
  tapped("second", "poll_voted { poll_id: 1 votes: 0 votes: 1 open: true talk { messages: 0 } }");
}

TEST_F(poll_in_a_node, keeps_a_conversation_quiet_across_a_restart) {
  auto ada = user("ada"), ben = user("ben"), eve = user("eve");
  ASSERT_TRUE(ada.say(ben.id(), "before").acked());
  ask(ada, ben.id(), true);
  EXPECT_EQ(ben.say(ada.id(), "hush").code, 10u);
  EXPECT_TRUE(eve.say(ada.id(), "not meant").acked());
  node().restart();
  auto back = user("ben");
  EXPECT_EQ(back.say(ada.id(), "hush").code, 10u);
  EXPECT_TRUE(back.say(eve.id(), "not meant").acked());
}

}  // namespace
}  // namespace parley::test

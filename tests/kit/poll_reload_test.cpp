// poll reloaded from its first version to its second and back, while it is in use.
#include <atomic>
#include <thread>

#include "poll_node.hpp"
#include "poll_v2.pb.h"

namespace parley::test {
namespace {

namespace pb2 = poll_messages_v2;  // the second version's schema under a name of its own

struct poll_reloaded : poll_in_a_node {
  void to_version_2() {
    const auto answer =
        node().control().call("reload", {{"name", "poll"}, {"file", from_environment("POLL_PLUGIN_V2")}});
    ASSERT_TRUE(answer.ok) << answer.error;
  }
  void back() {
    const auto answer = node().control().call("rollback", {{"name", "poll"}});
    ASSERT_TRUE(answer.ok) << answer.error;
  }
  template <class Tally>
  Tally show(chat_client& from, std::uint64_t id) {
    pb::Show message;
    message.set_poll_id(id);
    return from.ask<Tally>(0x8106, message);
  }
  template <class Poll>
  Poll next_opened(chat_client& to) {
    const auto opened = to.wire().next_of(0x8102);
    if (!opened) throw failure("nobody was told of the poll");
    return read<Poll>(*opened);
  }
  pb2::Poll ask_for_an_hour(chat_client& from, std::uint32_t peer, bool quiet) {
    pb2::Ask message;
    message.set_peer(peer);
    message.set_question("And then?");
    message.add_option("home");
    message.add_option("on");
    message.set_milliseconds(3600000);
    message.set_quiet(quiet);
    return from.ask<pb2::Poll>(0x8100, message);
  }
  pb2::Tally close(chat_client& from, std::uint64_t id) {
    pb2::Close message;
    message.set_poll_id(id);
    return from.ask<pb2::Tally>(0x8108, message);
  }
};

TEST_F(poll_reloaded, to_a_version_of_another_schema_and_state_and_back) {
  auto ada = user("ada"), ben = user("ben"), eve = user("eve");
  const auto first = ask(ada, ben.id());
  ASSERT_TRUE(ada.say(ben.id(), "to the sea").acked());
  ASSERT_TRUE(ben.say(ada.id(), "to the hills").acked());
  EXPECT_EQ(vote(ben, first.poll_id(), 1).messages(), 2u);
  ask(eve, ben.id(), true);
  EXPECT_EQ(ben.say(eve.id(), "hush").code, 10u);

  to_version_2();
  auto tally = show<pb2::Tally>(ada, first.poll_id());
  EXPECT_EQ(tally.votes(1), 1u);
  EXPECT_EQ(tally.talk().messages(), 2u) << "converted from version 1";
  EXPECT_FALSE(tally.talk().has_last()) << "version 1 did not hand it over";
  EXPECT_EQ(ben.say(eve.id(), "hush").code, 10u) << "the filter knows what the former generation was asked";
  ASSERT_TRUE(ben.say(ada.id(), "or both").acked());
  tally = show<pb2::Tally>(ada, first.poll_id());
  EXPECT_EQ(tally.talk().messages(), 3u) << "it hears what is committed, once";
  EXPECT_TRUE(tally.talk().has_last());

  next_opened<pb::Poll>(ben), next_opened<pb::Poll>(ben);  // version 1's
  const auto second = ask_for_an_hour(ada, ben.id(), true);
  EXPECT_TRUE(second.quiet());
  const auto opened = next_opened<pb2::Poll>(ben);
  EXPECT_EQ(opened.poll_id(), second.poll_id());
  EXPECT_EQ(opened.ends(), second.ends());
  EXPECT_EQ(ben.say(ada.id(), "hush").code, 10u);
  const auto closed = close(ada, second.poll_id());
  EXPECT_TRUE(closed.has_open());
  EXPECT_FALSE(closed.open());
  EXPECT_TRUE(ben.say(ada.id(), "at last").acked());

  // Its state again as its own version's: with the column that version 1 had not.
  const auto last = show<pb2::Tally>(ada, first.poll_id()).talk().last();
  to_version_2();
  EXPECT_EQ(show<pb2::Tally>(ada, first.poll_id()).talk().last(), last);
}

TEST_F(poll_reloaded, and_gone_back_with) {
  auto ada = user("ada"), ben = user("ben");
  const auto first = ask(ada, ben.id());
  ASSERT_TRUE(ada.say(ben.id(), "to the sea").acked());
  to_version_2();
  EXPECT_EQ(vote(ben, first.poll_id(), 0).votes(0), 1u);
  ASSERT_TRUE(ben.say(ada.id(), "to the hills").acked());
  ask_for_an_hour(ben, ada.id(), true);

  back();
  // The newer state it cannot read: it has what it handed over, and SQL and subscriptions.
  auto tally = show<pb::Tally>(ada, first.poll_id());
  EXPECT_EQ(tally.messages(), 1u);
  EXPECT_EQ(tally.votes(0), 1u);
  EXPECT_EQ(ada.say(ben.id(), "hush").code, 10u) << "of a poll that the newer generation was asked";
  pb2::Close unknown;
  unknown.set_poll_id(first.poll_id());
  ada.wire().send(0x8108, 77, unknown.SerializeAsString());
  const auto refused = ada.wire().answer(0x0901, 77);
  ASSERT_TRUE(refused) << "version 1 has no Close";
  EXPECT_EQ(vote(ada, first.poll_id(), 0).votes(0), 2u);
  auto eve = user("eve");
  const auto with_eve = ask(eve, ada.id());
  ASSERT_TRUE(eve.say(ada.id(), "hello").acked());
  EXPECT_EQ(show<pb::Tally>(eve, with_eve.poll_id()).messages(), 1u);
}

TEST_F(poll_reloaded, while_votes_come_in) {
  auto ada = user("ada"), ben = user("ben");
  const auto asked = ask(ada, ben.id());
  std::atomic<bool> stop = false;
  std::atomic<int> counted = 0;
  std::string trouble;
  std::thread voting([&] {
    try {
      // As an old client reads it: the fields both versions have.
      for (std::uint32_t option = 0; !stop; option = 1 - option) {
        const auto tally = vote(ben, asked.poll_id(), option);
        if (tally.votes(static_cast<int>(option)) != 1 || tally.votes(static_cast<int>(1 - option)) != 0)
          trouble = "a vote was not counted as it was cast";
        ++counted;
      }
    } catch (const std::exception& e) {
      trouble = e.what();
    }
  });
  const auto some_more = [&] {
    const int so_far = counted;
    EXPECT_TRUE(eventually([&] { return counted > so_far + 5; })) << "no votes are counted";
  };
  for (int i = 0; i < 3; ++i) {
    some_more();
    to_version_2();
    some_more();
    back();
  }
  some_more();
  stop = true;
  voting.join();
  EXPECT_EQ(trouble, "");
  EXPECT_TRUE(eventually([&] {
    const auto now = node().ask("reloads");
    return now.at("retired") == 3 && now.at("unmapped") == 3 && now.at("leaving") == 0;
  })) << node().ask("reloads").dump(2);
}

}  // namespace
}  // namespace parley::test

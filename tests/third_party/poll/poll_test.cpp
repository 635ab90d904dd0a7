// The module in a real host inside this process, on a clock that stands still.
#include <gtest/gtest.h>

#include <parley/testing.hpp>

#include "IM.Message.pb.h"
#include "events/message.pb.h"
#include "poll.pb.h"

namespace {

namespace pb = poll_messages;
using namespace std::chrono_literals;
using parley::testing::core;
using parley::testing::session;

struct polls : testing::Test {
  static parley::testing::options with_poll() {
    parley::testing::options o;
    o.plugins = {{"poll", PARLEY_PLUGIN_FILE}};
    o.events = {"message.committed"};
    return o;
  }
  explicit polls(const parley::testing::options& how = with_poll()) : host(how) {}

  pb::Poll ask(std::uint32_t seconds = 60, bool quiet = false) {
    pb::Ask message;
    message.set_peer(2);
    message.set_question("Where to?");
    message.add_option("sea");
    message.add_option("hills");
    message.set_seconds(seconds);
    message.set_quiet(quiet);
    const auto asked = ada.ask<pb::Poll>(0x8100, message, 0x8101);
    EXPECT_EQ(ada.expect<pb::Poll>(0x8102).poll_id(), asked.poll_id());
    EXPECT_EQ(ben.expect<pb::Poll>(0x8102).question(), "Where to?");
    return asked;
  }
  static pb::Vote vote(std::uint64_t id, std::uint32_t option) {
    pb::Vote message;
    message.set_poll_id(id);
    message.set_option(option);
    return message;
  }

  core host;
  session ada = host.connect_as(1), ben = host.connect_as(2), eve = host.connect_as(3);
};

TEST_F(polls, count_one_vote_of_each_and_tell_both) {
  const auto asked = ask();
  EXPECT_EQ(asked.ends(), host.unix_ms() / 1000 + 60);
  EXPECT_EQ(ben.ask<pb::Tally>(0x8103, vote(asked.poll_id(), 1), 0x8104).votes(1), 1u);
  EXPECT_EQ(ada.expect<pb::Tally>(0x8105).votes(1), 1u);
  ben.expect(0x8105);
  const auto changed = ben.ask<pb::Tally>(0x8103, vote(asked.poll_id(), 0), 0x8104);
  EXPECT_EQ(changed.votes(0), 1u);
  EXPECT_EQ(changed.votes(1), 0u);
  eve.expect_nothing();
}

TEST_F(polls, are_for_their_two_only) {
  const auto asked = ask();
  eve.send(0x8103, vote(asked.poll_id(), 0));
  EXPECT_EQ(eve.expect_refusal().code, static_cast<std::uint32_t>(PARLEY_NO_TARGET));
  ben.send(0x8103, vote(asked.poll_id(), 2));
  EXPECT_EQ(ben.expect_refusal().code, static_cast<std::uint32_t>(PARLEY_MALFORMED));
}

TEST_F(polls, end_when_their_time_is_over) {
  const auto asked = ask(3600);
  host.advance(3599s);
  ben.close();  // it was silent for an hour, and the host has closed it anyway
  auto again = host.connect_as(2);
  EXPECT_TRUE(again.ask<pb::Tally>(0x8103, vote(asked.poll_id(), 0), 0x8104).open());
  again.expect(0x8105);
  host.advance(1s);
  again.send(0x8103, vote(asked.poll_id(), 1));
  EXPECT_EQ(again.expect_refusal().text, "this poll has ended");
  pb::Show show;
  show.set_poll_id(asked.poll_id());
  const auto tally = again.ask<pb::Tally>(0x8106, show, 0x8107);
  EXPECT_FALSE(tally.open());
  EXPECT_EQ(tally.votes(0), 1u);
}

TEST_F(polls, count_the_messages_of_their_conversation) {
  const auto asked = ask();
  parley::events::MessageCommitted event;
  event.set_kind(1);
  event.set_a(1);
  event.set_b(2);
  event.set_count(3);
  host.publish("message.committed", event);
  event.set_b(3);
  host.publish("message.committed", event);
  pb::Show show;
  show.set_poll_id(asked.poll_id());
  EXPECT_EQ(ada.ask<pb::Tally>(0x8106, show, 0x8107).messages(), 3u);
}

/// Its filter stands before the kit's own plugin message.
struct quiet_polls : polls {
  quiet_polls() : polls(with_messages()) {
    for (const char* name : {"ada", "ben", "eve"}) {
      if (const auto added = host.verb("users add", {{"name", name}, {"password", "a secret"}}); !added)
        throw parley::testing::failure(added.text);
    }
  }
  static parley::testing::options with_messages() {
    auto o = with_poll();
    o.plugins.push_back({"login", "", {{"password_cost", "low"}}});
    o.plugins.push_back({"message", ""});
    return o;
  }
  static IM::Message::IMMsgData text_to(std::uint32_t user) {
    IM::Message::IMMsgData message;
    message.set_from_user_id(0);
    message.set_to_session_id(user);
    message.set_msg_id(0);
    message.set_create_time(0);
    message.set_msg_type(IM::BaseDefine::MSG_TYPE_SINGLE_TEXT);
    message.set_msg_data("hello");
    return message;
  }
  /// Passed on to the owner, stored, and heard.
  void expect_delivered(session& from, std::uint32_t to, session& hearer) {
    const auto seq = from.send(0x0301, text_to(to));
    EXPECT_EQ(from.expect(0x0302).seq, seq);
    EXPECT_EQ(hearer.expect<IM::Message::IMMsgData>(0x0301).msg_data(), "hello");
  }
  void expect_held_back(session& from, std::uint32_t to) {
    from.send(0x0301, text_to(to));
    const auto refused = from.expect_refusal();
    EXPECT_EQ(refused.code, static_cast<std::uint32_t>(PARLEY_REFUSED));
    EXPECT_EQ(refused.text, "a quiet poll is open");
  }
};

TEST_F(quiet_polls, keep_their_two_from_writing_until_they_end) {
  expect_delivered(ada, 2, ben);
  ask(60, true);
  expect_held_back(ada, 2);
  expect_held_back(ben, 1);
  ben.expect_nothing();
  expect_delivered(ada, 3, eve);
  expect_delivered(eve, 2, ben);
  ASSERT_TRUE(host.reload("poll"));
  expect_held_back(ada, 2);
  host.advance(59s);
  expect_held_back(ben, 1);
  host.advance(1s);
  expect_delivered(ada, 2, ben);
  expect_delivered(ben, 1, ada);
}

TEST_F(quiet_polls, let_through_what_is_no_message_for_its_owner_to_refuse) {
  ask(60, true);
  ada.send(0x0301, std::string_view("\xff\xff", 2));
  EXPECT_EQ(ada.expect_refusal().code, static_cast<std::uint32_t>(PARLEY_MALFORMED));
}

TEST_F(polls, survive_a_reload) {
  const auto asked = ask();
  const auto reloaded = host.reload("poll");
  ASSERT_TRUE(reloaded) << reloaded.text;
  EXPECT_EQ(ben.ask<pb::Tally>(0x8103, vote(asked.poll_id(), 1), 0x8104).votes(1), 1u);
}

TEST_F(polls, survive_a_restart) {
  const auto asked = ask();
  host.restart();
  auto back = host.connect_as(2);
  EXPECT_EQ(back.ask<pb::Tally>(0x8103, vote(asked.poll_id(), 1), 0x8104).votes(1), 1u);
}

}  // namespace

#include <gtest/gtest.h>

#include <parley/testing.hpp>

#include "echo.pb.h"

namespace {

using namespace std::chrono_literals;
using parley::testing::core;

parley::testing::options with_echo(std::map<std::string, std::string> config = {}) {
  parley::testing::options o;
  o.plugins = {{"echo", PARLEY_PLUGIN_FILE, std::move(config)}};
  return o;
}

pb::Echo text(const std::string& t) {
  pb::Echo message;
  message.set_text(t);
  return message;
}

TEST(echo, answers_before_login_under_the_same_seq) {
  core host(with_echo());
  auto client = host.connect();
  EXPECT_EQ(client.ask<pb::Echo>(0x8001, text("hello"), 0x8002).text(), "hello");
  EXPECT_EQ(client.ask<pb::Echo>(0x8001, text(""), 0x8002).text(), "");
  client.expect_nothing();
}

TEST(echo, puts_its_prefix_before_every_answer) {
  core host(with_echo({{"prefix", "> "}}));
  auto client = host.connect_as(7);
  EXPECT_EQ(client.ask<pb::Echo>(0x8001, text("a"), 0x8002).text(), "> a");
  EXPECT_EQ(client.ask<pb::Echo>(0x8001, text("b"), 0x8002).text(), "> b");
}

TEST(echo, answers_many_in_their_order) {
  core host(with_echo());
  auto client = host.connect();
  for (int i = 0; i < 1000; ++i) client.send(0x8001, text(std::to_string(i)));
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(client.expect<pb::Echo>(0x8002).text(), std::to_string(i));
}

TEST(echo, refuses_a_body_that_does_not_parse) {
  core host(with_echo());
  auto client = host.connect_as(7);
  const auto seq = client.send(0x8001, "\x0a\xff");
  const auto refused = client.expect_refusal();
  EXPECT_EQ(refused.command, 0x8001);
  EXPECT_EQ(refused.seq, seq);
  EXPECT_EQ(refused.code, static_cast<std::uint32_t>(PARLEY_MALFORMED));
}

TEST(echo, answers_calls) {
  core host(with_echo());
  const auto answer = host.call(0x8001, text("from another plugin"));
  EXPECT_EQ(answer.code, parley::status::ok);
  EXPECT_EQ(answer.reply.command, 0x8002);
  EXPECT_EQ(answer.reply.as<pb::Echo>().text(), "from another plugin");
  EXPECT_EQ(host.call(0x8009, "").code, parley::status::unknown_command);
}

TEST(echo, cannot_keep_a_silent_client_alive) {
  core host(with_echo());
  auto talking = host.connect_as(1), silent = host.connect_as(2), stranger = host.connect();
  const auto began = host.now_ms();
  for (int minute = 0; minute < 10; ++minute) {
    host.advance(1min);
    EXPECT_EQ(talking.ask<pb::Echo>(0x8001, text("still here"), 0x8002).text(), "still here");
  }
  EXPECT_EQ(host.now_ms() - began, 600'000u);
  EXPECT_TRUE(talking.open());
  silent.expect_closed("idle");
  stranger.expect_closed("no login");
  EXPECT_EQ(host.events("session.opened").size(), 2u);
  EXPECT_EQ(host.events("session.closed").size(), 1u);
}

}  // namespace

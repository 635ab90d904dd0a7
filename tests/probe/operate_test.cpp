// parley.operate/1: a plugin runs verbs of the host and of others.
#include <gtest/gtest.h>

#include <parley/testing.hpp>

#include <thread>

#include "probe.pb.h"

namespace {

using parley::testing::core;
using namespace std::chrono_literals;

class operate : public testing::Test {
 protected:
  void start(std::vector<std::string> may_operate) {
    parley::testing::options o;
    o.plugins = {{"echo", ""}, {"slow", SLOW_PLUGIN}, {"probe", PARLEY_PLUGIN_FILE}};
    o.plugins.back().may_operate = std::move(may_operate);
    o.log_level = "error";
    host_.emplace(o);
    ada_.emplace(host_->connect_as(1));
  }
  void send(const std::string& verb_and_args, std::uint32_t deadline_ms = 0) {
    probe::Ask ask;
    ask.set_what("operate");
    ask.set_text(verb_and_args);
    ask.set_number(deadline_ms);
    ada_->send(0x8110, ask);
    host_->settle();
  }
  std::string answered() { return ada_->expect<probe::Answer>(0x8111).text(); }
  std::string run(const std::string& verb_and_args) {
    send(verb_and_args);
    return answered();
  }
  std::size_t pins(const std::string& plugin) {
    const auto text = host_->verb("plugins", {{"name", plugin}}).text;
    return text.find("\"verb\":1") != text.npos;
  }

  std::optional<core> host_;
  std::optional<parley::testing::session> ada_;
};

TEST_F(operate, a_granted_plugin_runs_verbs_of_the_host_and_of_others) {
  start({"all"});
  EXPECT_NE(run("status").find("\"state\":\"ready\""), std::string::npos);
  send(R"(slow wait{"ms":"20"})");
  ada_->expect_nothing();
  EXPECT_EQ(pins("slow"), 1u);
  host_->advance(20ms);
  EXPECT_EQ(answered(), R"({"waited":20})");
  host_->settle();
  EXPECT_EQ(pins("slow"), 0u);
  EXPECT_EQ(run(R"(slow wait{"ms":0})"), R"({"waited":0})") << "a number will do for its text";
}

TEST_F(operate, only_first_words_that_were_granted) {
  start({"slow"});
  EXPECT_EQ(run(R"(slow wait{"ms":"0"})"), R"({"waited":0})");
  for (const std::string verb : {"status", "plugins", "slo", "slower", "", "SLOW wait", "kick"}) {
    EXPECT_EQ(run(verb).substr(0, 11), "not allowed") << verb;
  }
}

TEST_F(operate, nothing_is_granted_unless_the_manifest_says_so) {
  start({});
  EXPECT_EQ(run("status"), "not allowed: the manifest's may_operate does not grant this plugin status");
}

TEST_F(operate, what_is_wrong_is_told_in_a_sentence) {
  start({"all"});
  EXPECT_EQ(run("slow wiat{}"), "unknown command: there is no verb \"slow wiat\"; did you mean \"slow wait\"?");
  EXPECT_EQ(run("slow wait"), "malformed: slow wait needs ms: how long");
  EXPECT_EQ(run(R"(slow wait{"ms":"5","loud":"yes"})"), "malformed: slow wait has no argument loud");
  EXPECT_EQ(run(R"(slow wait{"ms":["5"]})"), "malformed: slow wait: ms has to be a text");
  EXPECT_EQ(run(R"(slow wait{"ms":"x"})"), "malformed: slow wait: ms has to be a number");
  EXPECT_EQ(run(R"(slow wait{"ms":)"), "malformed: slow wait: the arguments have to be a JSON object");
  EXPECT_EQ(run("kick{}").substr(0, 10), "malformed:");
  EXPECT_EQ(run("plugins{\"name\":\"nobody\"}").substr(0, 15), "no such target:");
  EXPECT_EQ(run("tap").substr(0, 16), "unknown command:") << "it has no end";
}

TEST_F(operate, a_verb_that_throws_or_answers_twice_is_answered_once) {
  start({"all"});
  EXPECT_EQ(run("slow throw").substr(0, 6), "fault:");
  EXPECT_EQ(run("slow twice"), "\"first\"");
  ada_->expect_nothing();
  EXPECT_EQ(run("status").front(), '{');
}

TEST_F(operate, a_deadline_ends_the_wait_and_not_the_verb) {
  start({"all"});
  send(R"(slow wait{"ms":"200"})", 50);
  host_->advance(49ms);
  ada_->expect_nothing();
  host_->advance(1ms);
  EXPECT_EQ(answered(), "timeout: the verb did not end in time; it may still be at work");
  host_->advance(1s);
  ada_->expect_nothing();
  EXPECT_EQ(pins("slow"), 0u);
}

TEST_F(operate, its_owner_is_replaced_while_it_works_and_answers_all_the_same) {
  start({"all"});
  send(R"(slow wait{"ms":"50"})");
  ASSERT_TRUE(host_->reload("slow"));
  ada_->expect_nothing();
  host_->advance(50ms);
  EXPECT_EQ(answered(), R"({"waited":50})");
  EXPECT_EQ(run(R"(slow wait{"ms":"0"})"), R"({"waited":0})");
}

TEST_F(operate, an_owner_that_takes_too_long_to_go_cancels_it) {
  start({"all"});
  send(R"(slow wait{"ms":"3600000"})", 3'000'000);
  ASSERT_TRUE(host_->reload("slow"));
  host_->advance(2min);
  EXPECT_EQ(answered().substr(0, 10), "cancelled:");
  EXPECT_EQ(host_->verb("plugins").text.find("lingering"), std::string::npos);
}

TEST_F(operate, its_caller_is_replaced_while_it_waits_and_is_answered_all_the_same) {
  start({"all"});
  send(R"(slow wait{"ms":"50"})");
  ASSERT_TRUE(host_->reload("probe"));
  host_->advance(50ms);
  EXPECT_EQ(answered(), R"({"waited":50})");
  host_->advance(1min);
  EXPECT_EQ(host_->verb("plugins", {{"name", "probe"}}).text.find("\"generation\":1,"), std::string::npos);
}

TEST_F(operate, a_caller_that_takes_too_long_to_go_is_told_so) {
  start({"all"});
  send(R"(slow wait{"ms":"3600000"})", 3'000'000);
  ASSERT_TRUE(host_->reload("probe"));
  host_->advance(2min);
  EXPECT_EQ(answered(), "cancelled: the plugin that asked is being replaced");
  const auto left = host_->verb("plugins", {{"name", "probe"}}).text;
  EXPECT_EQ(left.find("\"generation\":1,"), std::string::npos) << left;
  host_->advance(1h);
  ada_->expect_nothing();
}

TEST_F(operate, a_plugin_may_replace_itself) {
  start({"all"});
  const auto said = [&] {
    send(R"(reload{"name":"probe"})");
    const auto replaced = [&] {
      return host_->verb("plugins", {{"name", "probe"}}).text.find("\"generation\":2,") != std::string::npos;
    };
    // A thread beside the loop prepares it.
    for (int i = 0; i < 2000 && !replaced(); ++i) {
      std::this_thread::sleep_for(5ms);
      host_->advance(1ms);
    }
    host_->settle();
    return answered();
  }();
  EXPECT_NE(said.find("\"to\":2"), std::string::npos) << said;
}

TEST_F(operate, the_log_is_there_to_be_read) {
  start({"all"});
  run("no such verb");
  EXPECT_FALSE(host_->verb("log", {{"level", "loud"}}));
  EXPECT_FALSE(host_->verb("log", {{"after", "x"}}));
  const auto all = host_->verb("log").text;
  EXPECT_EQ(all.substr(0, 8), "{\"next\":") << all;
  EXPECT_EQ(host_->verb("log", {{"limit", "0"}}).text.find("\"n\":"), std::string::npos);
}

}  // namespace

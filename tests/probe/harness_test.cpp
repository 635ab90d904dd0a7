// parley/testing itself, where the plugins' own tests do not use it: life cycle, control verbs, HTTP.
#include <gtest/gtest.h>

#include <parley/testing.hpp>

#include "probe.pb.h"

namespace {

using parley::status;
using parley::testing::core;
using parley::testing::failure;
using namespace std::chrono_literals;

parley::testing::options with_probe() {
  parley::testing::options o;
  o.plugins = {{"echo", ""}, {"probe", PARLEY_PLUGIN_FILE}};
  return o;
}

TEST(harness, reloads_without_virtual_time_and_keeps_sessions) {
  core host(with_probe());
  auto ada = host.connect_as(1);
  const auto before = host.now_ms();
  const auto reloaded = host.reload("probe");
  ASSERT_TRUE(reloaded) << reloaded.text;
  EXPECT_NE(reloaded.text.find("\"to\":2"), std::string::npos) << reloaded.text;
  EXPECT_EQ(host.now_ms(), before);
  EXPECT_TRUE(ada.open());
  EXPECT_TRUE(host.reload("probe", PARLEY_PLUGIN_FILE));
  EXPECT_EQ(host.get("/probe/late?x").body, "late x");
  host.advance(30s);  // probation and farewell
  EXPECT_EQ(host.verb("plugins").text.find("\"generation\":2"), std::string::npos);
#ifndef PARLEY_SANITIZED  // it unmaps nothing, and a second start in this process would load the same names
  host.restart();
  EXPECT_EQ(host.get("/probe/late?y").body, "late y");
#endif
}

TEST(harness, settles_what_a_replaced_generation_still_works_on) {
  core host(with_probe());
  auto ada = host.connect_as(1);
  probe::Ask work;
  work.set_what("work");
  work.set_text("abc");
  work.set_number(50);
  ada.send(0x8110, work);
  ASSERT_TRUE(host.reload("probe"));
  ada.expect_nothing();
  host.advance(50ms);
  EXPECT_EQ(ada.expect<probe::Answer>(0x8111).text(), "cba");
}

TEST(harness, tells_why_a_reload_was_refused) {
  core host(with_probe());
  const auto no_plugin = host.reload("nobody");
  EXPECT_EQ(no_plugin.code, status::no_target);
  EXPECT_NE(no_plugin.text.find("nobody"), std::string::npos) << no_plugin.text;
  const auto no_file = host.reload("probe", host.data() + "/none.so");
  EXPECT_FALSE(no_file);
  EXPECT_NE(no_file.text.find("none.so"), std::string::npos) << no_file.text;
  EXPECT_EQ(host.get("/probe/late?z").body, "late z");
}

TEST(harness, runs_verbs_of_plugins_in_virtual_time) {
  core host(with_probe());
  const auto begun = host.now_ms();
  const auto done = host.verb("probe slowly", {{"name", "ada"}, {"loud", "true"}});
  EXPECT_EQ(done.code, status::ok);
  EXPECT_EQ(done.text, R"({"name":"ada","loud":true})");
  EXPECT_EQ(done.progress, std::vector<std::string>{"half way"});
  EXPECT_EQ(host.now_ms() - begun, 20u);
  EXPECT_THROW(host.verb("probe slowly", {{"name", "ada"}}, 19ms), failure);
  EXPECT_TRUE(host.reload("probe")) << "whatever waits in the old one";
  host.advance(1ms);  // its end
}

TEST(harness, gives_a_verbs_error) {
  core host(with_probe());
  EXPECT_TRUE(host.verb("status"));
  const auto unknown = host.verb("statsu");
  EXPECT_EQ(unknown.code, status::unknown_command);
  EXPECT_NE(unknown.text.find("did you mean"), std::string::npos) << unknown.text;
  EXPECT_EQ(host.verb("probe slowly").code, status::malformed);
}

TEST(harness, requests_routes_in_virtual_time) {
  core host(with_probe());
  const auto begun = host.now_ms();
  const auto late = host.get("/probe/late?here");
  EXPECT_EQ(late.code, 200u);
  EXPECT_EQ(late.body, "late here");
  EXPECT_EQ(late.header("content-type"), "text/plain");
  EXPECT_EQ(host.now_ms() - begun, 20u);
  EXPECT_EQ(host.get("/healthz").body, "alive\n");
  EXPECT_EQ(host.get("/nowhere").code, 404u);
  EXPECT_EQ(host.request("POST", "/probe/late", {{"X-Test", "1"}}, "body").code, 405u);
  EXPECT_THROW(host.request("GET", "/probe/late", {}, {}, 19ms), failure);
  host.advance(1ms);  // its end
}

}  // namespace

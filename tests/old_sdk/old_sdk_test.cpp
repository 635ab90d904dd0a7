#include <gtest/gtest.h>

#include <parley/testing.hpp>

namespace {

using parley::testing::core;

parley::testing::options with_old_plugin() {
  parley::testing::options o;
  o.plugins = {{"old_plugin", PARLEY_PLUGIN_FILE}};
  return o;
}

TEST(a_plugin_of_abi_1_0, loads_and_serves) {
  static_assert(PARLEY_ABI_MAJOR == 1 && PARLEY_ABI_MINOR > 0, "today's host is newer than the plugin");
  core host(with_old_plugin());
  auto client = host.connect();
  client.send(0x8050, "hello");
  EXPECT_EQ(client.expect(0x8051).body, "0:hello");
}

TEST(a_plugin_of_abi_1_0, hears_events_though_subscriptions_have_grown) {
  core host(with_old_plugin());
  auto first = host.connect_as(1);
  host.connect_as(2);
  first.send(0x8050, "");
  EXPECT_EQ(first.expect(0x8051).body, "2:");
}

TEST(a_plugin_of_abi_1_0, is_refused_requests_that_are_too_large) {
  core host(with_old_plugin());
  auto client = host.connect_as(1);
  client.send(0x8050, std::string(300, 'x'));
  EXPECT_EQ(client.expect_refusal().code, static_cast<std::uint32_t>(PARLEY_TOO_LARGE));
}

}  // namespace

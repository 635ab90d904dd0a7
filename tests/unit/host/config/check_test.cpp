#include "host/config/check.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

class check : public testing::Test {
 protected:
  check() {
    config.file = "m.yaml";
    config.sql.push_back({{}, "main", "sqlite://x"});
    config.caches.push_back({{}, "cache"});
  }

  plugin_info& add(const std::string& name) {
    plugin_config plugin;
    plugin.at = {"m.yaml", static_cast<int>(config.plugins.size()) + 10, 5};
    plugin.name = name;
    config.plugins.push_back(plugin);
    plugin_info& info = infos.emplace_back();
    info.name = name;
    info.file = name + ".so";
    return info;
  }

  std::vector<std::string> errors() const {
    std::vector<std::string> lines;
    for (const diagnostic& e : check_plugins(config, infos)) lines.push_back(e.to_string());
    return lines;
  }

  /// The only error; else how many there are.
  std::string error() const {
    const auto lines = errors();
    return lines.size() == 1 ? lines[0] : std::to_string(lines.size()) + " errors";
  }

  manifest config;
  std::vector<plugin_info> infos;
};

bool says(const std::string& line, const std::string& words) {
  return line.find(words) != std::string::npos;
}

TEST_F(check, is_content_with_plugins_that_fit) {
  infos.reserve(2);
  plugin_info& a = add("a");
  a.commands = {{0x8001, PARLEY_OPEN, "x"}};
  a.pools = {{"main", "sql"}, {"cache", "cache"}};
  a.lanes = {{"l", "main", 10, 10}};
  a.migrations = {{1, "one", "main", "s"}, {2, "two", "main", "s"}};
  a.interfaces = host_interfaces();
  a.subscriptions = {"session.opened", "b.changed"};
  add("b").events = {"b.changed"};
  EXPECT_EQ(errors(), std::vector<std::string>{});
}

TEST_F(check, names_both_claimants_of_a_command) {
  add("a").commands = {{0x8001, PARLEY_OPEN, "x"}};
  add("b").commands = {{0x8001, PARLEY_OPEN, "y"}};
  EXPECT_EQ(error(),
            "m.yaml:11:5: plugin b claims command 0x8001, which plugin a (line 10) already has: one owner each; "
            "remove one of the plugins, or give it another id");
}

TEST_F(check, names_both_claimants_of_a_route_and_a_verb) {
  add("a");
  infos[0].routes = {{"GET", "/x", PARLEY_ROUTE_EXACT, 0}, {"GET", "/y", PARLEY_ROUTE_EXACT, 0}};
  infos[0].verbs = {{"users add", "", {}}};
  add("b");
  infos[1].routes = {{"GET", "/x", PARLEY_ROUTE_EXACT, 0},
                     {"POST", "/y", PARLEY_ROUTE_EXACT, 0},
                     {"GET", "/y", PARLEY_ROUTE_PREFIX, 0}};
  infos[1].verbs = {{"users add", "", {}}};
  const auto lines = errors();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_TRUE(says(lines[0], "claims HTTP GET /x, which plugin a (line 10)"));
  EXPECT_TRUE(says(lines[1], "claims the verb \"users add\", which plugin a (line 10)"));
}

TEST_F(check, sees_that_every_method_is_also_this_one) {
  add("a").routes = {{"GET", "/x", PARLEY_ROUTE_EXACT, 0}};
  add("b").routes = {{"*", "/x", PARLEY_ROUTE_EXACT, 0}};
  EXPECT_TRUE(says(error(), "plugin b claims every HTTP method of /x, plugin a claims GET"));
}

TEST_F(check, keeps_the_hosts_own_for_the_host) {
  config.listeners.emplace_back().name = "clients";
  config.listeners[0].heartbeat = 0x0701;
  add("a").commands = {{0x0701, PARLEY_OPEN, ""}, {0x0901, PARLEY_OPEN, ""}, {0x0902, PARLEY_OPEN, ""}};
  infos[0].routes = {{"GET", "/metrics", PARLEY_ROUTE_EXACT, 0}};
  infos[0].verbs = {{"status", "", {}}};
  const auto lines = errors();
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_TRUE(says(lines[0], "which is the host's (the heartbeat of listener clients)"));
}

TEST_F(check, compares_the_names_of_manifest_and_descriptor) {
  add("a").name = "b";
  EXPECT_TRUE(says(error(), "the plugin is called \"a\" here, but a.so calls itself \"b\""));
}

TEST_F(check, sees_one_plugin_under_two_names) {
  add("a");
  add("b").name = "a";
  EXPECT_TRUE(says(errors().at(0), "is the plugin \"a\", which line 10 already names"));
}

TEST_F(check, misses_interfaces_with_the_one_that_may_be_meant) {
  add("a").interfaces = {"parley.sesion/1"};
  EXPECT_TRUE(says(
      error(),
      "needs the interface \"parley.sesion/1\", which this host does not have: did you mean \"parley.session/1\"?"));
}

TEST_F(check, knows_fourteen_interfaces) {
  EXPECT_EQ(host_interfaces().size(), 15u);
}

TEST_F(check, misses_pools) {
  add("a").pools = {{"files", "sql"}};
  EXPECT_EQ(error(),
            "m.yaml:10:5: plugin a needs a pool \"files\" of kind sql, and pools: has none of that name: add it, "
            "or map it in the plugin's own pools: (of that kind: main)");
  config.plugins[0].pools["files"] = "main";
  config.plugins[0].pool_marks["files"] = {"m.yaml", 12, 9};
  EXPECT_EQ(error(), "0 errors");
  config.plugins[0].pools["files"] = "cache";
  EXPECT_EQ(error().substr(0, 14), "m.yaml:12:9: p");
  config.plugins[0].pools.clear();
  config.plugins[0].pool_marks.clear();
  config.unread_pools = {"files"};
  EXPECT_EQ(error(), "0 errors");
}

TEST_F(check, refuses_a_mapping_that_nobody_uses) {
  add("a").pools = {{"main", "sql"}};
  config.plugins[0].pools["mian"] = "main";
  config.plugins[0].pool_marks["mian"] = {"m.yaml", 12, 9};
  EXPECT_TRUE(says(error(), "m.yaml:12:9: plugin a uses no pool called \"mian\": did you mean \"main\"?"));
}

TEST_F(check, wants_lanes_and_migrations_on_sql_pools_that_are_asked_for) {
  add("a").pools = {{"cache", "cache"}};
  infos[0].lanes = {{"l", "main", 1, 1}};
  infos[0].migrations = {{1, "one", "cache", "s"}};
  const auto lines = errors();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_TRUE(says(lines[0], "migration 1 runs on the pool \"cache\" of kind cache: expected kind sql"));
  EXPECT_TRUE(says(lines[1], "lane l runs on the pool \"main\", which its descriptor does not ask for"));
}

TEST_F(check, wants_migrations_without_gaps) {
  add("a").pools = {{"main", "sql"}};
  infos[0].migrations = {{1, "one", "main", "s"}, {3, "three", "main", "s"}, {4, "four", "main", "s"}};
  EXPECT_TRUE(says(error(), "expected migration 2, found 3 (three)"));
  infos[0].migrations = {{1, "one", "main", "s"}, {1, "again", "main", "s"}};
  EXPECT_TRUE(says(error(), "expected migration 2, found 1 (again)"));
}

TEST_F(check, misses_the_publisher_of_an_event) {
  add("a").subscriptions = {"message.comitted"};
  add("b").events = {"message.committed"};
  EXPECT_TRUE(says(error(),
                   "listens for \"message.comitted\", which nobody here publishes: add the plugin that does; did you "
                   "mean \"message.committed\"?"));
}

TEST_F(check, misses_who_serves_the_commands_that_listeners_name) {
  listener_config& l = config.listeners.emplace_back();
  l.name = "clients";
  l.heartbeat = 0x0701;
  l.commands = {{0x0700, 0x07FF}, {0x8000, 0x80FF}, {0x0301, 0x0301}};
  l.command_marks = {{"m.yaml", 3, 1}, {"m.yaml", 4, 1}, {"m.yaml", 5, 1}};
  l.rates = {{0x8001, 5, {"m.yaml", 6, 1}}, {0x0302, 5, {"m.yaml", 7, 1}}};
  add("a").commands = {{0x8001, PARLEY_OPEN, ""}};
  const auto lines = errors();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_TRUE(says(lines[0], "m.yaml:5:1: listener clients lets 0x0301 in"));
  EXPECT_TRUE(says(lines[1], "m.yaml:7:1: listener clients: a rate for 0x0302"));
}

TEST_F(check, does_not_miss_what_an_unreadable_plugin_may_have) {
  config.listeners.emplace_back().rates = {{0x0301, 5, {}}};
  add("a").subscriptions = {"x.y"};
  add("message").name.clear();
  EXPECT_EQ(error(), "0 errors");
}

}  // namespace
}  // namespace parley::host

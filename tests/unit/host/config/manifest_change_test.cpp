#include "host/config/manifest_change.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

using plugin_names = std::vector<std::string>;

class a_manifest_change : public testing::Test {
 protected:
  a_manifest_change() {
    now.file = "m.yaml";
    now.sql.push_back({{}, "main", "sqlite://x"});
    for (const auto* name : {"echo", "login", "route"}) {
      now.plugins.emplace_back();
      now.plugins.back().name = name;
    }
    now.listeners.resize(2);
    now.listeners[0].name = "chat";
    now.listeners[0].rates.push_back({0x0301, 5});
    now.listeners[1].name = "web";
    now.listeners[1].kind = listener_kind::http;
    wanted = now;
  }
  manifest_change change() const { return compare(now, wanted); }
  /// The one reason for which nothing can be applied.
  std::string restart() const {
    const auto all = change().needs_restart;
    return all.size() == 1 ? all[0].to_string() : std::to_string(all.size()) + " reasons";
  }
  void expect_restart(const std::string& what) const {
    EXPECT_NE(restart().find(what + " has changed"), std::string::npos) << restart();
  }

  manifest now;
  manifest wanted;
};

TEST_F(a_manifest_change, is_none_when_only_marks_differ) {
  wanted.plugins[0].at = {"m.yaml", 7, 1};
  now.plugins[0].config["prefix"] = {{"m.yaml", 3, 1}, "oh", {}};
  wanted.plugins[0].config["prefix"] = {{"m.yaml", 8, 1}, "oh", {}};
  wanted.listeners[0].rates[0].at = {"m.yaml", 9, 1};
  EXPECT_TRUE(change().none());
  EXPECT_TRUE(change().needs_restart.empty());
  EXPECT_EQ(change().to_string(), "nothing");
}

TEST_F(a_manifest_change, makes_whose_settings_differ) {
  wanted.plugins[0].config["prefix"] = {{}, "oh", {}};
  wanted.plugins[1].file = "other.so";
  wanted.plugins[2].may_act_for_anyone = true;
  EXPECT_EQ(change().make, (plugin_names{"echo", "login", "route"}));
  wanted = now;
  wanted.plugins[0].pools["sql"] = "main";
  wanted.plugins[1].may_act_for.push_back(7);
  EXPECT_EQ(change().make, (plugin_names{"echo", "login"}));
  EXPECT_TRUE(change().gone.empty());
  EXPECT_FALSE(change().order);
}

TEST_F(a_manifest_change, adds_and_removes_without_another_order) {
  wanted.plugins[1].name = "buddy";
  EXPECT_EQ(change().make, plugin_names{"buddy"});
  EXPECT_EQ(change().gone, plugin_names{"login"});
  EXPECT_FALSE(change().order);
  EXPECT_EQ(change().to_string(), "make buddy; remove login");
}

TEST_F(a_manifest_change, knows_another_order_of_who_stays) {
  std::swap(wanted.plugins[0], wanted.plugins[2]);
  EXPECT_TRUE(change().order);
  EXPECT_TRUE(change().make.empty());
  EXPECT_FALSE(change().none());
  EXPECT_EQ(change().to_string(), "the plugins' order");
}

TEST_F(a_manifest_change, takes_limits_of_listeners) {
  wanted.listeners[0].rates[0].per_second = 9;
  wanted.listeners[0].max_in_flight += 1;
  EXPECT_TRUE(change().limits);
  EXPECT_TRUE(change().needs_restart.empty());
  wanted = now;
  wanted.listeners[1].max_headers += 1;
  EXPECT_EQ(change().to_string(), "limits");
  EXPECT_TRUE(change().needs_restart.empty());
  for (const auto key : {&listener_config::max_staged, &listener_config::max_staged_per_address,
                         &listener_config::min_free, &listener_config::min_transfer, &listener_config::max_header}) {
    wanted = now;
    wanted.listeners[1].*key += 1;
    EXPECT_EQ(change().to_string(), "limits");
  }
  wanted = now;
  wanted.listeners[1].port = 8000;
  expect_restart("listener web (name, kind, bind, port or backlog)");
}

TEST_F(a_manifest_change, takes_other_certificates_and_origins_but_not_tls_itself) {
  now.listeners[0].tls.certificate = "a.pem";
  wanted = now;
  wanted.listeners[0].tls.certificate = "b.pem";
  EXPECT_EQ(change().to_string(), "limits");
  EXPECT_TRUE(change().needs_restart.empty());
  wanted.listeners[0].tls.certificate.clear();
  expect_restart("listener chat: whether it speaks TLS");
  wanted = now;
  wanted.listeners[1].websocket.origins.push_back("*");
  EXPECT_EQ(change().to_string(), "limits");
}

TEST_F(a_manifest_change, takes_limits_of_draining_and_reloading) {
  wanted.drain_timeout += milliseconds(1);
  EXPECT_EQ(change().to_string(), "limits");
  wanted = now;
  wanted.reload.lingering += 1;
  EXPECT_EQ(change().to_string(), "limits");
}

TEST_F(a_manifest_change, needs_a_restart_for_listeners) {
  wanted.listeners[0].port = 8000;
  expect_restart("listener chat (name, kind, bind, port or backlog)");
  wanted = now;
  wanted.listeners[0].rates[0].command = 0x0302;
  expect_restart("listener chat: which commands have a rate");
  wanted = now;
  wanted.listeners.pop_back();
  expect_restart("the number of listeners");
}

TEST_F(a_manifest_change, needs_a_restart_for_pools) {
  wanted.sql[0].queue += 1;
  expect_restart("pools.main");
  wanted = now;
  wanted.sql.clear();
  expect_restart("pools.main");
  wanted = now;
  wanted.caches.push_back({{}, "cache"});
  expect_restart("pools.cache");
}

TEST_F(a_manifest_change, needs_a_restart_for_what_a_node_is) {
  wanted.name = "other";
  expect_restart("node.name");
  wanted.data = "elsewhere";
  EXPECT_EQ(change().needs_restart.size(), 2u) << "each is told";
}

}  // namespace
}  // namespace parley::host

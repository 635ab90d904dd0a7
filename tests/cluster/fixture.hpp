// A cluster of real nodes on a Redis of its own.
#pragma once

#include <signal.h>

#include <iostream>
#include <set>

#include "node/fixture.hpp"

namespace parley::test {

/// What a node's manifest says, beside what all nodes of a test have in common.
struct node_plan {
  std::string name;
  bool clients = false;  ///< has a PDU listener
  std::string plugins;   ///< the manifest's list; empty = an edge
  std::string cluster;   ///< more keys of cluster:, ", key: value"
  std::string secret = "the secret of this cluster";
  std::string data{};  ///< empty = its own
  std::string link{};  ///< more keys of the listener for links, ", key: value"
};

inline const std::string login_and_message = "  - {name: login, config: {password_cost: low}}\n  - message\n";

class clustered : public testing::Test {
 protected:
  server& start(const node_plan& plan) {
    auto& n = nodes_[plan.name];
    n = std::make_unique<server>(options_of(plan));
    return *n;
  }
  server::options options_of(const node_plan& plan) {
    const auto file = scratch_.path() / (plan.name + ".yaml");
    std::string text = "node: {name: " + plan.name + ", data: \"${PARLEY_DATA}\"}\n" + "cluster: {redis: \"" +
                       redis_.url() + "\", secret: \"${PARLEY_CLUSTER_SECRET}\", lease: 2s" + plan.cluster +
                       "}\nlisteners:\n";
    if (plan.clients) text += "  - {name: clients, kind: pdu, port: 0, heartbeat: 0x0701}\n";
    text += "  - {name: web, kind: http, port: 0}\n  - {name: links, kind: link, port: 0" + plan.link + "}\n";
    if (!plan.plugins.empty()) {
      text +=
          "pools:\n  main: {kind: sql, url: \"${PARLEY_SQL:-sqlite://${PARLEY_DATA}/parley.db}\"}\n"
          "  cpu: {kind: workers}\n  cache: {kind: cache}\nplugins:\n" +
          plan.plugins;
    } else {
      text += "plugins: []\n";
    }
    write_file(file, text);
    server::options out;
    out.manifest = file.string();
    out.environment["PARLEY_CLUSTER_SECRET"] = plan.secret;
    out.environment["PARLEY_CACHE"] = "memory:";
    if (!sql_.empty()) out.environment["PARLEY_SQL"] = sql_;
    out.data = plan.data;
    return out;
  }
  server& node(const std::string& name) { return *nodes_.at(name); }

  json cluster(const std::string& name) { return node(name).ask("cluster"); }
  json row(const std::string& at, const std::string& of) {
    const auto all = cluster(at);
    for (const auto& r : all.at("nodes")) {
      if (r.at("name") == of) return r;
    }
    return {};
  }
  bool linked(const std::string& a, const std::string& b) {
    return eventually([&] { return is_open(a, b) && is_open(b, a); }, milliseconds(10000));
  }
  bool is_open(const std::string& at, const std::string& of) {
    const auto r = row(at, of);
    return !r.is_null() && r.at("link") == "open";
  }
  double count(const std::string& name, const std::string& series) {
    return metric(http_get(node(name).http_port(), "/metrics").body, series);
  }
  /// A user who is logged in at that node; made at `logic` the first time.
  chat_client user(const std::string& name, const std::string& at, const login_as& how = {}) {
    if (!ids_.contains(name)) ids_[name] = node("logic").add_user(name);
    chat_client out;
    out.log_in(node(at).pdu_port(), name, how);
    return out;
  }
  std::string degraded(const std::string& name) { return node(name).status().at("degraded"); }

  void TearDown() override {
    for (auto& [name, n] : nodes_) {
      if (!n) continue;
      if (!n->running()) {
        if (!dead_.contains(name)) ADD_FAILURE() << name << " is gone";
      } else if (const auto end = n->terminate(); end.code != 0) {
        ADD_FAILURE() << name << " ended with " << end.code;
      }
      if (HasFailure()) std::cerr << "---- the log of " << name << " ends with\n" << last_lines(n->log(), 25) << "\n";
    }
  }

  redis_server redis_;
  temp_dir scratch_;
  std::string sql_;
  std::map<std::string, std::unique_ptr<server>> nodes_;
  std::map<std::string, std::uint32_t> ids_;
  std::set<std::string> dead_;  // on purpose
};

}  // namespace parley::test

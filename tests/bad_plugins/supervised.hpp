// A supervised parleyd with one of the plugins that crash.
#pragma once

#include <gtest/gtest.h>
#include <poll.h>

#include "support/chat_client.hpp"
#include "support/manifest.hpp"
#include "support/server.hpp"

namespace parley::test {

/// Waits until it is so.
template <class Condition>
bool comes_true(Condition&& condition, milliseconds time = milliseconds(20000)) {
  const auto deadline = steady::now() + patience(time);
  while (!condition()) {
    if (steady::now() > deadline) return false;
    poll(nullptr, 0, 20);
  }
  return true;
}

inline std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// Beside echo and login, as people run it.
class supervised_node {
 public:
  explicit supervised_node(const std::string& plugin, bool supervised = true) {
    const auto manifest = (scratch_.path() / "manifest.yaml").string();
    write_file(manifest, small_manifest("  - echo\n  - {name: login, config: {password_cost: low}}\n  - {name: " +
                                        plugin + ", file: \"" + bad_plugin_file(plugin) + "\"}\n"));
    server::options what;
    what.manifest = manifest;
    what.supervised = supervised;
    node_ = std::make_unique<server>(what);
  }
  server* operator->() { return node_.get(); }

  /// Of the node itself, not of its supervisor.
  pid_t node_pid() { return node_->status().at("pid"); }
  /// Sends one PDU and waits until another process serves.
  void crash_by(std::uint16_t command) {
    const auto before = node_pid();
    wire_client client;
    client.connect(node_->pdu_port());
    client.send(command, 1, "x");
    ASSERT_TRUE(client.closed_within(milliseconds(10000))) << "it did not crash";
    serves_again(before);
  }
  void serves_again(pid_t before) {
    ASSERT_TRUE(comes_true([&] {
      try {
        return node_pid() != before && node_->status().at("ready").get<bool>();
      } catch (const std::exception&) {
        return false;
      }
    })) << node_->log();
    node_->wait_until_ready();  // for its new ports
  }
  /// What `parleyctl crashes` says, newest first.
  json crashes() { return parleyctl_json({"crashes"}); }
  json last_crash() { return parleyctl_json({"crashes", "last"}); }
  json plugin(const std::string& name) {
    for (const auto& p : node_->ask("plugins")) {
      if (p.at("name") == name) return p;
    }
    return {};
  }

 private:
  json parleyctl_json(const std::vector<std::string>& words) {
    std::vector<std::string> line{parleyctl(), "--json", "--socket", node_->socket_path()};
    line.insert(line.end(), words.begin(), words.end());
    const auto said = run(line);
    EXPECT_EQ(said.end.code, 0) << said.output;
    return json::parse(said.output);
  }

  temp_dir scratch_;
  std::unique_ptr<server> node_;
};

}  // namespace parley::test

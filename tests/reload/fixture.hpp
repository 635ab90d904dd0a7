#pragma once

#include <gtest/gtest.h>
#include <poll.h>

#include <iostream>
#include <memory>

#include "support/chat_client.hpp"
#include "support/manifest.hpp"
#include "support/server.hpp"

namespace parley::test {

inline std::string changing_file(const std::string& build) {
  return build_directory() + "/tests/changing/" + build + ".so";
}

/// A node with echo and the plugin `changing`, whose file a test replaces as a build would.
class reload_test : public testing::Test {
 protected:
  reload_test() {
    file_ = (scratch_.path() / "changing.so").string();
    options_.manifest = (scratch_.path() / "manifest.yaml").string();
    build("first");
    write_manifest();
  }
  void write_manifest(const std::string& prefix = "") {
    write_file(options_.manifest,
               reload_ + small_manifest("  - {name: echo, config: {prefix: \"" + prefix +
                                        "\"}}\n  - {name: changing, file: \"" + file_ + "\"}\n" + more_));
  }
  /// As a linker does: under another name, then moved.
  void build(const std::string& name) {
    std::filesystem::copy_file(changing_file(name), file_ + ".new", std::filesystem::copy_options::overwrite_existing);
    std::filesystem::rename(file_ + ".new", file_);
  }

  server& node() {
    if (!node_) node_ = std::make_unique<server>(options_);
    return *node_;
  }
  control_answer ask(const std::string& verb, const std::string& name = "changing") {
    return node().control().call(verb, {{"name", name}});
  }
  void expect_ok(const control_answer& answer) { EXPECT_TRUE(answer.ok) << answer.error; }
  wire_client& client() {
    if (!client_) {
      client_ = std::make_unique<wire_client>();
      client_->connect(node().pdu_port());
    }
    return *client_;
  }
  /// "BUILD COUNT"
  std::string count() {
    const auto seq = ++seq_;
    client().send(0x8120, seq, "");
    const auto got = client().answer(0x8129, seq);
    return got ? got->body : "-";
  }
  json reloads() { return node().ask("reloads"); }
  /// The state of each generation of `changing`, by number.
  std::map<int, std::string> states(const std::string& name = "changing") {
    std::map<int, std::string> out;
    for (const auto& g : node().ask("plugins")) {
      if (g.at("name") == name) out[g.at("generation").get<int>()] = g.at("state");
    }
    return out;
  }
  template <class Condition>
  static bool eventually(Condition&& condition, milliseconds time = answer_time) {
    const auto deadline = steady::now() + patience(time);
    while (!condition()) {
      if (steady::now() > deadline) return false;
      poll(nullptr, 0, 10);
    }
    return true;
  }
  bool everything_unmapped() {
    return eventually([this] {
      const auto now = reloads();
      return now.at("leaving") == 0 && now.at("in_probation") == 0 && now.at("retired") == now.at("unmapped") &&
             now.at("stuck").empty();
    });
  }

  void TearDown() override {
    if (!node_) return;
    if (!node_->running()) {
      ADD_FAILURE() << "the node is gone";
    } else if (const auto end = node_->terminate(); end.code != 0) {
      ADD_FAILURE() << "the node ended with " << end.code;
    }
    if (HasFailure()) std::cerr << "---- the node's log ends with\n" << last_lines(node_->log(), 30) << "\n";
  }

  std::string reload_ = "reload: {probation: 150ms, quiesce: 500ms, preflight: 3s}\n";
  std::string more_;
  std::string file_;
  server::options options_;
  temp_dir scratch_;

 private:
  std::unique_ptr<server> node_;
  std::unique_ptr<wire_client> client_;
  std::uint16_t seq_ = 0;
};

}  // namespace parley::test

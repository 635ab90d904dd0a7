#pragma once

#include <gtest/gtest.h>

#include <poll.h>

#include <iostream>
#include <memory>

#include "support/chat_client.hpp"
#include "support/http_client.hpp"
#include "support/server.hpp"

namespace parley::test {

/// A test of a running node, which is started at first use. When the test is over the node has to end well.
class node_test : public testing::Test {
 protected:
  server& node() {
    if (!node_) node_ = std::make_unique<server>(options_);
    return *node_;
  }
  /// A user who is logged in.
  chat_client user(const std::string& name, const login_as& how = {}) {
    if (!ids_.contains(name)) ids_[name] = node().add_user(name);
    chat_client out;
    out.log_in(node().pdu_port(), name, how);
    return out;
  }
  std::uint32_t id(const std::string& name) const { return ids_.at(name); }
  double count(const std::string& series) { return metric(http_get(node().http_port(), "/metrics").body, series); }
  /// 0 when it is not there (yet).
  double count_or_0(const std::string& series) {
    const auto text = http_get(node().http_port(), "/metrics").body;
    return text.find("\n" + series + " ") == std::string::npos ? 0 : metric(text, series);
  }
  /// A node that answers a stranger.
  void expect_alive() {
    wire_client stranger;
    stranger.connect(node().pdu_port());
    EXPECT_TRUE(stranger.alive()) << "the node does not answer a heartbeat";
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

  server::options options_;

 private:
  std::unique_ptr<server> node_;
  std::map<std::string, std::uint32_t> ids_;
};

/// Waits until it is so.
template <class Condition>
bool eventually(Condition&& condition, milliseconds time = answer_time) {
  const auto deadline = steady::now() + patience(time);
  while (!condition()) {
    if (steady::now() > deadline) return false;
    poll(nullptr, 0, 10);
  }
  return true;
}

}  // namespace parley::test

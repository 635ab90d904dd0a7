// The plugin in a real host, told of messages, and a real receiver.
#pragma once

#include <gtest/gtest.h>

#include <parley/testing.hpp>

#include <algorithm>
#include <atomic>
#include <memory>

#include "events/message.pb.h"
#include "support/database.hpp"
#include "support/webhook_receiver.hpp"

namespace push_delivery {

using namespace std::chrono_literals;
using parley::test::webhook_answer;
using parley::test::webhook_receiver;
using parley::test::webhook_request;
using parley::testing::core;

inline constexpr std::uint32_t windows = 1, android = 0x12;
inline constexpr char hello[] = "nnZSBwfPCz60q69ddmfIJA==";  // as clients encrypt it

inline parley::testing::options with_push(const std::string& url, std::map<std::string, std::string> more = {}) {
  more.insert({{"url", url}, {"secret", "the secret"}, {"quiet_from", "00:00"}, {"quiet_to", "00:00"}});
  parley::testing::options o;
  o.plugins = {{"login", "", {{"password_cost", "low"}}}, {"message", ""}, {"push", PARLEY_PLUGIN_FILE, more}};
  o.worker_pools = {"cpu", "push"};
  o.events = {"message.committed"};
  o.log_level = "error";
  return o;
}

class pushes : public testing::Test {
 protected:
  void start(
      webhook_receiver::answerer answer = [](auto, const auto&) { return webhook_answer{}; },
      std::map<std::string, std::string> more = {}) {
    receiver = std::make_unique<webhook_receiver>(std::move(answer));
    host = std::make_unique<core>(with_push(receiver->url(), std::move(more)));
    for (std::uint32_t id = 1; id <= 5; ++id) user(id);
  }
  webhook_receiver::answerer refusing_while_broken() {
    return [this](auto, const auto&) { return webhook_answer{broken ? 503 : 200, "", "", false}; };
  }
  void sql(const std::string& text) { parley::test::database(host->database()).run(text); }
  std::string ask_sql(const std::string& text) { return parley::test::database(host->database()).run(text); }
  void user(std::uint32_t id) {
    const auto n = std::to_string(id);
    sql("INSERT INTO IMUser(id, name, nick, departId, created, updated) VALUES (" + n + ",'name" + n + "','nick" + n +
        "',1,1,1)");
    sql("INSERT INTO device_token(user_id, client_type, token, updated) VALUES (" + n + ",18,'token" + n + "',1)");
  }
  parley::events::MessageCommitted event(std::uint32_t from, std::uint32_t msg_id) {
    parley::events::MessageCommitted e;
    e.set_author_id(from);
    e.set_msg_id(msg_id);
    e.set_created(static_cast<std::uint32_t>(host->unix_ms() / 1000));
    e.set_msg_data(hello);
    return e;
  }
  void single(std::uint32_t from, std::uint32_t to, std::uint32_t msg_id) {
    auto e = event(from, msg_id);
    e.set_kind(1);
    e.set_a(std::min(from, to));
    e.set_b(std::max(from, to));
    e.set_msg_type(0x01);
    host->publish("message.committed", e);
  }
  void group(std::uint32_t from, std::uint32_t id, std::uint32_t msg_id) {
    auto e = event(from, msg_id);
    e.set_kind(2);
    e.set_group_id(id);
    e.set_msg_type(0x11);
    host->publish("message.committed", e);
  }
  double metric(const std::string& name) {
    const auto text = host->get("/metrics").body;
    const auto at = text.find("\nparley_push_" + name + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 14));
  }
  std::vector<std::uint32_t> told() const {
    std::vector<std::uint32_t> ids;
    for (const auto& request : receiver->requests()) {
      for (const auto& one : request.records()) ids.push_back(one["msg"]["msg_id"]);
    }
    return ids;
  }
  std::atomic<bool> broken = true;  // outlives the receiver, whose thread reads it
  std::unique_ptr<webhook_receiver> receiver;
  std::unique_ptr<core> host;
};

}  // namespace push_delivery

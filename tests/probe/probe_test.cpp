// The SDK's interfaces as a plugin sees them, through a real host.
#include <gtest/gtest.h>

#include <poll.h>

#include <fstream>

#include "probe.pb.h"
#include "support/http_client.hpp"
#include "support/server.hpp"
#include "support/temp_dir.hpp"
#include "support/wire_client.hpp"

namespace parley::test {
namespace {

constexpr std::uint16_t ask_id = 0x8110;
constexpr std::uint16_t answer_id = 0x8111;

class probed : public testing::Test {
 protected:
  void SetUp() override {
    const auto manifest = files_.path() / "probe.yaml";
    std::ofstream(manifest) << R"(node: {name: probe, data: "${PARLEY_DATA}"}
listeners:
  - {name: pdu, kind: pdu, bind: 127.0.0.1, port: "${PARLEY_PDU_PORT}", heartbeat: 0x0701}
  - {name: http, kind: http, bind: 127.0.0.1, port: "${PARLEY_HTTP_PORT}"}
pools:
  main: {kind: sql, url: "sqlite://${PARLEY_DATA}/probe.db"}
  cpu: {kind: workers}
  cache: {kind: cache, url: "${PARLEY_CACHE:-memory:}"}
plugins:
  - echo
  - {name: probe, file: )" << PROBE_PLUGIN
                            << R"(, may_act_for: [7]}
)";
    server::options o;
    o.manifest = manifest.string();
    o.environment = environment_;
    server_ = std::make_unique<server>(o);
    client_.connect(server_->pdu_port());
  }

  std::string ask(const std::string& what, const std::string& text = "", std::uint32_t number = 0) {
    probe::Ask a;
    a.set_what(what);
    a.set_text(text);
    a.set_number(number);
    client_.send(ask_id, ++seq_, a.SerializeAsString());
    auto pdu = client_.answer(answer_id, seq_);
    probe::Answer answer;
    return pdu && answer.ParseFromString(pdu->body) ? answer.text() : "(no answer)";
  }
  void echo(const std::string& text) {
    probe::Ask a;
    a.set_what(text);
    client_.send(0x8001, ++seq_, a.SerializePartialAsString());
  }
  std::string echoed() {
    auto pdu = client_.next_of(0x8002);
    probe::Ask a;
    return pdu && a.ParsePartialFromString(pdu->body) ? a.what() : "(no echo)";
  }

  temp_dir files_;
  std::map<std::string, std::string> environment_;
  std::unique_ptr<server> server_;
  wire_client client_;
  std::uint16_t seq_ = 0;
};

TEST_F(probed, cache_keeps_values_and_counts) {
  EXPECT_EQ(ask("cache", "value", 5), "value 5");
  EXPECT_EQ(ask("cache", std::string("a\0b", 3), 2), std::string("a\0b 7", 5));
}

struct probed_with_redis : probed {
  probed_with_redis() { environment_["PARLEY_CACHE"] = redis_.url(); }
  /// "value SUM" once the cache keeps what it is given.
  bool keeps(const std::string& text) {
    for (int i = 0; i < 1000; ++i) {
      if (ask("cache", text, 1).starts_with(text + " ")) return true;
      poll(nullptr, 0, 10);
    }
    return false;
  }
  redis_server redis_;
};

TEST_F(probed_with_redis, a_plugin_never_sees_more_than_a_miss) {
  EXPECT_TRUE(keeps("before"));
  redis_.kill9();
  EXPECT_EQ(ask("cache", "away", 5), "- 5");
  for (int i = 0; i < 50; ++i) EXPECT_EQ(ask("cache", "away", 5), "- 5");
  redis_.start();
  EXPECT_TRUE(keeps("after"));
  redis_.freeze();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(ask("cache", "frozen", 7), "- 7");
  redis_.thaw();
  EXPECT_TRUE(keeps("thawed"));
  redis_.ask({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_EQ(ask("cache", "full", 9), "- 9");
  redis_.ask({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_TRUE(keeps("emptied"));
}

TEST_F(probed, workers_run_beside_the_loop_and_their_exceptions_come_back) {
  EXPECT_EQ(ask("work", "abc"), "cba");
  EXPECT_EQ(ask("work throws"), "fault: in a worker");
}

TEST_F(probed, sql_writes_are_read_back) {
  EXPECT_EQ(ask("sql", "quote ' and \xE4\xBD\xA0"), "quote ' and \xE4\xBD\xA0");
}

TEST_F(probed, slots_live_with_the_session_and_no_other) {
  EXPECT_EQ(ask("slot?"), "-");
  ask("slot", "mine");
  EXPECT_EQ(ask("slot?"), "7 mine");
  wire_client other;
  other.connect(server_->pdu_port());
  std::swap(client_, other);
  EXPECT_EQ(ask("slot?"), "-");
}

TEST_F(probed, events_reach_subscribers_in_order) {
  ask("publish", "one");
  ask("publish", "two");
  EXPECT_EQ(ask("heard?"), "one;two;");
}

TEST_F(probed, timers_fire_and_sleepers_wake) {
  EXPECT_EQ(ask("sleep", "", 30), "slept");
  EXPECT_EQ(ask("ticked?"), "yes");
}

TEST_F(probed, calls_reach_the_owner_and_fail_with_a_reason) {
  EXPECT_EQ(ask("call", "hello"), "hello");
  EXPECT_EQ(ask("call", "hello", 7), "hello");
  EXPECT_EQ(ask("call", "hello", 8), "not allowed") << "acting for others needs a grant";
  EXPECT_EQ(ask("call", "nobody"), "unknown command");
  EXPECT_EQ(ask("call", "refuse this"), "refused by policy") << "filters see calls too";
}

TEST_F(probed, an_exception_is_the_callers_error_and_nobody_elses) {
  EXPECT_TRUE(client_.alive());
  probe::Ask a;
  a.set_what("throw");
  client_.send(ask_id, 99, a.SerializeAsString());
  EXPECT_TRUE(client_.alive());
  EXPECT_EQ(ask("peer?"), "127.0.0.1");
  for (const auto& p : server_->ask("plugins")) {
    if (p["name"] == "probe") {
      EXPECT_EQ(p["errors"], 1);
    }
  }
}

TEST_F(probed, filters_pass_replace_and_refuse) {
  echo("as it is");
  EXPECT_EQ(echoed(), "as it is");
  echo("replace me");
  EXPECT_EQ(echoed(), "replaced");
  echo("refuse me");
  EXPECT_TRUE(client_.alive());
  EXPECT_TRUE(client_.inbox().empty());
}

TEST_F(probed, a_filter_that_waits_holds_later_commands_of_its_session_and_nobody_elses) {
  echo("slow");
  echo("fast");
  wire_client other;
  other.connect(server_->pdu_port());
  other.send(0x8001, 1, "");
  EXPECT_TRUE(other.answer(0x8002, 1));
  EXPECT_EQ(echoed(), "slow");
  EXPECT_EQ(echoed(), "fast");
  echo("slow refused");
  echo("after");
  EXPECT_EQ(echoed(), "after");
}

TEST_F(probed, a_client_that_leaves_while_a_filter_waits_is_forgotten) {
  echo("slow");
  client_.close();
  wire_client other;
  other.connect(server_->pdu_port());
  std::swap(client_, other);
  EXPECT_EQ(ask("sleep", "", 80), "slept");
  EXPECT_TRUE(server_->running());
}

TEST_F(probed, late_verbs_tell_progress_and_answer) {
  const auto answer = server_->control().call("probe slowly", {{"name", "x"}, {"loud", true}});
  EXPECT_TRUE(answer.ok) << answer.error;
  EXPECT_EQ(answer.progress, (std::vector<std::string>{"half way"}));
  EXPECT_EQ(answer.result, (json{{"name", "x"}, {"loud", true}}));
  EXPECT_FALSE(server_->control().call("probe slowly").ok) << "a required argument is missing";
}

TEST_F(probed, late_pages_are_answered) {
  const auto page = http_get(server_->http_port(), "/probe/late?x=1");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, "late x=1");
}

TEST_F(probed, metrics_of_plugins_carry_their_name) {
  ask("peer?");
  EXPECT_GE(metric(http_get(server_->http_port(), "/metrics").body, "parley_probe_asked"), 1);
}

TEST_F(probed, a_stop_waits_for_what_is_in_flight) {
  probe::Ask a;
  a.set_what("sleep");
  a.set_number(300);
  client_.send(ask_id, 5, a.SerializeAsString());
  ASSERT_TRUE(client_.alive());
  const auto end = server_->terminate();
  EXPECT_EQ(end.code, 0);
  EXPECT_TRUE(client_.answer(answer_id, 5)) << "what was read is finished";
}

}  // namespace
}  // namespace parley::test

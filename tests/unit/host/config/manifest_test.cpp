#include "host/config/manifest.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace parley::host {
namespace {

std::vector<std::string> errors_of(std::string_view text) {
  std::vector<diagnostic> errors;
  parse_manifest(text, "m.yaml", errors);
  std::vector<std::string> lines;
  for (const diagnostic& e : errors) lines.push_back(e.to_string());
  return lines;
}

manifest whole(std::string_view text) {
  std::vector<diagnostic> errors;
  manifest m = parse_manifest(text, "m.yaml", errors);
  for (const diagnostic& e : errors) ADD_FAILURE() << e.to_string();
  return m;
}

TEST(manifest, reports_ten_errors_at_once_each_in_its_place) {
  const auto lines = errors_of(R"(node:
  nmae: x
  drain_timeout: 10
log: {level: warning}
listeners:
  - name: clients
    kind: pdu
    port: 99999
    port: 8000
    bind: localhost
    rates: [{command: 0x10301, per_second: 20}]
pools:
  main:
    kind: sql
    url: mysql://parley:hunter2@db/parley
plugins: [echo, {name: login, pools: {main: mian}}, echo]
)");
  const char* expected[] = {
      R"(m.yaml:2:3: node: unknown key "nmae": did you mean "name"?)",
      R"(m.yaml:3:18: node.drain_timeout: expected a duration from 0ms to 1h (such as 250ms, 15s, 2m, 1h), found "10": a number needs its unit, write 10s)",
      R"(m.yaml:4:14: log.level: expected one of debug, info, warn, error, found "warning": did you mean "warn"?)",
      R"(m.yaml:8:11: listeners[0].port: expected a whole number from 0 to 65535, found "99999")",
      R"(m.yaml:9:5: the key "port" stands twice here, first in line 8: remove one)",
      R"(m.yaml:10:11: listeners[0].bind: expected an IPv4 or IPv6 address, found "localhost": write 127.0.0.1 or ::1)",
      R"(m.yaml:11:23: listeners[0].rates[0].command: expected a command id from 0x0001 to 0xFFFF (such as 0x0301), found "0x10301")",
      R"(m.yaml:15:10: pools.main.url: secrets are never in the file: write the password as ${NAME} and set NAME in the environment)",
      R"(m.yaml:16:45: plugins[1].pools.main: no pool is named "mian": did you mean "main"?)",
      R"(m.yaml:16:53: plugins[2]: the plugin "echo" stands here a second time, first in line 16: remove one)",
  };
  ASSERT_EQ(lines.size(), std::size(expected));
  for (std::size_t i = 0; i < lines.size(); ++i) EXPECT_EQ(lines[i], expected[i]);
}

TEST(manifest, takes_values_from_the_environment_and_never_structure) {
  setenv("PARLEY_TEST_NAME", "n1\nplugins: [evil]", 1);
  setenv("PARLEY_TEST_PORT", "8123", 1);
  const auto lines = errors_of("node: {name: \"${PARLEY_TEST_NAME}\"}\n");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find("found \"n1\\x0Aplugins: [evil]\" (from \"${PARLEY_TEST_NAME}\")"), std::string::npos);
  const manifest m = whole(
      "listeners:\n  - {name: a, kind: http, port: \"${PARLEY_TEST_PORT}\"}\nnode:\n  data: "
      "${PARLEY_TEST_NONE:-/d/${PARLEY_TEST_PORT}}\n");
  EXPECT_EQ(m.listeners.at(0).port, 8123);
  EXPECT_EQ(m.data, "/d/8123");
  EXPECT_EQ(control_path(m), "/d/8123/parleyd.sock");
}

TEST(manifest, names_a_variable_that_is_not_set) {
  const auto lines = errors_of("node:\n  data: ${PARLEY_TEST_NONE}\n");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].substr(0, 62), "m.yaml:2:9: the environment variable PARLEY_TEST_NONE is not s");
}

TEST(manifest, wants_what_has_no_default) {
  EXPECT_EQ(
      errors_of("listeners: [{}]\n"),
      (std::vector<std::string>{
          "m.yaml:1:13: listeners[0]: the key \"name\" is missing: expected a name for logs and metrics",
          "m.yaml:1:13: listeners[0]: the key \"port\" is missing: expected a port from 0 to 65535, 0 for any free one",
          "m.yaml:1:13: listeners[0]: the key \"kind\" is missing: expected pdu, http or link"}));
}

TEST(manifest, names_the_kind_that_a_key_belongs_to) {
  const auto lines =
      errors_of("listeners: [{name: a, kind: http, port: 0, max_pdu: 1MiB}]\npools: {c: {kind: cache, threads: 2}}\n");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_NE(lines[0].find("belongs to listeners of kind pdu"), std::string::npos);
  EXPECT_NE(lines[1].find("belongs to pools of kind workers"), std::string::npos);
}

TEST(manifest, refuses_wrong_types_everywhere) {
  EXPECT_EQ(errors_of("[]").size(), 1u);
  EXPECT_EQ(errors_of("node: 3\nlog: []\nlisteners: {}\npools: []\nplugins: x\n").size(), 5u);
  EXPECT_EQ(errors_of("node: {name: [a], data: }\nlisteners: [3]\nplugins: [[]]\n").size(), 4u);
}

TEST(manifest, refuses_two_listeners_of_one_name_or_one_port) {
  const auto lines = errors_of(
      "listeners:\n  - {name: a, kind: http, port: 80}\n  - {name: a, kind: http, port: 80}\n"
      "  - {name: b, kind: http, port: 0}\n  - {name: c, kind: http, port: 0}\n");
  EXPECT_EQ(lines.size(), 2u);
}

TEST(manifest, reads_a_pdu_listener) {
  const manifest m = whole(R"(
listeners:
  - name: clients
    kind: pdu
    port: 8000
    idle_by_tag: [{mask: 0x10, value: 0x10, timeout: 300s}]
    heartbeat: 0x0701
    commands: [0x0301, "0x0100-0x01FF"]
    rates: [{command: 0x0301, per_second: 20}]
    max_pdu: 64KiB
    max_pdu_before_login: 4KiB
    max_in_flight: 7
)");
  const listener_config& l = m.listeners.at(0);
  EXPECT_EQ(l.at.line, 3);
  EXPECT_EQ(l.heartbeat, 0x0701);
  EXPECT_EQ(l.idle_by_tag.at(0).timeout, milliseconds(300'000));
  EXPECT_EQ(l.commands.at(1).second, 0x01FF);
  EXPECT_EQ(l.rates.at(0).per_second, 20u);
  EXPECT_EQ(l.max_pdu, 65536u);
  EXPECT_EQ(l.max_pdu_before_login, 4096u);
  EXPECT_EQ(l.max_in_flight, 7u);
  EXPECT_EQ(l.login_timeout, milliseconds(15'000));
}

TEST(manifest, turns_group_commit_off_as_batches_of_one) {
  EXPECT_EQ(whole("pools: {m: {kind: sql, url: \"sqlite://x\", group_commit: off}}").sql.at(0).max_batch, 1u);
  EXPECT_EQ(whole("pools: {m: {kind: sql, url: \"sqlite://x\", group_commit: on}}").sql.at(0).max_batch, 0u);
}

TEST(manifest, reads_plugins_in_order_and_both_forms) {
  const manifest m = whole(R"(
plugins:
  - echo
  - {name: admin, file: /opt/a.so, config: {port: 3}, may_act_for: any}
  - {name: bot, may_act_for: [7, 8], may_operate: [users, app-keys]}
  - {name: face, may_operate: all}
)");
  ASSERT_EQ(m.plugins.size(), 4u);
  EXPECT_EQ(m.plugins[0].file, "echo.so");
  EXPECT_EQ(m.plugins[1].file, "/opt/a.so");
  EXPECT_EQ(m.plugins[1].config.at("port").text, "3");
  EXPECT_EQ(m.plugins[1].config.at("port").at.column, 51);
  EXPECT_TRUE(m.plugins[1].may_act_for_anyone);
  EXPECT_EQ(m.plugins[2].may_act_for, (std::vector<std::uint64_t>{7, 8}));
  EXPECT_TRUE(m.plugins[1].may_operate.empty());
  EXPECT_EQ(m.plugins[2].may_operate, (std::vector<std::string>{"users", "app-keys"}));
  EXPECT_FALSE(m.plugins[2].may_operate_all);
  EXPECT_TRUE(m.plugins[3].may_operate_all);
}

TEST(manifest, refuses_grants_of_verbs_that_are_none) {
  const auto lines =
      errors_of("plugins:\n  - {name: a, may_operate: some}\n  - {name: b, may_operate: [users, Users add]}\n");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_NE(lines[0].find(":2:28: "), std::string::npos) << lines[0];
  EXPECT_NE(lines[0].find("expected all or a list of first words of verbs"), std::string::npos) << lines[0];
  EXPECT_NE(lines[1].find(":3:36: "), std::string::npos) << lines[1];
  EXPECT_NE(lines[1].find("\"Users add\""), std::string::npos) << lines[1];
}

TEST(manifest, that_cannot_be_read_is_one_error_without_a_place) {
  std::vector<diagnostic> errors;
  load_manifest("/nonexistent/m.yaml", errors);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].to_string(), "/nonexistent/m.yaml: the manifest cannot be read: No such file or directory");
  load_manifest("/", errors);
  EXPECT_EQ(errors.size(), 2u);
}

TEST(manifest, refuses_a_socket_path_that_no_socket_can_have) {
  EXPECT_NE(errors_of("node: {data: /" + std::string(120, 'd') + "}").at(0).find("set node.control to a shorter one"),
            std::string::npos);
}

}  // namespace
}  // namespace parley::host

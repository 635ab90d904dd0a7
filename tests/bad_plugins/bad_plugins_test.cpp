#include <gtest/gtest.h>

#include <regex>

#include "support/chat_client.hpp"
#include "support/http_client.hpp"
#include "support/manifest.hpp"
#include "support/server.hpp"

namespace parley::test {
namespace {

struct bad_plugin {
  std::string name;
  std::string reason;  ///< a regular expression for what the host has to say
};

void PrintTo(const bad_plugin& p, std::ostream* out) {
  *out << p.name;
}

/// Beside echo, and login for those that get into its way.
std::string manifest_with(const std::string& plugin, const std::string& file) {
  return small_manifest("  - echo\n  - {name: login, config: {password_cost: low}}\n  - {name: " + plugin +
                        ", file: \"" + file + "\"}\n");
}

outcome start(const std::string& verb, const std::string& plugin, const std::string& file) {
  temp_dir scratch;
  const auto manifest = (scratch.path() / "manifest.yaml").string();
  write_file(manifest, manifest_with(plugin, file));
  return run({parleyd(), verb, manifest}, {{"PARLEY_DATA", (scratch.path() / "data").string()}});
}

void expect_refused(const outcome& got, const std::string& named, const std::string& reason) {
  EXPECT_EQ(got.end.code, 2) << got.output;
  EXPECT_NE(got.output.find(named), std::string::npos) << "does not name " << named << ":\n" << got.output;
  EXPECT_TRUE(std::regex_search(got.output, std::regex(reason, std::regex::icase)))
      << "does not say " << reason << ":\n"
      << got.output;
}

class refused_by_check : public testing::TestWithParam<bad_plugin> {};

TEST_P(refused_by_check, with_the_file_and_the_reason) {
  const auto& [name, reason] = GetParam();
  expect_refused(start("check", name, bad_plugin_file(name)), name, reason);
}

TEST_P(refused_by_check, and_by_run) {
  const auto& [name, reason] = GetParam();
  expect_refused(start("run", name, bad_plugin_file(name)), name, reason);
}

INSTANTIATE_TEST_SUITE_P(
    each, refused_by_check,
    testing::Values(bad_plugin{"no_symbol", "exports no parley_plugin"}, bad_plugin{"abi_major_mismatch", "ABI 2\\."},
                    bad_plugin{"abi_minor_newer", "newer than this host's 1\\."}, bad_plugin{"null_name", "name"},
                    bad_plugin{"duplicate_command", "0x0103.*login|login.*0x0103"},
                    bad_plugin{"missing_interface", "parley\\.telepathy/1"}, bad_plugin{"missing_pool", "warehouse"},
                    bad_plugin{"needs_config", "secret_ingredient"},
                    bad_plugin{"crashes_at_load", "crash|signal|SIGSEGV"},
                    bad_plugin{"hangs_at_load", "time|hang|within|did not"},
                    bad_plugin{"not_elf", "no shared library"}));

class refused_by_run : public testing::TestWithParam<bad_plugin> {};

TEST_P(refused_by_run, with_the_plugin_and_the_reason) {
  const auto& [name, reason] = GetParam();
  expect_refused(start("run", name, bad_plugin_file(name)), name, reason);
}

INSTANTIATE_TEST_SUITE_P(each, refused_by_run,
                         testing::Values(bad_plugin{"create_fails", "unavailable|create"},
                                         bad_plugin{"create_throws", "no luck today"},
                                         bad_plugin{"self_test_fails", "self.?test"}));

TEST(bad_plugins, a_file_cut_short_is_refused) {
  temp_dir scratch;
  const auto whole = read_file(plugin_file("echo"));
  for (const std::size_t size : {200, 4096, 16384}) {
    const auto file = (scratch.path() / "truncated.so").string();
    write_file(file, std::string_view(whole).substr(0, size));
    expect_refused(start("check", "truncated", file), file, "cut short|crash|signal");
  }
}

TEST(bad_plugins, an_empty_file_is_refused) {
  temp_dir scratch;
  const auto file = (scratch.path() / "empty.so").string();
  write_file(file, "");
  expect_refused(start("check", "empty", file), file, "short");
}

TEST(bad_plugins, a_missing_file_is_refused) {
  expect_refused(start("check", "absent", "/nowhere/absent.so"), "/nowhere/absent.so", "there is no file");
}

TEST(bad_plugins, all_of_them_are_told_at_once) {
  temp_dir scratch;
  const auto manifest = (scratch.path() / "manifest.yaml").string();
  std::string lines;
  const std::vector<std::string> names = {"no_symbol", "abi_major_mismatch", "missing_pool", "crashes_at_load",
                                          "needs_config"};
  for (const auto& name : names) lines += "  - {name: " + name + ", file: \"" + bad_plugin_file(name) + "\"}\n";
  write_file(manifest, small_manifest(lines));
  const auto got = run({parleyd(), "check", manifest}, {{"PARLEY_DATA", (scratch.path() / "data").string()}});
  for (const auto& name : names) expect_refused(got, name, name);
}

TEST(bad_plugins, what_a_handler_throws_costs_only_that_request) {
  temp_dir scratch;
  server::options what;
  what.manifest = (scratch.path() / "manifest.yaml").string();
  write_file(what.manifest, manifest_with("handler_throws", bad_plugin_file("handler_throws")));
  server node(what);
  node.add_user("alice");
  node.add_user("bob");
  chat_client heard, silent;
  heard.log_in(node.pdu_port(), "alice");
  silent.log_in(node.pdu_port(), "bob", {.level = 0});
  for (const std::uint16_t command : {0x8003, 0x8004}) {
    heard.wire().send(command, 50, "x");
    const auto refusal = heard.wire().next();
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->command, 0x0901);
    EXPECT_EQ(refusal->seq, 50);
    EXPECT_EQ(read<host::IMRefused>(*refusal).code(), 7u);
    silent.wire().send(command, 51, "x");
  }
  EXPECT_TRUE(silent.wire().alive());
  EXPECT_TRUE(silent.wire().inbox().empty());
  EXPECT_NE(node.log().find("thrown at once"), std::string::npos);
  EXPECT_NE(node.log().find("thrown in a task"), std::string::npos);
  for (const auto& plugin : node.ask("plugins")) {
    if (plugin.at("name") == "handler_throws") {
      EXPECT_EQ(plugin.at("errors"), 4);
    }
  }
  EXPECT_EQ(node.terminate().code, 0);
}

outcome check_plugin(const std::string& file) {
  return run({parleyctl(), "check-plugin", file});
}

TEST(check_plugin, takes_what_a_host_takes) {
  const auto good = check_plugin(plugin_file("echo"));
  EXPECT_EQ(good.end.code, 0) << good.output;
  EXPECT_NE(good.output.find("is fit for a host"), std::string::npos) << good.output;
  const auto script = run({parleyctl(), "--json", "check-plugin", plugin_file("echo")});
  EXPECT_EQ(json::parse(script.output).at("plugin").at("name"), "echo");
}

TEST(check_plugin, names_what_is_wrong_and_survives_a_crash) {
  for (const auto& [name, reason] :
       {bad_plugin{"crashes_at_load", "crashed the process|runtime error"}, bad_plugin{"no_symbol", "no parley_plugin"},
        bad_plugin{"abi_minor_newer", "newer than this host's"}, bad_plugin{"not_elf", "unreadable"}}) {
    const auto got = check_plugin(bad_plugin_file(name));
    EXPECT_EQ(got.end.code, 1) << name << got.output;
    EXPECT_TRUE(std::regex_search(got.output, std::regex(reason, std::regex::icase))) << name << got.output;
  }
  EXPECT_EQ(check_plugin("/nowhere/x.so").end.code, 2);
}

}  // namespace
}  // namespace parley::test

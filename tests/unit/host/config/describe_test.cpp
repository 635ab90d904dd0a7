#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "host/config/plan.hpp"
#include "host/plugin/descriptor.hpp"

namespace parley::host {
namespace {

namespace fs = std::filesystem;

/// A shell script stands in for `parleyd describe FILE`.
class describing : public testing::Test {
 protected:
  describing() {
    std::string pattern = (fs::temp_directory_path() / "parley-describe-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  ~describing() override { fs::remove_all(directory_); }

  std::string helper(const std::string& script) const {
    const fs::path path = directory_ / "helper";
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    fs::permissions(path, fs::perms::owner_all);
    return path.string();
  }

  static std::string echo_facts() {
    plugin_info info;
    info.name = "echo";
    return to_json(info);
  }

  static bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

  fs::path directory_;
};

TEST_F(describing, returns_the_helpers_facts) {
  const auto info = describe_in_helper(helper("test \"$1\" = describe && echo '" + echo_facts() + "'"), "/x/echo.so");
  ASSERT_TRUE(info) << info.text();
  EXPECT_EQ(info->name, "echo");
  EXPECT_EQ(info->file, "/x/echo.so");
}

TEST_F(describing, repeats_what_the_helper_complains_about) {
  const auto info = describe_in_helper(helper("echo \"$2 is no plugin\" >&2; exit 1"), "x.so");
  ASSERT_FALSE(info);
  EXPECT_EQ(info.text(), "x.so is no plugin");
}

TEST_F(describing, names_the_signal_of_a_crash) {
  const auto info = describe_in_helper(helper("kill -SEGV $$"), "x.so");
  ASSERT_FALSE(info);
  EXPECT_TRUE(says(info.text(), "x.so crashed its helper process with SIGSEGV")) << info.text();
}

TEST_F(describing, ends_a_helper_that_hangs) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(describe_in_helper(helper("exec sleep 60"), "x.so", 100).code(), status::timeout);
  EXPECT_EQ(describe_in_helper(helper("exec sleep 60 >&- 2>&-"), "x.so", 100).code(), status::timeout);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST_F(describing, ends_a_helper_that_never_stops_talking) {
  const auto info = describe_in_helper(helper("exec yes"), "x.so");
  ASSERT_FALSE(info);
  EXPECT_TRUE(says(info.text(), "wrote more than 4 MiB")) << info.text();
}

TEST_F(describing, survives_a_helper_that_cannot_start_or_talks_nonsense) {
  EXPECT_TRUE(says(describe_in_helper("/nonexistent/parleyd", "x.so").text(), "does not start"));
  EXPECT_FALSE(describe_in_helper(helper("echo hello"), "x.so"));
  EXPECT_FALSE(describe_in_helper(helper("exit 0"), "x.so"));
  EXPECT_TRUE(says(describe_in_helper(helper("exit 7"), "x.so").text(), "exit status 7"));
}

TEST_F(describing, runs_helpers_beside_each_other_and_keeps_their_order) {
  const std::vector<std::string> files(8, "x.so");
  const auto start = std::chrono::steady_clock::now();
  const auto all = describe_all(helper("sleep 0.5; echo '" + echo_facts() + "'"), files);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
  ASSERT_EQ(all.size(), 8u);
  for (const auto& info : all) EXPECT_TRUE(info) << info.text();
  const auto mixed =
      describe_all(helper("case $2 in a.so) echo '" + echo_facts() + "';; *) exit 3;; esac"), {"b.so", "a.so"});
  EXPECT_FALSE(mixed[0]);
  EXPECT_TRUE(mixed[1]);
}

TEST_F(describing, plans_plugins_and_reports_missing_files_where_they_are_named) {
  std::ofstream(directory_ / "echo.so") << "x";
  std::vector<diagnostic> errors;
  manifest config = parse_manifest("plugins: [echo, ecko]\nnode: {plugin_directory: " + directory_.string() + "}\n",
                                   "m.yaml", errors);
  const plugin_plan plan = plan_plugins(config, helper("echo '" + echo_facts() + "'"), errors);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].at.column, 17);
  EXPECT_TRUE(says(errors[0].text, "did you mean \"echo.so\"?")) << errors[0].text;
  EXPECT_EQ(plan.infos.at(0).name, "echo");
  EXPECT_EQ(plan.files.at(0), (directory_ / "echo.so").string());
}

TEST_F(describing, finds_plugins_beside_the_executable) {
  manifest config;
  EXPECT_EQ(plugin_directory(config, "/opt/parley/bin/parleyd"), "/opt/parley/plugins");
  plugin_config plugin;
  plugin.file = "/elsewhere/x.so";
  EXPECT_EQ(plugin_file(config, plugin, "/opt/parley/bin/parleyd"), "/elsewhere/x.so");
}

}  // namespace
}  // namespace parley::host

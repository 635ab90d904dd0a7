#include "host/config/plugin_settings.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

using key = plugin_info::config_key;

plugin_info login() {
  plugin_info info;
  info.name = "login";
  info.config = {
      key{"cost", PARLEY_CONFIG_CHOICE, false, "standard", 0, 0, {"standard", "low"}, ""},
      key{"window", PARLEY_CONFIG_DURATION, false, "30m", 1000, 3'600'000, {}, ""},
      key{"image", PARLEY_CONFIG_SIZE, false, "1MiB", 0, 0, {}, ""},
      key{"tries", PARLEY_CONFIG_INTEGER, false, "10", 0, 100, {}, ""},
      key{"keep", PARLEY_CONFIG_BOOLEAN, false, "", 0, 0, {}, ""},
      key{"url", PARLEY_CONFIG_TEXT, true, "", 0, 0, {}, "where images are"},
  };
  return info;
}

plugin_config with(std::map<std::string, std::string> values) {
  plugin_config config;
  config.at = {"m.yaml", 5, 3};
  config.name = "login";
  int line = 10;
  for (const auto& [name, text] : values) {
    config.config[name] = {{"m.yaml", line, 20}, text, {"m.yaml", line, 7}};
    ++line;
  }
  return config;
}

TEST(plugin_settings, have_the_descriptors_defaults) {
  std::vector<diagnostic> errors;
  const plugin_settings s = resolve_config(login(), with({{"url", "http://x"}}), errors);
  EXPECT_TRUE(errors.empty());
  EXPECT_EQ(s.at("cost").text, "standard");
  EXPECT_EQ(s.at("window").number, 1'800'000);
  EXPECT_EQ(s.at("image").number, 1 << 20);
  EXPECT_EQ(s.at("tries").number, 10);
  EXPECT_EQ(s.at("keep").number, 0);
  EXPECT_EQ(s.at("url").text, "http://x");
}

TEST(plugin_settings, take_the_manifests_values) {
  std::vector<diagnostic> errors;
  const plugin_settings s = resolve_config(
      login(), with({{"url", ""}, {"cost", "low"}, {"window", "5s"}, {"keep", "on"}, {"tries", "0"}}), errors);
  EXPECT_TRUE(errors.empty());
  EXPECT_EQ(s.at("cost").text, "low");
  EXPECT_EQ(s.at("window").number, 5000);
  EXPECT_EQ(s.at("keep").number, 1);
}

TEST(plugin_settings, report_everything_wrong_where_it_stands) {
  std::vector<diagnostic> errors;
  resolve_config(
      login(), with({{"cost", "lwo"}, {"keep", "maybe"}, {"tries", "101"}, {"windw", "5s"}, {"window", "5"}}), errors);
  sort_diagnostics(errors);
  ASSERT_EQ(errors.size(), 6u);
  EXPECT_EQ(errors[0].to_string(), "m.yaml:5:3: plugin login: config.url is missing: where images are");
  EXPECT_EQ(
      errors[1].to_string(),
      "m.yaml:10:20: plugin login: config.cost: expected one of standard, low, found \"lwo\": did you mean \"low\"?");
  EXPECT_EQ(errors[3].to_string(),
            "m.yaml:12:20: plugin login: config.tries: expected a whole number from 0 to 100, found \"101\"");
  EXPECT_EQ(errors[5].to_string(), "m.yaml:14:7: plugin login: unknown config key \"windw\": did you mean \"window\"?");
  EXPECT_NE(errors[4].text.find("write 5s"), std::string::npos);
}

TEST(plugin_settings, blame_the_descriptor_for_a_bad_default) {
  plugin_info info = login();
  info.config[1].default_value = "30";
  std::vector<diagnostic> errors;
  resolve_config(info, with({{"url", ""}}), errors);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_NE(errors[0].text.find("the plugin's own default is wrong"), std::string::npos);
}

}  // namespace
}  // namespace parley::host

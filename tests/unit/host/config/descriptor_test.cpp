#include "host/plugin/descriptor.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

namespace parley::host {
namespace {

parley_status create(parley_generation*, const parley_host*, void**) {
  return PARLEY_OK;
}
void destroy(void*) {}
parley_status serve(void*, const parley_request*) {
  return PARLEY_OK;
}

template <class Item, std::size_t N>
parley_table table_of(const std::array<Item, N>& items) {
  return {items.data(), N, sizeof(Item)};
}

parley_plugin_descriptor smallest() {
  parley_plugin_descriptor d{};
  d.size = sizeof d;
  d.abi_major = PARLEY_ABI_MAJOR;
  d.abi_minor = PARLEY_ABI_MINOR;
  d.name = "echo";
  d.version = "1.0.0";
  d.create = create;
  d.destroy = destroy;
  return d;
}

std::string refusal(const parley_plugin_descriptor& d) {
  return read_descriptor(&d, "x.so").text();
}
bool says(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

TEST(descriptors, are_copied_out) {
  const std::array<parley_command, 1> commands{{{0x8001, PARLEY_AUTHENTICATED, 0, "echo", serve}}};
  const std::array<parley_config_key, 1> config{{{"mode", PARLEY_CONFIG_CHOICE, 0, "a", 0, 0, "a|b", "how"}}};
  parley_plugin_descriptor d = smallest();
  d.commands = table_of(commands);
  d.config = table_of(config);
  const auto info = read_descriptor(&d, "x.so");
  ASSERT_TRUE(info) << info.text();
  EXPECT_EQ(info->name, "echo");
  EXPECT_EQ(info->file, "x.so");
  EXPECT_EQ(info->commands.at(0).access, PARLEY_AUTHENTICATED);
  EXPECT_EQ(info->config.at(0).choices, (std::vector<std::string>{"a", "b"}));
}

TEST(descriptors, of_another_abi_are_refused_naming_both) {
  parley_plugin_descriptor d = smallest();
  d.abi_major = 2;
  const auto minor = std::to_string(PARLEY_ABI_MINOR);
  EXPECT_EQ(refusal(d), "x.so was built against ABI 2." + minor + ", this host has 1." + minor +
                            ": rebuild it against this host's SDK");
  d.abi_major = 1;
  d.abi_minor = PARLEY_ABI_MINOR + 1;
  EXPECT_TRUE(says(refusal(d), "was built against ABI 1." + std::to_string(PARLEY_ABI_MINOR + 1) +
                                   ", newer than this host's 1." + minor));
}

TEST(descriptors, that_want_a_newer_host_are_told_what_this_one_lacks) {
  const parley_interface_need needs[] = {{"parley.log/1"}, {"parley.blob/1"}, {"parley.log/2"}};
  parley_plugin_descriptor d = smallest();
  d.abi_minor = PARLEY_ABI_MINOR + 1;
  d.interfaces = {needs, 3, sizeof needs[0]};
  EXPECT_TRUE(says(refusal(d), "this host lacks parley.blob/1, parley.log/2: update the host"));
}

TEST(descriptors, of_abi_1_0_have_shorter_subscriptions) {
  struct subscription_1_0 {
    const char* event;
    void (*handle)(void*, parley_bytes);
  };
  const subscription_1_0 items[] = {{"a.happened", [](void*, parley_bytes) {}},
                                    {"b.happened", [](void*, parley_bytes) {}}};
  parley_plugin_descriptor d = smallest();
  d.abi_minor = 0;
  d.subscriptions = {items, 2, sizeof items[0]};
  const auto info = read_descriptor(&d, "x.so");
  ASSERT_TRUE(info) << info.text();
  EXPECT_EQ(info->subscriptions, (std::vector<std::string>{"a.happened", "b.happened"}));
  EXPECT_TRUE(info->optional_subscriptions.empty());
}

TEST(descriptors, of_another_size_are_read_as_far_as_both_go) {
  struct later {
    parley_plugin_descriptor now;
    const void* added;
  } d{smallest(), &d};
  d.now.size = sizeof d;
  EXPECT_TRUE(read_descriptor(&d.now, "x.so"));
  d.now.size = 16;
  EXPECT_TRUE(says(refusal(d.now), "the descriptor says it has 16 bytes"));
}

struct later_command {
  parley_command now;
  std::uint64_t added;
};

TEST(descriptor_tables, of_a_later_abi_have_longer_items) {
  const std::array<later_command, 2> commands{
      {{{0x8001, PARLEY_OPEN, 0, "a", serve}, 7}, {{0x8002, PARLEY_OPEN, 0, "b", serve}, 7}}};
  parley_plugin_descriptor d = smallest();
  d.commands = table_of(commands);
  const auto info = read_descriptor(&d, "x.so");
  ASSERT_TRUE(info) << info.text();
  EXPECT_EQ(info->commands.at(1).id, 0x8002);
  EXPECT_EQ(info->commands.at(1).name, "b");
}

struct earlier_config_key {
  const char* name;
  std::uint32_t type;
  std::uint32_t required;
  const char* default_value;
};

TEST(descriptor_tables, of_an_earlier_abi_have_shorter_items_and_the_rest_is_zero) {
  const std::array<earlier_config_key, 2> config{
      {{"one", PARLEY_CONFIG_TEXT, 0, "x"}, {"two", PARLEY_CONFIG_INTEGER, 0, "5"}}};
  parley_plugin_descriptor d = smallest();
  d.config = table_of(config);
  const auto info = read_descriptor(&d, "x.so");
  ASSERT_TRUE(info) << info.text();
  EXPECT_EQ(info->config.at(1).default_value, "5");
  EXPECT_EQ(info->config.at(1).max, 0);
  EXPECT_TRUE(info->config.at(1).help.empty());
}

TEST(descriptor_tables, with_impossible_shapes_are_refused) {
  parley_plugin_descriptor d = smallest();
  d.commands = {nullptr, 1, sizeof(parley_command)};
  EXPECT_TRUE(says(refusal(d), "commands: items is null"));
  d.commands = {&d, 0xFFFFFFFF, sizeof(parley_command)};
  EXPECT_TRUE(says(refusal(d), "4294967295 items are more than 4096"));
  d.commands = {&d, 1, 0};
  EXPECT_TRUE(says(refusal(d), "a stride of 0 bytes"));
  d.commands = {&d, 1, 1 << 20};
  EXPECT_TRUE(says(refusal(d), "a stride of 1048576 bytes"));
}

TEST(descriptors, tell_everything_wrong_at_once) {
  const std::array<parley_command, 3> commands{
      {{0, 9, 0, nullptr, nullptr}, {0x8001, 0, 0, "", serve}, {0x8001, 0, 0, "", serve}}};
  const std::array<parley_config_key, 1> config{{{"Bad-Name", 77, 0, nullptr, 5, 1, nullptr, nullptr}}};
  parley_plugin_descriptor d = smallest();
  d.name = nullptr;
  d.version = "";
  d.create = nullptr;
  d.destroy = nullptr;
  d.commands = table_of(commands);
  d.config = table_of(config);
  const std::string text = refusal(d);
  for (const char* words :
       {"descriptor.name: expected a name of a-z, 0-9 and _, beginning with a letter, found null", "descriptor.version",
        "create is missing", "destroy is missing", "commands[0]: the command id 0", "access 9",
        "commands[0]: handle is missing", "commands[2]: \"0x8001\" stands there twice", "config[0].name", "type 77",
        "min is larger than max"}) {
    EXPECT_TRUE(says(text, words)) << words << "\n" << text;
  }
}

TEST(descriptors, have_bounded_texts) {
  const std::string endless(100000, 'x');
  parley_plugin_descriptor d = smallest();
  d.summary = endless.c_str();
  EXPECT_TRUE(says(refusal(d), "summary is longer than 4096 bytes"));
}

TEST(descriptors, that_are_null_are_refused) {
  EXPECT_FALSE(read_descriptor(nullptr, "x.so"));
}

TEST(plugin_facts, survive_json) {
  plugin_info info;
  info.file = "/x/\"y\".so";
  info.name = "a";
  info.commands = {{0x8001, 1, "c"}};
  info.routes = {{"GET", "/", 0, 5}};
  info.verbs = {{"users add", "h", {{"name", 0, true, "n"}}}};
  info.migrations = {{1, "m", "main", "CREATE\n;"}};
  info.config = {{"k", 5, false, "a", -1, INT64_MAX, {"a", "b"}, "\xff not UTF-8"}};
  const auto back = info_from_json(to_json(info));
  ASSERT_TRUE(back) << back.text();
  EXPECT_EQ(to_json(*back), to_json(info));
  EXPECT_EQ(back->config.at(0).max, INT64_MAX);
  EXPECT_EQ(back->file, info.file);
}

TEST(plugin_facts, are_not_found_in_other_json) {
  for (const char* bad : {"", "{", "[]", "{}", "null", "{\"name\":3}"}) EXPECT_FALSE(info_from_json(bad)) << bad;
}

}  // namespace
}  // namespace parley::host

#include "query.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace http_admin {
namespace {

using nlohmann::json;

json create_body() {
  return {{"req_user_id", 0}, {"app_key", "k"},     {"group_name", "team"},
          {"group_type", 1},  {"group_avatar", ""}, {"user_id_list", {1, 4294967295}}};
}

json change_body() {
  return {{"req_user_id", 7}, {"app_key", "k"}, {"group_id", 3}, {"modify_type", 2}, {"user_id_list", {5}}};
}

TEST(query, create_group_is_read) {
  const auto got = parse_create_group(create_body().dump());
  EXPECT_EQ(got.fault, query_code::ok);
  EXPECT_EQ(got.app_key, "k");
  EXPECT_EQ(got.name, "team");
  EXPECT_EQ(got.type, 1u);
  EXPECT_EQ(got.users, (std::vector<std::uint32_t>{1, 4294967295}));
}

TEST(query, change_members_is_read) {
  const auto got = parse_change_members(change_body().dump());
  EXPECT_EQ(got.fault, query_code::ok);
  EXPECT_EQ(got.user, 7u);
  EXPECT_EQ(got.group, 3u);
  EXPECT_EQ(got.change, 2u);
  EXPECT_EQ(got.users, std::vector<std::uint32_t>{5});
}

TEST(query, every_key_is_required) {
  const auto create = create_body(), change = change_body();
  for (const auto& [key, value] : create.items()) {
    auto without = create;
    without.erase(key);
    EXPECT_EQ(parse_create_group(without.dump()).fault, query_code::bad_parameter) << key;
  }
  for (const auto& [key, value] : change.items()) {
    auto without = change;
    without.erase(key);
    EXPECT_EQ(parse_change_members(without.dump()).fault, query_code::bad_parameter) << key;
  }
}

TEST(query, a_key_or_a_user_of_another_type_is_code_5) {
  for (const auto& [key, value] : std::vector<std::pair<std::string, json>>{{"app_key", 1},
                                                                            {"app_key", nullptr},
                                                                            {"req_user_id", "0"},
                                                                            {"req_user_id", -1},
                                                                            {"req_user_id", 4294967296}}) {
    auto wrong = create_body();
    wrong[key] = value;
    EXPECT_EQ(parse_create_group(wrong.dump()).fault, query_code::not_authorized) << key << " " << value;
  }
}

TEST(query, other_values_of_another_type_are_code_1) {
  for (const auto& [key, value] : std::vector<std::pair<std::string, json>>{{"group_name", 1},
                                                                            {"group_type", 3},
                                                                            {"group_type", 0},
                                                                            {"group_type", "1"},
                                                                            {"group_type", 1.5},
                                                                            {"group_avatar", nullptr},
                                                                            {"user_id_list", 5},
                                                                            {"user_id_list", {0}},
                                                                            {"user_id_list", {"1"}},
                                                                            {"user_id_list", {4294967296}}}) {
    auto wrong = create_body();
    wrong[key] = value;
    EXPECT_EQ(parse_create_group(wrong.dump()).fault, query_code::bad_parameter) << key << " " << value;
  }
  auto wrong = change_body();
  wrong["modify_type"] = 3;
  EXPECT_EQ(parse_change_members(wrong.dump()).fault, query_code::bad_parameter);
}

TEST(query, what_is_no_json_object_is_code_1) {
  for (const std::string bad : {"", "null", "[]", "1", "{", "{}}", "\"x\"", "{\"a\":\"\xff\"}"}) {
    EXPECT_EQ(parse_create_group(bad).fault, query_code::bad_parameter) << bad;
  }
  EXPECT_EQ(parse_create_group(std::string(100'000, '[')).fault, query_code::bad_parameter);
}

TEST(query, a_fault_leaves_nothing_behind) {
  auto wrong = create_body();
  wrong["user_id_list"] = {1, 2, "3"};
  const auto got = parse_create_group(wrong.dump());
  EXPECT_EQ(got.app_key, "");
  EXPECT_TRUE(got.users.empty());
}

TEST(query, answers_are_teamtalks) {
  EXPECT_EQ(json::parse(answer_text(query_code::ok, 12)),
            (json{{"error_code", 0}, {"error_msg", "成功"}, {"group_id", 12}}));
  EXPECT_EQ(json::parse(answer_text(query_code::bad_parameter)), (json{{"error_code", 1}, {"error_msg", "参数错误"}}));
}

}  // namespace
}  // namespace http_admin

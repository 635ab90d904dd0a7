#include "parley/json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace parley {
namespace {

TEST(json, escapes_what_has_to_be) {
  EXPECT_EQ(json_text("a\"b\\c\n\x01\x7f/你"), "\"a\\\"b\\\\c\\n\\u0001\\u007f/你\"");
  std::string all;
  for (int c = 1; c < 0x80; ++c) all += static_cast<char>(c);
  all += '\0';
  EXPECT_EQ(nlohmann::json::parse(json_text(all)).get<std::string>(), all);
}

TEST(json, objects_keep_their_order) {
  EXPECT_EQ(json_object().add("b", 1).add("a", "x").str(), "{\"b\":1,\"a\":\"x\"}");
  EXPECT_EQ(json_object("\n ").add("b", 1).str(), "{\n \"b\" : 1\n}");
  EXPECT_EQ(json_object().str(), "{}");
  EXPECT_EQ(json_object("\n").str(), "{}");
}

TEST(json, takes_other_json_as_it_is) {
  EXPECT_EQ(json_object().raw("list", "[1,2]").add("n", -3).str(), "{\"list\":[1,2],\"n\":-3}");
}

}  // namespace
}  // namespace parley

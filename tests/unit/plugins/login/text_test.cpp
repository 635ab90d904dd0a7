#include "text.hpp"

#include <gtest/gtest.h>

#include "json.hpp"

namespace {

using login::characters;

TEST(characters, counts_code_points) {
  EXPECT_EQ(characters(""), 0u);
  EXPECT_EQ(characters("ab"), 2u);
  EXPECT_EQ(characters("你好"), 2u);
  EXPECT_EQ(characters("\xf0\x9f\x98\x80"), 1u);
}

TEST(characters, refuses_what_is_not_utf8) {
  for (const char* text : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe4\xbd", "a\x80"}) {
    EXPECT_EQ(characters(text), std::nullopt);
  }
}

TEST(storable, refuses_nul_and_what_is_too_long) {
  EXPECT_TRUE(login::storable("ada", 3));
  EXPECT_FALSE(login::storable("adam", 3));
  EXPECT_FALSE(login::storable(std::string_view("a\0b", 3), 3));
}

TEST(json, escapes_what_has_to_be) {
  EXPECT_EQ(login::json_text("a\"b\\c\n\x01/你"), "\"a\\\"b\\\\c\\n\\u0001/你\"");
}

TEST(json, objects_keep_their_order) {
  EXPECT_EQ(login::json_object().add("b", 1).add("a", "x").str(), "{\"b\":1,\"a\":\"x\"}");
  EXPECT_EQ(login::json_object("\n ").add("b", 1).str(), "{\n \"b\" : 1\n}");
  EXPECT_EQ(login::json_object().str(), "{}");
}

}  // namespace

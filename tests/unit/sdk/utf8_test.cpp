#include "parley/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley {
namespace {

using namespace std::string_literals;

TEST(utf8, counts_characters_not_bytes) {
  EXPECT_EQ(utf8_characters(""), 0u);
  EXPECT_EQ(utf8_characters("hello, hello, hello"), 19u);
  EXPECT_EQ(utf8_characters("12345678"), 8u);
  EXPECT_EQ(utf8_characters("你好，世界"), 5u);
  EXPECT_EQ(utf8_characters("1234567é12345678"), 16u);
  EXPECT_EQ(utf8_characters("\xF0\x9F\x98\x80"), 1u);
  EXPECT_EQ(utf8_characters("\xEF\xBF\xBF\xF4\x8F\xBF\xBF\xED\x9F\xBF\xEE\x80\x80"), 4u);
}

TEST(utf8, refuses_what_is_none) {
  for (const char* text :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xE2(\xA1", "\xED\xA0\x80",
        "\xED\xBF\xBF", "\xE4\xBD", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
        "\xFF", "a long plain start \xE4\xBD and more", "a\x80", "\xF0\x9F\x98"}) {
    EXPECT_FALSE(utf8_characters(text)) << text;
    EXPECT_FALSE(storable_characters(text)) << text;
    EXPECT_FALSE(storable(text, 100)) << text;
  }
}

TEST(utf8, refuses_nul_wherever_it_stands_in_what_is_stored) {
  for (std::size_t at = 0; at < 20; ++at) {
    std::string text(20, 'x');
    text[at] = '\0';
    EXPECT_EQ(utf8_characters(text), 20u);
    EXPECT_FALSE(storable_characters(text)) << at;
    EXPECT_FALSE(storable(text, 20)) << at;
  }
}

TEST(utf8, is_as_long_as_it_may_be) {
  EXPECT_TRUE(storable("", 0));
  EXPECT_TRUE(storable("ada", 3));
  EXPECT_FALSE(storable("adam", 3));
  EXPECT_TRUE(storable("界界", 2));
  EXPECT_FALSE(storable("界界界", 2));
  EXPECT_TRUE(storable("😀😀😀😀", 4));
  EXPECT_FALSE(storable("😀😀😀😀x", 4));
  EXPECT_FALSE(storable(std::string(10 << 20, 'x'), 255));
}

TEST(utf8, knows_control_characters) {
  for (const char* wrong : {"two\nlines", "tab\t", "\x7f", "\x1b[0m"}) EXPECT_TRUE(has_control(wrong));
  EXPECT_TRUE(has_control("a\0b"s));
  EXPECT_FALSE(has_control("Zoë's 朋友"));
}

TEST(utf8, is_cut_where_a_character_ends) {
  EXPECT_EQ(cut_text("abcdef", 6), "abcdef");
  EXPECT_EQ(cut_text("abcdef", 5), "abcde...");
  EXPECT_EQ(cut_text("你好", 5), "你...");
  EXPECT_EQ(cut_text("你好", 3), "你...");
  EXPECT_EQ(cut_text("你好", 2), "...");
  EXPECT_EQ(cut_text("a😀b", 4), "a...");
  EXPECT_EQ(cut_text("\x80\x80\x80\x80", 2), "...");
}

}  // namespace
}  // namespace parley

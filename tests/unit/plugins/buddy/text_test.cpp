#include "text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace buddy {
namespace {

using namespace std::string_literals;

TEST(buddy_text, is_valid_utf8_without_nul) {
  for (const auto& wrong : {"\xff"s, "\xc3"s, "\xed\xa0\x80"s, "a\0b"s}) {
    EXPECT_FALSE(is_text(wrong, 100));
    EXPECT_FALSE(is_name(wrong, 100));
  }
}

TEST(buddy_text, is_as_long_as_it_may_be) {
  EXPECT_TRUE(is_text("", 0));
  EXPECT_TRUE(is_text("界界", 2));
  EXPECT_FALSE(is_text("界界界", 2));
  EXPECT_TRUE(is_text(std::string(255, 'x'), 255));
  EXPECT_FALSE(is_text(std::string(256, 'x'), 255));
  EXPECT_FALSE(is_text(std::string(10 << 20, 'x'), 255));
}

TEST(buddy_text, a_name_is_one_line) {
  EXPECT_TRUE(is_text("two\nlines", 20));
  for (const char* wrong : {"two\nlines", "tab\t", "\x7f", "\x1b[0m"}) EXPECT_FALSE(is_name(wrong, 20));
  EXPECT_TRUE(is_name("Zoë's 朋友", 20));
}

}  // namespace
}  // namespace buddy

#include "text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace group {
namespace {

TEST(text, counts_characters_not_bytes) {
  std::string wide;
  for (int i = 0; i < 4; ++i) wide += "\xf0\x9f\x91\x8b";
  EXPECT_TRUE(storable(wide, 4));
  EXPECT_FALSE(storable(wide, 3));
  EXPECT_FALSE(storable("abcde", 4));
  EXPECT_TRUE(storable("", 0));
}

TEST(text, takes_only_valid_utf8_without_nul) {
  for (const std::string& bad : {std::string("\xc3"), std::string("\x80"), std::string("\xc0\xaf"),
                                 std::string("\0", 1), std::string("\xed\xa0\x80"), std::string("\xf4\x90\x80\x80"),
                                 std::string("\xff"), std::string("\xe2\x82"), std::string("\xe2(\xa1")}) {
    EXPECT_FALSE(storable(bad, 100)) << bad;
  }
  EXPECT_TRUE(storable("\xe2\x82\xac, \xc3\xa4", 100));
}

}  // namespace
}  // namespace group

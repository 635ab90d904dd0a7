#include "host/config/words.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

const std::vector<std::string> keys = {"name", "port", "login_timeout", "idle_timeout", "max_pdu", "warn"};

TEST(did_you_mean, finds_a_letter_missing_added_replaced_or_swapped) {
  EXPECT_EQ(nearest("nam", keys), "name");
  EXPECT_EQ(nearest("ports", keys), "port");
  EXPECT_EQ(nearest("login_timeuot", keys), "login_timeout");
  EXPECT_EQ(nearest("max-pdu", keys), "max_pdu");
}

TEST(did_you_mean, minds_no_capitals) {
  EXPECT_EQ(nearest("Port", keys), "port");
}

TEST(did_you_mean, takes_a_longer_or_shorter_form) {
  EXPECT_EQ(nearest("warning", keys), "warn");
}

TEST(did_you_mean, keeps_quiet_about_another_word) {
  EXPECT_EQ(nearest("colour", keys), "");
  EXPECT_EQ(nearest("", keys), "");
  EXPECT_EQ(nearest(std::string(5000, 'n'), keys), "");
  EXPECT_EQ(did_you_mean("colour", {"name", "port"}), "known are name, port");
}

TEST(in_quotes, is_one_short_line_of_whatever_it_is_given) {
  EXPECT_EQ(in_quotes("a\nb\x1b[0m"), "\"a\\x0Ab\\x1B[0m\"");
  EXPECT_LT(in_quotes(std::string(100000, 'x')).size(), 100u);
}

TEST(identifiers, begin_with_a_letter_and_are_lower_case) {
  EXPECT_TRUE(is_identifier("http_admin2"));
  for (const char* bad : {"", "2fa", "_x", "Login", "a-b", "a.b"}) EXPECT_FALSE(is_identifier(bad)) << bad;
}

}  // namespace
}  // namespace parley::host

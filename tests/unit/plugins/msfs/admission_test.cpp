#include "admission.hpp"

#include <gtest/gtest.h>

namespace msfs {
namespace {

TEST(admission, a_token_admits_its_user_wherever_it_comes_from) {
  const token_mint mint("a key");
  const auto token = mint.make(7, 1000);
  for (const auto open : {openness::off, openness::loopback, openness::on}) {
    const auto who = admit(mint, open, token, "203.0.113.5", 10);
    ASSERT_TRUE(who);
    EXPECT_EQ(who->user, 7u);
    EXPECT_EQ(who->address, "");
    EXPECT_FALSE(admit(mint, open, token, "127.0.0.1", 1000)) << "expired";
    EXPECT_FALSE(admit(mint, open, "nonsense", "127.0.0.1", 10));
  }
}

TEST(admission, without_a_token_the_address_decides) {
  const token_mint mint("a key");
  EXPECT_FALSE(admit(mint, openness::off, "", "127.0.0.1", 0));
  EXPECT_TRUE(admit(mint, openness::on, "", "203.0.113.5", 0));
  EXPECT_EQ(admit(mint, openness::on, "", "203.0.113.5", 0)->address, "203.0.113.5");
  EXPECT_FALSE(admit(mint, openness::loopback, "", "203.0.113.5", 0));
  for (const char* near : {"127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"}) EXPECT_TRUE(is_loopback(near)) << near;
  for (const char* far : {"", "128.0.0.1", "::2", "127.0.0.1.example", "1271.0.0.1", "::ffff:10.0.0.1", "127.1"}) {
    EXPECT_FALSE(is_loopback(far)) << far;
  }
}

TEST(admission, a_household_of_ipv6_is_one_address) {
  EXPECT_EQ(quota_address("203.0.113.5"), "203.0.113.5");
  EXPECT_EQ(quota_address("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(quota_address("2001:db8:1:2:ffff::1"), "2001:db8:1:2::/64");
  EXPECT_NE(quota_address("2001:db8:1:3::1"), "2001:db8:1:2::/64");
  EXPECT_EQ(quota_address("::ffff:203.0.113.5"), "203.0.113.5");
  EXPECT_LE(quota_address(std::string(1000, 'x')).size(), 64u);
}

TEST(admission, the_token_is_in_the_header_or_the_query) {
  EXPECT_EQ(token_of("h", "token=q"), "h");
  EXPECT_EQ(token_of("", "token=q"), "q");
  EXPECT_EQ(token_of("", "a=b&token=q&c=d"), "q");
  EXPECT_EQ(token_of("", "xtoken=q&tokens=r"), "");
  EXPECT_EQ(token_of("", ""), "");
  EXPECT_EQ(token_of("", "&&&token="), "");
}

}  // namespace
}  // namespace msfs

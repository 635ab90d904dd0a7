#include "address_rule.hpp"

#include <gtest/gtest.h>

namespace http_admin {
namespace {

TEST(address_rule, takes_addresses_and_networks) {
  for (const char* good : {"10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "::1", "fd00::/8", "::/0", "1.2.3.4/32", "::1/128"}) {
    EXPECT_TRUE(is_network(good)) << good;
  }
  for (const char* bad : {"", "10.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/-1", "host",
                          "10.0.0.0/8/8", " 10.0.0.1"}) {
    EXPECT_FALSE(is_network(bad)) << bad;
  }
}

TEST(address_rule, no_list_admits_everybody) {
  EXPECT_TRUE(are_networks(""));
  EXPECT_TRUE(admits("", "10.0.0.1"));
}

TEST(address_rule, admits_who_is_in_one_of_the_networks) {
  const auto* list = "10.0.0.0/8, 192.168.4.0/22,fd00::/8 , 1.2.3.4";
  EXPECT_TRUE(are_networks(list));
  for (const char* in : {"10.255.0.1", "192.168.7.255", "fdff::1", "1.2.3.4"}) EXPECT_TRUE(admits(list, in)) << in;
  for (const char* out : {"11.0.0.1", "192.168.8.0", "fe00::1", "1.2.3.5", "::ffff:10.0.0.1", "nonsense", ""}) {
    EXPECT_FALSE(admits(list, out)) << out;
  }
}

TEST(address_rule, one_bad_item_makes_a_bad_list) {
  for (const char* bad : {",", "10.0.0.1,", "10.0.0.1,host", "10.0.0.1;10.0.0.2"})
    EXPECT_FALSE(are_networks(bad)) << bad;
}

}  // namespace
}  // namespace http_admin

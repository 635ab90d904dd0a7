#include "host/http/client_address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace parley::host {
namespace {

client_address of_v6(const char* text) {
  sockaddr_storage from{};
  from.ss_family = AF_INET6;
  inet_pton(AF_INET6, text, &reinterpret_cast<sockaddr_in6&>(from).sin6_addr);
  return client_address_of(from);
}

TEST(client_address, ipv6_clients_are_counted_by_their_64) {
  EXPECT_EQ(of_v6("2001:db8::1:2:3:4").text, "2001:db8::1:2:3:4");
  EXPECT_EQ(of_v6("2001:db8:0:1::7").group, of_v6("2001:db8:0:1:ffff::9").group);
  EXPECT_NE(of_v6("2001:db8:0:1::7").group, of_v6("2001:db8:0:2::7").group);
}

TEST(client_address, mapped_ipv4_reads_as_ipv4) {
  EXPECT_EQ(of_v6("::ffff:192.0.2.7").text, "192.0.2.7");
  EXPECT_EQ(of_v6("::ffff:192.0.2.7").group, "192.0.2.7");
}

}  // namespace
}  // namespace parley::host

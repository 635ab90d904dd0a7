#include <parley/page.hpp>

#include <gtest/gtest.h>

namespace parley::detail {
namespace {

TEST(page, gzip_is_for_those_who_take_it) {
  for (const auto* accepted : {"gzip", "gzip, deflate, br", "deflate, gzip;q=0.5", "br ,  gzip", "*", "gzip;q=1"}) {
    EXPECT_TRUE(takes_gzip(accepted)) << accepted;
  }
  for (const auto* accepted : {"", "identity", "br", "gzip;q=0", "gzip;q=0.000", "x-gzip", ",,", "gzipped"}) {
    EXPECT_FALSE(takes_gzip(accepted)) << accepted;
  }
}

TEST(page, only_a_plain_host_gets_into_a_header) {
  for (const auto* host : {"127.0.0.1:8080", "[::1]:8080", "chat.example.org", "localhost"}) {
    EXPECT_TRUE(is_plain_host(host)) << host;
  }
  for (const auto* host : {"", "a b", "a;script-src *", "a,b", "a'b", "a\r\nX: y", "*"}) {
    EXPECT_FALSE(is_plain_host(host)) << host;
  }
  EXPECT_FALSE(is_plain_host(std::string(300, 'a')));
}

}  // namespace
}  // namespace parley::detail

#include <gtest/gtest.h>

#include <parley/testing.hpp>

namespace {

using parley::testing::core;

parley::testing::options with_clock() {
  parley::testing::options o;
  o.plugins = {{"clock", PARLEY_PLUGIN_FILE}};
  return o;
}

/// The address behind `before` in a page.
std::string address(const std::string& page, const std::string& before) {
  const auto from = page.find(before) + before.size();
  return page.substr(from, page.find('"', from) - from);
}

TEST(clock_page, comes_with_what_it_needs_and_nothing_else) {
  core host(with_clock());
  const auto page = host.get("/clock/");
  ASSERT_EQ(page.code, 200u);
  EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.header("cache-control"), "no-cache");
  EXPECT_NE(page.header("content-security-policy").find("default-src 'none'; script-src 'self'"), std::string::npos);
  const auto script = host.get(address(page.body, "src=\""));
  EXPECT_EQ(script.code, 200u);
  EXPECT_EQ(script.header("content-type"), "text/javascript; charset=utf-8");
  EXPECT_NE(script.header("cache-control").find("immutable"), std::string::npos);
  EXPECT_EQ(host.get(address(page.body, "href=\"")).header("content-type"), "text/css; charset=utf-8");
  EXPECT_EQ(host.get("/clock/none").code, 404u);
}

TEST(clock_page, is_compressed_and_known_again) {
  core host(with_clock());
  const auto path = address(host.get("/clock/").body, "src=\"");
  const auto plain = host.get(path), packed = host.request("GET", path, {{"Accept-Encoding", "gzip, br"}});
  EXPECT_EQ(packed.header("content-encoding"), "gzip");
  EXPECT_EQ(packed.body.substr(0, 2), "\x1f\x8b");
  EXPECT_LT(packed.body.size(), plain.body.size());
  EXPECT_NE(plain.header("etag"), packed.header("etag"));
  const auto again = host.request("GET", path, {{"Accept-Encoding", "gzip"}, {"If-None-Match", packed.header("etag")}});
  EXPECT_EQ(again.code, 304u);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(host.request("GET", path, {{"If-None-Match", packed.header("etag")}}).code, 200u);
  EXPECT_EQ(host.request("HEAD", path).body, "");
}

TEST(clock_page, a_host_that_is_none_does_not_get_into_the_policy) {
  core host(with_clock());
  const auto policy = [&](const std::string& name) {
    return host.request("GET", "/clock/", {{"Host", name}}).header("content-security-policy");
  };
  EXPECT_NE(
      policy("chat.example.org:81").find("connect-src 'self' ws://chat.example.org:81 wss://chat.example.org:81;"),
      std::string::npos);
  EXPECT_EQ(policy("a;script-src *").find("script-src *"), std::string::npos);
}

}  // namespace

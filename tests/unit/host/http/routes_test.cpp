#include "host/http/routes.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

route make(std::string method, std::string path, bool prefix, std::string owner = "test") {
  return {std::move(method), std::move(path), prefix, 0, [](const exchange_view&) {}, std::move(owner)};
}

class http_routes : public testing::Test {
 protected:
  void add(std::string method, std::string path, bool prefix = false) {
    auto owner = method + path + (prefix ? "..." : "");
    ASSERT_TRUE(table_.add(make(std::move(method), std::move(path), prefix, owner)));
  }
  std::string serves(std::string_view method, std::string_view path) {
    const auto m = table_.find(method, path);
    return m.found ? m.found->owner : "";
  }
  route_table table_;
};

TEST_F(http_routes, exact_before_prefix_and_longest_prefix_first) {
  add("GET", "/", true);
  add("GET", "/api/", true);
  add("GET", "/api/users/", true);
  add("GET", "/api/users/me");
  EXPECT_EQ(serves("GET", "/api/users/me"), "GET/api/users/me");
  EXPECT_EQ(serves("GET", "/api/users/7"), "GET/api/users/...");
  EXPECT_EQ(serves("GET", "/api/users"), "GET/api/...");
  EXPECT_EQ(serves("GET", "/api/zzz"), "GET/api/...");
  EXPECT_EQ(serves("GET", "/apix"), "GET/...");
}

TEST_F(http_routes, the_most_specific_route_whose_method_fits) {
  add("GET", "/");
  add("POST", "/", true);
  add("*", "/any");
  add("PUT", "/any");
  EXPECT_EQ(serves("GET", "/"), "GET/");
  EXPECT_EQ(serves("POST", "/"), "POST/...");
  EXPECT_EQ(serves("PUT", "/any"), "PUT/any");
  EXPECT_EQ(serves("DELETE", "/any"), "*/any");
}

TEST_F(http_routes, get_serves_head) {
  add("GET", "/a");
  add("HEAD", "/b");
  add("GET", "/b");
  EXPECT_EQ(serves("HEAD", "/a"), "GET/a");
  EXPECT_EQ(serves("HEAD", "/b"), "HEAD/b");
}

TEST_F(http_routes, a_wrong_method_is_told_the_right_ones) {
  add("POST", "/", true);
  add("GET", "/a");
  const auto m = table_.find("DELETE", "/a");
  EXPECT_EQ(m.found, nullptr);
  EXPECT_EQ(m.allow, "GET, HEAD, POST");
  EXPECT_EQ(table_.find("OPTIONS", "*").allow, "GET, HEAD, POST");
  EXPECT_EQ(route_table().find("GET", "/a").allow, "");
}

TEST_F(http_routes, a_conflict_names_both_sides) {
  ASSERT_TRUE(table_.add(make("GET", "/x", false, "msfs")));
  ASSERT_TRUE(table_.add(make("GET", "/x", true, "msfs")));
  const auto refused = table_.add(make("GET", "/x", false, "web_chat"));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.text().find("msfs"), std::string::npos);
  EXPECT_NE(refused.text().find("web_chat"), std::string::npos);
  EXPECT_NE(refused.text().find("GET /x"), std::string::npos);
}

TEST_F(http_routes, refuses_routes_that_cannot_be_asked_for) {
  EXPECT_FALSE(table_.add(make("GET", "", false)));
  EXPECT_FALSE(table_.add(make("GET", "x", false)));
  EXPECT_FALSE(table_.add(make("GET", "/a b", false)));
  EXPECT_FALSE(table_.add(make("GET", "/a?b", false)));
  EXPECT_FALSE(table_.add(make("", "/a", false)));
  EXPECT_FALSE(table_.add(make("GE T", "/a", false)));
  EXPECT_FALSE(table_.add({"GET", "/a", false, 0, nullptr, "test"}));
}

}  // namespace
}  // namespace parley::host

// Calls of /api/v1 as verbs: addresses, queries, bodies.
#include "arguments.hpp"

#include <gtest/gtest.h>

namespace http_admin {
namespace {

asked read(std::string_view method, std::string_view path, std::string_view body = {}, std::string_view query = {},
           std::string_view type = "application/json") {
  const auto at = place_of(method, path);
  EXPECT_TRUE(at.found) << method << " " << path;
  return at.found ? read_call(at, query, type, body) : asked{};
}

std::string one_step(const asked& got) {
  EXPECT_EQ(got.fault.text, "");
  return got.steps.size() == 1 ? got.steps[0].verb + " " + got.steps[0].json() : std::to_string(got.steps.size());
}

TEST(address, finds_the_resource_and_what_stands_in_the_path) {
  const auto one = place_of("GET", "/users/7");
  ASSERT_TRUE(one.found);
  EXPECT_EQ(one.path.at("id"), "7");
  EXPECT_STREQ(place_of("POST", "/users/import").found->verb, "users import");
  const auto message = place_of("GET", "/messages/single/1/2/3/trace");
  ASSERT_TRUE(message.found);
  EXPECT_EQ(message.path.size(), 3u);
  EXPECT_EQ(place_of("GET", "/plugins/http_admin").path.at("name"), "http_admin");
}

TEST(address, is_exact) {
  for (const char* path :
       {"", "/", "users", "/users/", "/users//7", "/users/0", "/users/07", "/users/-1", "/users/x", "/users/7/",
        "/Users", "/users/123456789012345678901", "/plugins/..", "/plugins/A", "/users/7%2f", "/nothing"}) {
    const auto got = place_of("GET", path);
    EXPECT_FALSE(got.found) << path;
    EXPECT_EQ(got.methods, "") << path;
  }
  EXPECT_EQ(place_of("PUT", "/users").methods, "GET, POST");
  EXPECT_FALSE(place_of("PUT", "/users").found);
}

TEST(address, queries_are_decoded_and_have_to_be_well_formed) {
  EXPECT_EQ(parse_query("a=b%20c+d&e=&f=%E4%BD%A0")->at("f"), "\xE4\xBD\xA0");
  EXPECT_EQ(parse_query("a=b%20c+d")->at("a"), "b c d");
  for (const char* bad : {"a=%", "a=%2", "a=%zz", "a=1&a=2", "a=%ff", "a=%00", "a=%0d%0a", "%0a=1"}) {
    EXPECT_FALSE(parse_query(bad)) << bad;
  }
}

TEST(address, cookies_and_origins_are_compared_whole) {
  EXPECT_EQ(cookie("a=1; parley_admin=x; b=2", "parley_admin"), "x");
  EXPECT_EQ(cookie("xparley_admin=1; parley_adminx=2", "parley_admin"), "");
  EXPECT_TRUE(same_host("https://Chat.example:8443", "chat.example:8443"));
  for (const char* other : {"https://chat.example", "https://evil.example", "null", "", "chat.example:8443",
                            "https://chat.example:8443.evil.example", "https://evil@chat.example:8443"}) {
    EXPECT_FALSE(same_host(other, "chat.example:8443")) << other;
  }
  EXPECT_FALSE(same_host("http://", ""));
}

TEST(arguments, a_call_becomes_a_verb) {
  EXPECT_EQ(one_step(read("GET", "/users", {}, "search=ann&size=10")),
            R"(users list {"page":"1","search":"ann","size":"10"})");
  EXPECT_EQ(one_step(read("GET", "/users/7")), R"(users show {"user":"7"})");
  EXPECT_EQ(one_step(read("POST", "/groups", R"({"name":"team","members":[1,2,3]})")),
            R"(groups add {"members":"1,2,3","name":"team"})");
  EXPECT_EQ(one_step(read("DELETE", "/groups/4/members/9")), R"(groups member-remove {"id":"4","users":"9"})");
  EXPECT_EQ(one_step(read("POST", "/users", R"({"name":"a","password":"p","department":3,"sex":1})")),
            R"(users add {"department":"3","name":"a","password":"p","sex":"1"})");
  EXPECT_EQ(one_step(read("POST", "/users/import", "name,password\na,b\n", "skip-existing=yes", "text/csv")),
            R"(users import {"file":"name,password\na,b\n","skip-existing":true})");
  EXPECT_EQ(one_step(read("POST", "/admins", R"({"name":"bo"})")), R"(admins add {"name":"bo","role":"viewer"})");
}

TEST(arguments, values_that_have_verbs_of_their_own_are_steps) {
  const auto all = read("PATCH", "/groups/4", R"({"name":"n","owner":7,"avatar":"u"})");
  ASSERT_EQ(all.steps.size(), 3u);
  EXPECT_EQ(all.steps[0].verb, "groups rename");
  EXPECT_EQ(all.steps[0].json(), R"({"id":"4","name":"n"})");
  EXPECT_EQ(all.steps[1].verb + all.steps[1].json(), R"(groups avatar{"id":"4","url":"u"})");
  EXPECT_EQ(all.steps[2].verb + all.steps[2].json(), R"(groups owner{"id":"4","user":"7"})");
  EXPECT_EQ(one_step(read("PATCH", "/groups/4", R"({"owner":7})")), R"(groups owner {"id":"4","user":"7"})");

  const auto off = read("PATCH", "/users/7", R"({"disabled":true})");
  ASSERT_EQ(off.steps.size(), 1u);
  EXPECT_EQ(off.steps[0].verb + off.steps[0].json(), R"(users disable{"id":"7"})");
  EXPECT_EQ(off.steps[0].name_argument, "name");
  EXPECT_EQ(read("PATCH", "/users/7", R"({"disabled":false})").steps.at(0).verb, "users enable");
  const auto both = read("PATCH", "/users/7", R"({"disabled":false,"nick":"x"})");
  ASSERT_EQ(both.steps.size(), 2u);
  EXPECT_EQ(both.steps[0].verb + both.steps[0].json(), R"(users edit{"id":"7","nick":"x"})");
  EXPECT_EQ(both.steps[0].name_argument, "");
  EXPECT_EQ(read("PATCH", "/groups/4", "{}").fault.code, "malformed") << "nothing to change";
}

TEST(arguments, what_is_not_taken_is_named) {
  const auto unknown = read("POST", "/users", R"({"name":"a","password":"p","admin":true})");
  EXPECT_EQ(unknown.fault.http, 400u);
  EXPECT_EQ(unknown.fault.field, "admin");
  EXPECT_EQ(read("POST", "/users", R"({"name":"a"})").fault.field, "password");
  EXPECT_EQ(read("POST", "/users", R"({"name":5,"password":"p"})").fault.field, "name");
  EXPECT_EQ(read("POST", "/users", R"({"name":{"a":1},"password":"p"})").fault.field, "name");
  EXPECT_EQ(read("POST", "/users", "{\"name\":\"a\\u0000b\",\"password\":\"p\"}").fault.field, "name");
  EXPECT_EQ(read("GET", "/users", {}, "size=many").fault.field, "size");
  EXPECT_EQ(read("GET", "/users", {}, "pages=1").fault.field, "pages");
  EXPECT_EQ(read("GET", "/users", {}, "online=maybe").fault.field, "online");
  EXPECT_EQ(read("GET", "/users", "{\"x\":1}").fault.field, "x");
  for (const char* bad : {"[]", "1", "null", "{", "{}}", "{\"name\":\"\xff\"}", "name=a"}) {
    EXPECT_EQ(read("POST", "/users", bad).fault.http, 400u) << bad;
  }
  EXPECT_EQ(read("POST", "/users", std::string(60'000, '[')).fault.http, 400u);
  EXPECT_EQ(read("POST", "/users", R"({"name":"a"})", {}, "text/plain").fault.http, 415u);
  EXPECT_EQ(read("POST", "/users/import", "a", {}, "application/json").fault.http, 415u);
  EXPECT_EQ(read("POST", "/users/import", "a\xff", {}, "text/csv").fault.http, 400u);
  EXPECT_EQ(read("POST", "/groups", R"({"name":"a","members":["1"]})").fault.field, "members");
  EXPECT_EQ(read("POST", "/groups", R"({"name":"a","members":[-1]})").fault.field, "members");
  EXPECT_EQ(read("POST", "/groups", R"({"name":"a","members":[[1]]})").fault.field, "members");
}

TEST(arguments, the_audit_log_is_told_what_was_given_and_no_secret) {
  const auto made = read("POST", "/users", R"({"name":"ann\r\nx","password":"hunter2!","nick":"n"})");
  EXPECT_EQ(made.target, "ann  x");
  EXPECT_EQ(made.detail, "name=ann  x, password=***, nick=n");
  EXPECT_EQ(read("POST", "/users/7/password", R"({"password":"hunter2!"})").detail, "password=***");
  EXPECT_EQ(read("POST", "/users/7/password", R"({"password":"hunter2!"})").target, "7");
  EXPECT_EQ(read("DELETE", "/groups/4/members/9").target, "4 9");
  std::string text;
  for (int i = 0; i < 300; ++i) text += "\xE4\xBD\xA0";
  const auto cut = read("POST", "/announcements", "{\"text\":\"" + text + "\"}").detail;
  EXPECT_LT(cut.size(), 120u);
  EXPECT_EQ(cut.substr(cut.size() - 6), "\xE4\xBD\xA0...");
}

}  // namespace
}  // namespace http_admin

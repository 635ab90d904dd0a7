// Every call of /api/v1 without a sign-in, with too small a role, from another site's page.
#include "node/admin_fixture.hpp"
#include "plugins/http_admin/resources.hpp"

namespace parley::test {
namespace {

struct http_admin_rights : admin_test {
  static int rank(const std::string& role) {
    return role == "public" ? 0 : role == "viewer" ? 1 : role == "operator" ? 2 : 3;
  }
};

TEST_F(http_admin_rights, who_is_not_signed_in_gets_nothing) {
  auto nobody = stranger();
  auto guessing = stranger();
  guessing.cookie = "parley_admin=" + std::string(43, 'A');
  auto programming = stranger();
  programming.authorization = "Bearer " + std::string(43, 'A');
  for (const auto& r : routes()) {
    if (r.role == "public") continue;
    for (const auto* who : {&nobody, &guessing, &programming}) {
      const auto got = who->send(r.method, r.path, r.changes ? "{}" : "", {{"Content-Type", r.content_type}});
      EXPECT_EQ(got.status, 401) << r.name();
      EXPECT_EQ(got.code(), "unsigned") << r.name();
      EXPECT_TRUE(got.has_header("Cache-Control: no-store")) << r.name() << got.head;
      EXPECT_TRUE(got.has_header("X-Content-Type-Options: nosniff")) << r.name();
    }
  }
  EXPECT_EQ(node().ask("audit list", {{"page", "1"}}).at("total"), 0);
  EXPECT_GE(count("parley_http_admin_rest_refused"), 150);
  EXPECT_EQ(count("parley_http_admin_rest_served"), 1) << "the description";
}

TEST_F(http_admin_rights, a_role_does_what_it_may_and_no_more) {
  as("admin");
  for (const std::string role : {"viewer", "operator"}) {
    const auto who = as(role);
    for (const auto& r : routes()) {
      if (rank(r.role) <= rank(role)) continue;
      const auto got = who.send(r.method, r.path, r.changes ? "{}" : "",
                                {{"Content-Type", r.content_type}, {"X-Parley-CSRF", who.csrf}});
      EXPECT_EQ(got.status, 403) << role << " " << r.name() << got.text;
      EXPECT_EQ(got.code(), "not_allowed") << role << " " << r.name();
    }
  }
  EXPECT_EQ(node().ask("admins list").size(), 3u);
}

TEST_F(http_admin_rights, what_a_role_may_is_never_refused_for_the_role) {
  as("admin");
  for (const std::string role : {"viewer", "operator", "admin"}) {
    const auto who = as(role, true);
    for (const auto& r : routes()) {
      if (rank(r.role) > rank(role) || r.path == "/logout" || r.path == "/admins/1") continue;
      const auto got = who.send(r.method, r.path, r.changes ? "[]" : "", {{"Content-Type", r.content_type}});
      EXPECT_NE(got.status, 401) << role << " " << r.name() << got.text;
      EXPECT_NE(got.status, 403) << role << " " << r.name() << got.text;
      EXPECT_NE(got.status, 500) << role << " " << r.name() << got.text;
      EXPECT_FALSE(got.body.is_discarded()) << role << " " << r.name() << got.text;
    }
  }
  expect_alive();
}

TEST_F(http_admin_rights, a_page_of_another_site_changes_nothing) {
  const auto admin = as("admin");
  for (const auto& r : routes()) {
    if (!r.changes || r.role == "public") continue;
    const auto no_token = admin.send(r.method, r.path, "{}", {{"Content-Type", r.content_type}});
    EXPECT_EQ(no_token.status, 403) << r.name();
    EXPECT_EQ(no_token.code(), "csrf") << r.name();
    const auto other_token =
        admin.send(r.method, r.path, "{}", {{"Content-Type", r.content_type}, {"X-Parley-CSRF", std::string(64, '0')}});
    EXPECT_EQ(other_token.code(), "csrf") << r.name();
    for (const std::string origin : {"https://evil.example", "null", "http://chat.example.evil.example"}) {
      const auto foreign =
          admin.send(r.method, r.path, "{}",
                     {{"Content-Type", r.content_type}, {"X-Parley-CSRF", admin.csrf}, {"Origin", origin}});
      EXPECT_EQ(foreign.status, 403) << r.name() << origin;
      EXPECT_EQ(foreign.code(), "origin") << r.name() << origin;
    }
  }
  const auto page = json{{"name", "wiki"}, {"url", "https://wiki.example"}};
  EXPECT_EQ(admin.call("POST", "/links", page, {{"Origin", "http://chat.example"}}).status, 201);
  EXPECT_EQ(as("admin", true).call("POST", "/links", page).status, 201) << "a program has no cookie to steal";
  EXPECT_EQ(admin
                .send("POST", "/login", R"({"name":"admin","password":"x"})",
                      {{"Content-Type", "application/json"}, {"Origin", "https://evil.example"}})
                .code(),
            "origin");
}

TEST_F(http_admin_rights, every_resource_has_a_verb_that_takes_its_arguments) {
  std::map<std::string, std::set<std::string>> verbs;
  for (const auto& verb : node().ask("verbs")) {
    auto& takes = verbs[verb.at("name")];
    for (const auto& a : verb.at("args")) takes.insert(a.at("name").get<std::string>());
  }
  for (const auto& r : ::http_admin::resources()) {
    if (!*r.verb) continue;
    EXPECT_TRUE(verbs.contains(r.verb)) << r.path << ": " << r.verb;
    if (*r.then) {
      EXPECT_TRUE(verbs[r.then].contains(r.then_argument)) << r.path << ": " << r.then;
    }
    for (const auto& m : r.takes) {
      if (!*m.argument) continue;
      const bool all = !m.verb && m.from == ::http_admin::source::path;
      for (const auto* verb : {m.verb ? m.verb : r.verb, m.verb_of_no}) {
        if (verb) {
          EXPECT_TRUE(verbs[verb].contains(m.argument)) << r.path << ": " << verb << " " << m.argument;
        }
      }
      for (const auto& other : r.takes) {
        if (all && other.verb) {
          EXPECT_TRUE(verbs[other.verb].contains(m.argument)) << other.verb << " " << m.argument;
        }
      }
    }
  }
}

}  // namespace
}  // namespace parley::test

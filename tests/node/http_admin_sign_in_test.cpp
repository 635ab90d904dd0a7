// Signing in to /api/v1, and how a sign-in ends.
#include "node/admin_fixture.hpp"

namespace parley::test {
namespace {

struct http_admin_sign_in : admin_test {};

TEST_F(http_admin_sign_in, there_is_no_admin_until_one_is_made) {
  EXPECT_EQ(node().ask("admins list").size(), 0u);
  for (const std::string name : {"admin", "root", ""}) {
    EXPECT_NE(stranger().sign_in(name, name).status, 200) << name;
    EXPECT_NE(stranger().sign_in(name, "admin").status, 200) << name;
  }
  const auto made = node().ask("admins add", {{"name", "ann"}});
  EXPECT_EQ(made.at("role"), "admin");
  const std::string password = made.at("password");
  EXPECT_EQ(made.dump().rfind("\"password\""), made.dump().find("\"password\""));
  EXPECT_EQ(stranger().sign_in("ann", password).status, 200);
  EXPECT_EQ(node().ask("admins list").dump().find(password), std::string::npos);
  EXPECT_EQ(node().run_sql("SELECT password FROM admin").substr(0, 10), "$argon2id$");
  for (const json& bad : {json{{"name", "ann"}}, json{{"name", "12"}}, json{{"name", "a b"}}, json{{"name", ""}},
                          json{{"name", "bo"}, {"role", "king"}}, json{{"name", "bo"}, {"password", "short"}}}) {
    EXPECT_FALSE(node().control().call("admins add", bad).ok) << bad;
  }
}

TEST_F(http_admin_sign_in, by_cookie_and_by_token) {
  make("ann", "admin");
  auto page = stranger();
  const auto got = page.sign_in("ann", secret_of("ann"));
  EXPECT_EQ(got.status, 200) << got.text;
  EXPECT_EQ(got.body.at("admin").at("role"), "admin");
  EXPECT_FALSE(got.body.contains("token"));
  for (const std::string word : {"; HttpOnly", "; SameSite=Strict", "; Path=/api/"})
    EXPECT_NE(got.head.find(word), std::string::npos) << got.head;
  EXPECT_EQ(got.head.find("Secure"), std::string::npos) << "this listener speaks no TLS";
  EXPECT_EQ(page.get("/me").body.at("csrf"), page.csrf) << "for a page that was loaded anew";
  EXPECT_EQ(page.get("/me").body.at("admin").at("name"), "ann");

  auto program = stranger();
  const auto told = program.sign_in("ann", secret_of("ann"), true);
  EXPECT_EQ(told.head.find("Set-Cookie"), std::string::npos);
  EXPECT_EQ(program.get("/me").status, 200);
  EXPECT_EQ(node().run_sql("SELECT COUNT(*) FROM admin_session"), "2");
  const auto token = program.authorization.substr(7);
  EXPECT_EQ(node().run_sql("SELECT COUNT(*) FROM admin_session WHERE digest = '" + token + "'"), "0");

  const auto out = page.call("POST", "/logout");
  EXPECT_EQ(out.status, 200) << out.text;
  EXPECT_NE(out.head.find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(page.get("/me").status, 401);
  EXPECT_EQ(program.get("/me").status, 200);
}

TEST_F(http_admin_sign_in, guessing_locks_the_guesser_and_is_told_alike_for_every_name) {
  make("ann", "admin");
  for (int i = 0; i < 5; ++i) {
    const auto wrong = stranger().sign_in("ann", "guess " + std::to_string(i));
    const auto nobody = stranger().sign_in("nobody", "guess " + std::to_string(i));
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(wrong.text, nobody.text);
  }
  const auto locked = stranger().sign_in("ann", secret_of("ann"));
  EXPECT_EQ(locked.status, 423) << "though it is right: who guesses learns nothing";
  EXPECT_EQ(locked.code(), "locked");
  EXPECT_TRUE(locked.has_header("Retry-After: ")) << locked.head;
  EXPECT_EQ(stranger().sign_in("nobody", "x").status, 423);
  EXPECT_TRUE(node().ask("admins list").at(0).at("locked"));
  EXPECT_EQ(node().ask("audit list", {{"action", "login"}, {"admin", "ann"}}).at("total"), 5);
  node().ask("reload", {{"name", "http_admin"}});
  EXPECT_EQ(stranger().sign_in("ann", secret_of("ann")).status, 423) << "a reload opens no door";
  EXPECT_TRUE(node().ask("admins unlock", {{"name", "ann"}}).at("unlocked"));
  EXPECT_EQ(stranger().sign_in("ann", secret_of("ann")).status, 200);
  EXPECT_EQ(count("parley_http_admin_signed_in"), 1);
  EXPECT_GE(count("parley_http_admin_not_signed_in"), 13);
}

TEST_F(http_admin_sign_in, an_address_is_locked_whatever_names_it_tries) {
  make("ann", "admin");
  for (int i = 0; i < 50; ++i) EXPECT_EQ(stranger().sign_in("n" + std::to_string(i), "x").status, 401) << i;
  EXPECT_EQ(stranger().sign_in("ann", secret_of("ann")).status, 423);
}

TEST_F(http_admin_sign_in, survives_a_reload_and_a_restart) {
  auto ann = as("admin"), program = as("admin", true);
  node().ask("reload", {{"name", "http_admin"}});
  EXPECT_EQ(ann.get("/me").status, 200);
  EXPECT_EQ(ann.call("POST", "/links", {{"name", "wiki"}, {"url", "https://wiki.example"}}).status, 201);
  const auto cookie = ann.cookie;
  node().restart();
  auto again = stranger();
  again.cookie = cookie;
  EXPECT_EQ(again.get("/me").status, 200);
}

TEST_F(http_admin_sign_in, a_disabled_a_removed_and_a_changed_admin_are_out_at_once) {
  const auto ann = as("admin");
  make("bea", "operator");
  auto bea = stranger();
  bea.sign_in("bea", secret_of("bea"));
  EXPECT_EQ(bea.get("/users").status, 200);
  json bea_now;
  for (const auto& one : ann.get("/admins").body) {
    if (one.at("name") == "bea") bea_now = one;
  }
  const auto path = "/admins/" + bea_now.at("id").dump();
  EXPECT_EQ(ann.call("PATCH", path, {{"role", "viewer"}}).body.at("role"), "viewer");
  EXPECT_EQ(bea.call("POST", "/links", {{"name", "w"}, {"url", "http://w"}}).status, 403) << "a smaller role at once";

  EXPECT_EQ(ann.call("PATCH", path, {{"disabled", true}}).body.at("disabled"), true);
  EXPECT_EQ(bea.get("/me").status, 401);
  EXPECT_EQ(bea.sign_in("bea", secret_of("bea")).status, 401);
  ann.call("PATCH", path, {{"disabled", false}, {"password", "another password"}});
  EXPECT_EQ(bea.sign_in("bea", secret_of("bea")).status, 401);
  EXPECT_EQ(bea.sign_in("bea", "another password").status, 200);
  ann.call("PATCH", path, {{"password", "a third password"}});
  EXPECT_EQ(bea.get("/me").status, 401);
  bea.sign_in("bea", "a third password");
  EXPECT_EQ(ann.call("DELETE", path).status, 200);
  EXPECT_EQ(bea.get("/me").status, 401);
  EXPECT_EQ(ann.call("DELETE", path).status, 404);
}

TEST_F(http_admin_sign_in, the_last_admin_stays) {
  const auto ann = as("admin");
  as("operator");
  const auto id = ann.get("/me").body.at("admin").at("id").dump();
  for (const json& change : {json{{"disabled", true}}, json{{"role", "operator"}}}) {
    const auto got = ann.call("PATCH", "/admins/" + id, change);
    EXPECT_EQ(got.status, 409) << got.text;
    EXPECT_EQ(got.code(), "conflict");
  }
  EXPECT_EQ(ann.call("DELETE", "/admins/" + id).status, 409);
  EXPECT_FALSE(node().control().call("admins remove", {{"name", "admin"}}).ok);
  EXPECT_FALSE(node().control().call("admins disable", {{"name", "admin"}}).ok);
  EXPECT_EQ(ann.get("/me").status, 200);
}

TEST_F(http_admin_sign_in, ones_own_password_needs_the_old_one_and_ends_the_other_sign_ins) {
  const auto ann = as("viewer"), elsewhere = as("viewer");
  EXPECT_EQ(ann.call("POST", "/me/password", {{"old", "wrong"}, {"new", "a new password"}}).code(), "wrong_password");
  EXPECT_EQ(ann.call("POST", "/me/password", {{"old", secret_of("viewer")}, {"new", "short"}}).status, 400);
  EXPECT_EQ(elsewhere.get("/me").status, 200);
  const auto done = ann.call("POST", "/me/password", {{"old", secret_of("viewer")}, {"new", "a new password"}});
  EXPECT_EQ(done.status, 200) << done.text;
  EXPECT_EQ(ann.get("/me").status, 200);
  EXPECT_EQ(elsewhere.get("/me").status, 401);
  EXPECT_EQ(stranger().sign_in("viewer", "a new password").status, 200);
  for (int i = 0; i < 5; ++i) ann.call("POST", "/me/password", {{"old", "wrong"}, {"new", "a new password"}});
  EXPECT_EQ(ann.call("POST", "/me/password", {{"old", "a new password"}, {"new", "a new password"}}).status, 423);
}

TEST_F(http_admin_sign_in, ends_when_nothing_is_asked_for_long_enough) {
  options_.environment["PARLEY_ADMIN_IDLE"] = "60s";
  const auto ann = as("admin");
  EXPECT_EQ(ann.get("/me").status, 200);
  node().run_sql("UPDATE admin_session SET seen = seen - 61");
  const auto late = ann.get("/me");
  EXPECT_EQ(late.status, 401);
  EXPECT_NE(late.head.find("Max-Age=0"), std::string::npos) << late.head;
  EXPECT_EQ(node().run_sql("SELECT COUNT(*) FROM admin_session"), "0");
}

TEST_F(http_admin_sign_in, ends_after_its_longest_time_however_much_is_asked) {
  const auto ann = as("admin");
  node().run_sql("UPDATE admin_session SET created = created - 43201");
  EXPECT_EQ(ann.get("/me").status, 401);
}

}  // namespace
}  // namespace parley::test

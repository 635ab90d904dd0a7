// What /api/v1 does, and what it makes of bad input.
#include <parley/commands.hpp>

#include <atomic>
#include <thread>

#include "IM.Message.pb.h"
#include "node/admin_fixture.hpp"

namespace parley::test {
namespace {

struct http_admin_calls : admin_test {
  json newest_audit() { return node().ask("audit list", {{"size", "1"}}).at("items").at(0); }
};

TEST_F(http_admin_calls, links_are_made_edited_and_removed_and_everything_is_audited) {
  const auto admin = as("operator");
  const auto made = admin.call("POST", "/links", {{"name", "wiki"}, {"url", "https://wiki.example"}, {"priority", 2}});
  EXPECT_EQ(made.status, 201) << made.text;
  const auto id = made.body.at("id").dump();
  EXPECT_EQ(admin.get("/links").body.at(0).at("priority"), 2);
  EXPECT_EQ(admin.call("PATCH", "/links/" + id, {{"name", "the wiki"}}).body.at("url"), "https://wiki.example");
  EXPECT_EQ(json::parse(http_get(node().http_port(), "/api/discovery").body).at(0).at("itemName"), "the wiki");
  EXPECT_EQ(admin.call("PATCH", "/links/" + id, {{"url", "javascript:alert(1)"}}).status, 400);
  const auto row = newest_audit();
  EXPECT_EQ(row.at("action"), "links.edit");
  EXPECT_EQ(row.at("admin"), "operator");
  EXPECT_EQ(row.at("role"), "operator");
  EXPECT_EQ(row.at("address"), "127.0.0.1");
  EXPECT_EQ(row.at("target"), id);
  EXPECT_EQ(row.at("result"), "malformed");
  EXPECT_EQ(row.at("detail"), "url=javascript:alert(1)");
  EXPECT_EQ(admin.call("DELETE", "/links/" + id).status, 200);
  EXPECT_EQ(newest_audit().at("result"), "ok");
  EXPECT_EQ(admin.call("DELETE", "/links/" + id).status, 404);
  EXPECT_EQ(newest_audit().at("result"), "no_target");

  const auto all = as("admin").get("/audit?action=links.add&admin=operator");
  EXPECT_EQ(all.body.at("total"), 1) << all.text;
  EXPECT_EQ(all.body.at("page"), 1);
  EXPECT_EQ(all.body.at("items").at(0).at("target"), id + " wiki");
}

TEST_F(http_admin_calls, users_are_paged_edited_disabled_and_kicked_and_those_online_feel_it) {
  auto alice = user("alice"), bob = user("bob");
  const auto admin = as("operator");
  const auto first = admin.get("/users?page=1&size=1"), second = admin.get("/users?page=2&size=1");
  EXPECT_EQ(first.body.at("total"), 2) << first.text;
  EXPECT_EQ(first.body.at("size"), 1);
  ASSERT_EQ(first.body.at("items").size(), 1u);
  EXPECT_NE(first.body.at("items").at(0).at("id"), second.body.at("items").at(0).at("id"));
  EXPECT_EQ(admin.get("/users?search=ali").body.at("total"), 1);
  EXPECT_EQ(admin.get("/users?size=201").status, 400);

  const auto alices = "/users/" + std::to_string(id("alice"));
  const auto edited = admin.call("PATCH", alices, {{"nick", "<script>alert(1)</script>"}});
  EXPECT_EQ(edited.status, 200) << edited.text;
  EXPECT_EQ(edited.body.at("nick"), "<script>alert(1)</script>") << "text is text, here and in the console";
  EXPECT_EQ(admin.get(alices).body.at("nick"), "<script>alert(1)</script>");

  EXPECT_EQ(admin.call("POST", "/users/" + std::to_string(id("bob")) + "/kick").body.at("kicked"), 1);
  EXPECT_TRUE(bob.wire().closed_within(answer_time));
  EXPECT_EQ(admin.call("POST", "/users/" + std::to_string(id("bob")) + "/kick").status, 404);

  const auto off = admin.call("PATCH", alices, {{"disabled", true}});
  EXPECT_EQ(off.body.at("disabled"), true) << off.text;
  EXPECT_TRUE(alice.wire().closed_within(answer_time));
  EXPECT_THROW(user("alice"), failure);
  EXPECT_EQ(admin.call("PATCH", alices, {{"disabled", false}}).body.at("disabled"), false);
  EXPECT_EQ(admin.call("POST", alices + "/password", {{"password", "new one"}}).status, 200);
  chat_client again;
  EXPECT_NO_THROW(again.log_in(node().pdu_port(), "alice", {.password = "new one"}));
  const auto secrets = node().ask("audit list", {{"size", "200"}}).dump();
  EXPECT_EQ(secrets.find("new one"), std::string::npos);
  EXPECT_EQ(admin.call("PATCH", "/users/4000000", {{"nick", "x"}}).status, 404);
  EXPECT_EQ(admin.call("PATCH", "/users/4000000", {{"disabled", true}}).status, 404);
}

TEST_F(http_admin_calls, users_are_added_and_imported) {
  const auto admin = as("operator");
  const auto made = admin.call("POST", "/users", {{"name", "carol"}, {"password", "secret"}, {"nick", "C"}});
  EXPECT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(admin.call("POST", "/users", {{"name", "carol"}, {"password", "secret"}}).status, 409);
  chat_client carol;
  EXPECT_NO_THROW(carol.log_in(node().pdu_port(), "carol", {.password = "secret"}));
  const admin_client::headers csv{{"Content-Type", "text/csv"}, {"X-Parley-CSRF", admin.csrf}};
  const auto imported = admin.send("POST", "/users/import", "name,password\ndave,x1\nerin,x2\n", csv);
  EXPECT_EQ(imported.status, 200) << imported.text;
  EXPECT_EQ(admin.get("/users").body.at("total"), 3);
  EXPECT_EQ(admin.send("POST", "/users/import", "name,password\n,x\n", csv).status, 400);
  EXPECT_EQ(admin.send("POST", "/users/import", std::string(5 << 20, 'x'), csv).status, 413);
}

TEST_F(http_admin_calls, groups_are_made_changed_and_dissolved_and_members_hear_of_it) {
  auto alice = user("alice"), bob = user("bob");
  const auto admin = as("operator");
  const auto made = admin.call("POST", "/groups", {{"name", "team"}, {"members", {id("alice")}}});
  EXPECT_EQ(made.status, 201) << made.text;
  EXPECT_TRUE(alice.wire().next_of(cid::group_change_member_notify));
  const auto path = "/groups/" + made.body.at("id").dump();
  EXPECT_EQ(admin.call("POST", path + "/members", {{"users", {id("bob")}}}).status, 200);
  EXPECT_TRUE(bob.wire().next_of(cid::group_change_member_notify));
  EXPECT_EQ(admin.get(path + "/members").body.at("total"), 2);
  EXPECT_EQ(admin.call("PATCH", path, {{"name", "the team"}, {"owner", id("bob")}}).status, 200);
  EXPECT_EQ(admin.get(path).body.at("name"), "the team");
  EXPECT_EQ(admin.get(path).body.at("owner"), id("bob"));
  EXPECT_EQ(admin.call("DELETE", path + "/members/" + std::to_string(id("alice"))).status, 200);
  EXPECT_EQ(admin.call("DELETE", path).status, 200);
  EXPECT_EQ(admin.call("PATCH", "/groups/4000000", {{"name", "x"}}).status, 404);
}

TEST_F(http_admin_calls, messages_are_searched_shown_traced_withdrawn_and_announced) {
  auto alice = user("alice"), bob = user("bob");
  const auto admin = as("operator");
  alice.say(bob.id(), "a needle in the hay");
  ASSERT_TRUE(bob.wire().next_of(cid::msg_data));
  const auto found = admin.get("/messages?text=needle").body;
  ASSERT_EQ(found.at("items").size(), 1u) << found;
  EXPECT_EQ(found.at("items").at(0).at("text"), "a needle in the hay");
  const auto message = found.at("items").at(0).at("id").dump();
  const auto place = "/messages/single/" + std::to_string(alice.id()) + "/" + std::to_string(bob.id());
  EXPECT_EQ(admin.get(place).body.at("items").size(), 1u);
  const auto trace = as("viewer").get(place + "/" + message + "/trace").body;
  EXPECT_EQ(trace.at("sender"), alice.id()) << trace;
  EXPECT_EQ(trace.dump().find("needle"), std::string::npos) << "a viewer reads no messages";
  EXPECT_EQ(admin.call("DELETE", place + "/" + message).status, 200);
  EXPECT_EQ(newest_audit().at("action"), "messages.remove");
  EXPECT_EQ(admin.get("/messages?text=needle").body.at("items").size(), 0u);
  EXPECT_EQ(admin.get(place + "/4000000/trace").status, 404);

  const auto told = admin.call("POST", "/announcements", {{"text", "lunch at noon"}});
  EXPECT_EQ(told.status, 200) << told.text;
  const auto got = alice.wire().next_of(cid::msg_data);
  ASSERT_TRUE(got);
  EXPECT_EQ(alice.decrypt(read<IM::Message::IMMsgData>(*got).msg_data()), "lunch at noon");
  EXPECT_EQ(admin.get("/announcements").body.at("total"), 1);
}

TEST_F(http_admin_calls, departments_are_made_moved_and_removed) {
  const auto admin = as("operator");
  const auto sales = admin.call("POST", "/departments", {{"name", "sales"}}).body.at("id").get<int>();
  const auto east = admin.call("POST", "/departments", {{"name", "east"}, {"parent", sales}}).body.at("id").get<int>();
  const auto path = [](int one) { return "/departments/" + std::to_string(one); };
  EXPECT_EQ(admin.get("/departments").body.size(), 2u);
  EXPECT_EQ(admin.call("PATCH", path(sales), {{"parent", east}}).status, 409) << "a circle";
  EXPECT_EQ(admin.call("DELETE", path(sales)).status, 409) << "it has one";
  EXPECT_EQ(admin.call("POST", "/users", {{"name", "eve"}, {"password", "secret"}, {"department", east}}).status, 201);
  EXPECT_EQ(admin.get("/users?department=" + std::to_string(east)).body.at("total"), 1);
  EXPECT_EQ(admin.call("DELETE", path(east)).status, 409) << "it has somebody";
  const auto eve = admin.get("/users?search=eve").body.at("items").at(0).at("id").dump();
  EXPECT_EQ(admin.call("PATCH", "/users/" + eve, {{"department", sales}}).body.at("department"), sales);
  EXPECT_EQ(admin.call("DELETE", path(east)).status, 200);
  EXPECT_EQ(admin.call("PATCH", path(east), {{"name", "west"}}).status, 404);
}

TEST_F(http_admin_calls, the_node_shows_itself) {
  auto alice = user("alice");
  const auto admin = as("admin");
  EXPECT_EQ(admin.get("/status").body.at("state"), "ready");
  const auto stats = admin.get("/stats").body;
  for (const auto* key : {"at_ms", "uptime_ms", "sessions", "logged_in", "logins", "acks", "ack_p50_us", "ack_p99_us",
                          "pdus_in", "pdus_out", "in_flight", "failed_requests", "resident_kib"}) {
    EXPECT_TRUE(stats.at(key).is_number()) << key;
  }
  EXPECT_EQ(stats.at("logged_in"), 1);
  EXPECT_GT(stats.at("pools").size(), 2u);
  auto bob = user("bob");
  alice.say(bob.id(), "hello");
  EXPECT_TRUE(eventually([&] { return admin.get("/stats").body.at("acks") == 1; }));
  const auto sessions = admin.get("/sessions?user=" + std::to_string(alice.id())).body;
  EXPECT_EQ(sessions.at("total"), 1);
  const auto session = sessions.at("items").at(0).at("session").dump();
  EXPECT_EQ(admin.get("/sessions?search=127.0.0&size=1").body.at("total"), 2);
  EXPECT_EQ(admin.get("/sessions?search=10.9.9").body.at("total"), 0);
  EXPECT_EQ(admin.call("DELETE", "/sessions/" + session).body.at("kicked"), 1);
  EXPECT_TRUE(alice.wire().closed_within(answer_time));
  EXPECT_TRUE(bob.wire().alive());
  EXPECT_EQ(admin.get("/plugins/echo").body.at(0).at("state"), "active");
  EXPECT_EQ(admin.get("/plugins/nothing").status, 404);
  EXPECT_GT(admin.get("/pools").body.size(), 2u);
  const auto log = admin.get("/log?limit=5").body;
  EXPECT_GE(log.at("next"), 5);
  EXPECT_EQ(log.at("lines").size(), 5u);
  EXPECT_EQ(admin.get("/log?level=loud").status, 400);
}

TEST_F(http_admin_calls, plugins_are_replaced_while_others_wait_http_admin_itself_among_them) {
  const auto admin = as("admin");
  for (const std::string name : {"echo", "login", "http_admin"}) {
    const auto done = admin.call("POST", "/plugins/" + name + "/reload");
    EXPECT_EQ(done.status, 200) << name << done.text;
    EXPECT_EQ(done.body.at(0).at("plugin"), name);
  }
  EXPECT_EQ(newest_audit().at("action"), "plugins.reload");
  EXPECT_EQ(newest_audit().at("result"), "ok");
  EXPECT_EQ(admin.call("POST", "/plugins/http_admin/rollback").status, 200);
  EXPECT_EQ(admin.get("/me").status, 200);
  EXPECT_EQ(admin.call("POST", "/plugins/echo/unload").status, 200);
  const auto left = admin.get("/plugins/echo");
  EXPECT_TRUE(left.status == 404 || left.body.at(0).at("state") != "active") << left.text;
  EXPECT_EQ(admin.call("POST", "/plugins/nothing/reload").status, 404);
}

TEST_F(http_admin_calls, a_call_whose_owner_is_replaced_meanwhile_is_answered) {
  const auto admin = as("operator");
  std::string csv = "name,password\n";
  for (int i = 0; i < 3000; ++i) csv += "user" + std::to_string(i) + ",p\n";
  api_answer got;
  std::atomic<bool> done = false;
  std::thread waiting([&] {
    got = admin.send("POST", "/users/import", csv, {{"Content-Type", "text/csv"}, {"X-Parley-CSRF", admin.csrf}});
    done = true;
  });
  const auto at_work = [&] { return node().ask("plugins", {{"name", "login"}}).at(0).at("pins").contains("verb"); };
  EXPECT_TRUE(eventually([&] { return done || at_work(); }));
  EXPECT_TRUE(node().control().call("reload", {{"name", "login"}}).ok);
  waiting.join();
  EXPECT_EQ(got.status, 200) << got.text;
  EXPECT_EQ(got.body.value("imported", 0), 3000) << got.text;
  EXPECT_EQ(admin.get("/users").body.at("total"), 3000);
  EXPECT_EQ(newest_audit().at("result"), "ok");
}

TEST_F(http_admin_calls, bad_input_is_answered_and_harms_nobody) {
  const auto admin = as("admin");
  const admin_client::headers page{{"Content-Type", "application/json"}, {"X-Parley-CSRF", admin.csrf}};
  for (const std::string bad : {"{", "[]", "null", "5", "\"x\"", "{\"name\":}", "{\"name\":\"\xff\"}", "{\"a\":1}"}) {
    const auto got = admin.send("POST", "/users", bad, page);
    EXPECT_EQ(got.status, 400) << bad << got.text;
    EXPECT_EQ(got.code(), "malformed") << bad;
  }
  EXPECT_EQ(admin.send("POST", "/users", std::string(60'000, '['), page).status, 400);
  EXPECT_EQ(admin.send("POST", "/users", std::string(70'000, ' '), page).status, 413);
  EXPECT_EQ(admin.send("POST", "/users", "{}", {{"X-Parley-CSRF", admin.csrf}}).status, 415);
  EXPECT_EQ(admin.send("PUT", "/users", "{}", page).status, 405);
  EXPECT_TRUE(admin.send("PUT", "/users", "{}", page).has_header("Allow: GET, POST"));
  EXPECT_EQ(admin.get("/nothing").status, 404);
  EXPECT_EQ(admin.get("/users?page=0").status, 400);
  EXPECT_EQ(admin.get("/users?page=99999999999999999999").status, 400);
  EXPECT_EQ(admin.get("/users?search=%00").status, 400);
  EXPECT_GE(admin.get("/users/../admins").status, 400);
  const std::string split = "x\r\nSet-Cookie: parley_admin=stolen\r\n\r\n<script>";
  for (const std::string name : {split, std::string("a\nb"), std::string(20'000, 'n')}) {
    const auto got = admin.call("POST", "/users", {{"name", name}, {"password", "secret"}});
    EXPECT_EQ(got.status, 400) << got.text;
    EXPECT_EQ(got.head.find("stolen"), std::string::npos) << got.head;
    const auto guess = stranger().sign_in(name, name);
    EXPECT_EQ(guess.status, name.size() > 1000 ? 413 : 401) << guess.text;
    EXPECT_EQ(guess.head.find("stolen"), std::string::npos) << guess.head;
  }
  EXPECT_EQ(admin.get("/users?search=" + std::string("%0d%0aSet-Cookie:%20x=y")).status, 400);
  const auto audited = node().ask("audit list", {{"size", "200"}});
  for (const auto& row : audited.at("items")) {
    EXPECT_EQ(row.at("target").get<std::string>().find('\n'), std::string::npos) << row;
  }
  EXPECT_EQ(node().ask("users list").size(), 0u);
  expect_alive();
}

TEST_F(http_admin_calls, what_the_manifest_does_not_grant_nobody_can_do) {
  temp_dir scratch;
  auto text = read_file(all_in_one_manifest());
  const std::string grant = "may_operate: all";
  const auto at = text.find(grant);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, grant.size(), "may_operate: [links]");
  options_.manifest = (scratch.path() / "manifest.yaml").string();
  write_file(options_.manifest, text);
  const auto admin = as("admin");
  EXPECT_EQ(admin.get("/links").status, 200);
  EXPECT_EQ(admin.call("POST", "/links", {{"name", "wiki"}, {"url", "https://wiki.example"}}).status, 201);
  const auto users = admin.get("/users");
  EXPECT_EQ(users.status, 403) << users.text;
  EXPECT_NE(users.text.find("may_operate"), std::string::npos) << users.text;
  EXPECT_EQ(admin.call("POST", "/plugins/echo/reload").status, 403);
  EXPECT_EQ(newest_audit().at("result"), "not_allowed");
}

TEST_F(http_admin_calls, ten_thousand_users_are_paged) {
  std::string csv = "name,password\n";
  for (int i = 0; i < 10'000; ++i) csv += "user" + std::to_string(i) + ",p\n";
  node().control().call("users import", {{"file", csv}}, milliseconds(240'000));
  const auto admin = as("viewer");
  std::vector<double> took;
  std::set<int> seen;
  for (int page = 1; page <= 50; ++page) {
    const auto began = steady::now();
    const auto got = admin.get("/users?size=200&page=" + std::to_string(page));
    took.push_back(std::chrono::duration<double, std::milli>(steady::now() - began).count());
    ASSERT_EQ(got.status, 200) << got.text;
    ASSERT_EQ(got.body.at("items").size(), 200u) << page;
    for (const auto& one : got.body.at("items")) seen.insert(one.at("id").get<int>());
  }
  EXPECT_EQ(seen.size(), 10'000u);
  EXPECT_EQ(admin.get("/users?search=user77&size=200").body.at("total"), 111);
  std::sort(took.begin(), took.end());
  std::cout << "GET /users of 200 of 10,000 users: median " << took[25] << " ms, slowest " << took.back() << " ms\n";
}

}  // namespace
}  // namespace parley::test

// TeamTalk's HTTP calls and the discovery page, over real HTTP to a running node.
#include <parley/commands.hpp>

#include <atomic>
#include <thread>

#include "IM.Group.pb.h"
#include "node/fixture.hpp"
#include "support/database.hpp"

namespace parley::test {
namespace {

class http_admin : public node_test {
 protected:
  std::string key(const json& args) { return node().ask("app-keys add", args).at("key"); }
  http_response post(const std::string& name, const std::string& body) {
    return http_raw(node().http_port(), "POST /query/" + name +
                                            " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
                                            std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  json query(const std::string& name, const json& body) {
    const auto got = post(name, body.dump());
    EXPECT_EQ(got.status, 200);
    return json::parse(got.body);
  }
  json create(const std::string& app_key, const json& users, std::uint32_t req_user = 0) {
    return query("CreateGroup", {{"req_user_id", req_user},
                                 {"app_key", app_key},
                                 {"group_name", "team"},
                                 {"group_type", 1},
                                 {"group_avatar", ""},
                                 {"user_id_list", users}});
  }
  json change(const std::string& app_key, std::uint32_t group, int how, const json& users) {
    return query(
        "ChangeMembers",
        {{"req_user_id", 0}, {"app_key", app_key}, {"group_id", group}, {"modify_type", how}, {"user_id_list", users}});
  }
  IM::Group::IMGroupChangeMemberNotify told(chat_client& who) {
    IM::Group::IMGroupChangeMemberNotify out;
    const auto pdu = who.wire().next_of(cid::group_change_member_notify);
    if (!pdu) throw failure("no notice of members");
    EXPECT_TRUE(out.ParseFromString(pdu->body));
    return out;
  }
};

TEST_F(http_admin, a_site_makes_a_group_and_changes_it_and_members_hear_of_it) {
  auto alice = user("alice"), bob = user("bob");
  const auto site = key({{"name", "site"}});
  const auto made = create(site, {id("alice")});
  EXPECT_EQ(made["error_code"], 0) << made;
  EXPECT_EQ(made["error_msg"], "成功");
  const std::uint32_t group = made["group_id"];
  EXPECT_EQ(node().run_sql("SELECT name FROM IMGroup WHERE id = " + std::to_string(group)), "team");
  EXPECT_EQ(told(alice).group_id(), group);

  EXPECT_EQ(change(site, group, 1, {id("bob")}), (json{{"error_code", 0}, {"error_msg", "成功"}}));
  const auto added = told(bob);
  EXPECT_EQ(added.user_id(), 0u) << "as TeamTalk: nobody's doing";
  EXPECT_EQ(added.change_type(), IM::BaseDefine::GROUP_MODIFY_TYPE_ADD);
  EXPECT_EQ(change(site, group, 2, {id("bob")})["error_code"], 0);
  EXPECT_EQ(told(bob).change_type(), IM::BaseDefine::GROUP_MODIFY_TYPE_DEL);
  EXPECT_EQ(change(site, group + 7, 1, {id("bob")})["error_code"], 12) << "no such group";
}

TEST_F(http_admin, who_has_no_key_or_another_one_changes_nothing) {
  user("alice");
  user("bob");
  const json users{id("alice")};
  EXPECT_EQ(create("", users)["error_code"], 2);
  EXPECT_EQ(create("asdfasdf", users), (json{{"error_code", 2}, {"error_msg", "appKey不存在"}, {"group_id", 0}}));
  EXPECT_EQ(create(key({{"name", "elsewhere"}, {"from", "10.0.0.0/8"}}), users)["error_code"], 6);
  EXPECT_EQ(create(key({{"name", "changes"}, {"calls", "ChangeMembers"}}), users)["error_code"], 5);
  const auto alices = key({{"name", "alice's"}, {"user", "alice"}, {"from", "127.0.0.0/8,::1"}});
  EXPECT_EQ(create(alices, users, id("bob"))["error_code"], 3);
  EXPECT_EQ(node().run_sql("SELECT COUNT(*) FROM IMGroup"), "0");
  EXPECT_EQ(create(alices, users, id("alice"))["error_code"], 0);
  node().ask("app-keys remove", {{"name", "alice's"}});
  EXPECT_EQ(create(alices, users, id("alice"))["error_code"], 2);
  EXPECT_EQ(count("parley_http_admin_refused"), 6);
}

TEST_F(http_admin, bodies_and_names_that_are_wrong_are_answered) {
  const auto site = key({{"name", "site"}});
  for (const std::string bad : {"", "x", "[]", "{}"}) {
    const auto got = post("CreateGroup", bad);
    EXPECT_EQ(got.status, 200) << bad;
    EXPECT_EQ(json::parse(got.body)["error_code"], 1) << bad;
    EXPECT_NE(got.head.find("text/html;charset=utf-8"), std::string::npos) << got.head;
  }
  EXPECT_EQ(post("DropEverything", "{}").status, 404);
  EXPECT_EQ(post("CreateGroup", std::string(1 << 20, 'x')).status, 413);
  expect_alive();
}

TEST_F(http_admin, keys_are_shown_once_and_kept_as_digests) {
  const auto made = node().ask("app-keys add", {{"name", "site"}});
  const std::string secret = made.at("key");
  EXPECT_EQ(made.dump().rfind("\"key\""), made.dump().find("\"key\""));
  const auto listed = node().ask("app-keys list", json::object());
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0]["name"], "site");
  EXPECT_EQ(listed.dump().find(secret), std::string::npos);
  EXPECT_EQ(node().run_sql("SELECT COUNT(*) FROM app_key WHERE digest = '" + secret + "'"), "0");
  EXPECT_THROW(node().ask("app-keys add", {{"name", "site"}}), failure) << "of that name";
  EXPECT_THROW(node().ask("app-keys add", {{"name", "a"}, {"user", "nobody"}}), failure);
  EXPECT_THROW(node().ask("app-keys add", {{"name", "a"}, {"calls", "Everything"}}), failure);
  EXPECT_THROW(node().ask("app-keys add", {{"name", "a"}, {"from", "everywhere"}}), failure);
  EXPECT_THROW(node().ask("app-keys remove", {{"name", "a"}}), failure);
}

TEST_F(http_admin, the_discovery_page_has_the_links_of_the_operator) {
  EXPECT_EQ(http_get(node().http_port(), "/api/discovery").body, "[]");
  node().ask("links add", {{"name", "wiki"}, {"url", "https://wiki.example"}, {"priority", "2"}});
  const auto news = node().ask("links add", {{"name", "\"新闻\" <b>"}, {"url", "http://news.example"}});
  const auto got = http_get(node().http_port(), "/api/discovery");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(json::parse(got.body),
            (json{{{"itemName", "\"新闻\" <b>"}, {"itemUrl", "http://news.example"}, {"itemPriority", 0}},
                  {{"itemName", "wiki"}, {"itemUrl", "https://wiki.example"}, {"itemPriority", 2}}}));
  node().ask("links remove", {{"id", std::to_string(news.at("id").get<int>())}});
  EXPECT_EQ(json::parse(http_get(node().http_port(), "/api/discovery").body).size(), 1u);
  EXPECT_THROW(node().ask("links add", {{"name", "x"}, {"url", "javascript:alert(1)"}}), failure);
  EXPECT_THROW(node().ask("links remove", {{"id", "999"}}), failure);
}

/// On SQLite, which one writer can hold up.
struct http_admin_crowd : http_admin {};

TEST_F(http_admin_crowd, is_served_so_many_at_a_time_and_the_rest_is_answered_at_once) {
  user("alice");
  const auto site = key({{"name", "site"}});
  const json body{{"req_user_id", 0}, {"app_key", site},    {"group_name", "team"},
                  {"group_type", 1},  {"group_avatar", ""}, {"user_id_list", {id("alice")}}};
  std::atomic<int> done = 0, busy = 0;
  std::vector<std::thread> all;
  {
    database writer(database::find(node().data()));
    writer.run("BEGIN IMMEDIATE");
    for (int i = 0; i < 40; ++i) {
      all.emplace_back([&] {
        const auto told = json::parse(post("CreateGroup", body.dump()).body, nullptr, false);
        const auto code = told.is_object() ? told.value("error_code", -1) : -1;
        done += code == 0;
        busy += code == 10;
      });
    }
    EXPECT_TRUE(eventually([&] { return busy == 8; })) << busy;
    EXPECT_EQ(done, 0);
    writer.run("COMMIT");
  }
  for (auto& one : all) one.join();
  EXPECT_EQ(done, 32);
  EXPECT_EQ(busy, 8);
  EXPECT_EQ(http_get(node().http_port(), "/api/discovery").status, 200) << "places are free again";
}

}  // namespace
}  // namespace parley::test

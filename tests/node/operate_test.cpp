// What an operator changes by verbs, and what online clients hear of it.
#include <parley/commands.hpp>

#include <algorithm>
#include <set>

#include "IM.Group.pb.h"
#include "Parley.Directory.pb.h"
#include "Parley.Group.pb.h"
#include "Parley.Message.pb.h"
#include "node/fixture.hpp"

namespace parley::test {
namespace {

using parley::directory::IMDirectoryChangedNotify;

struct operate : node_test {
  /// The next notice that names the user, or the department.
  static bool hears_of(chat_client& who, std::uint32_t user, std::uint32_t department = 0) {
    const auto has = [](const auto& ids, std::uint32_t id) {
      return id == 0 || std::find(ids.begin(), ids.end(), id) != ids.end();
    };
    while (const auto got = who.wire().next_of(cid::directory_changed_notify)) {
      const auto notice = read<IMDirectoryChangedNotify>(*got);
      if (has(notice.user_id(), user) && has(notice.department_id(), department)) return true;
    }
    return false;
  }
  static IM::BaseDefine::UserInfo profile(chat_client& who, std::uint32_t id) {
    IM::Buddy::IMUsersInfoReq request;
    request.set_user_id(0);
    request.add_user_id_list(id);
    const auto got = who.ask<IM::Buddy::IMUsersInfoRsp>(cid::buddy_list_user_info_request, request);
    return got.user_info_list_size() == 1 ? got.user_info_list(0) : IM::BaseDefine::UserInfo();
  }
  std::string refusal(const std::string& verb, const json& args) {
    const auto answer = node().control().call(verb, args);
    EXPECT_FALSE(answer.ok) << verb << " " << args;
    return answer.code;
  }
};

TEST_F(operate, an_edited_user_is_seen_by_those_who_are_on) {
  auto alice = user("alice"), bob = user("bob");
  login_as teamtalk;
  teamtalk.level = 0;
  auto carl = user("carl", teamtalk);
  const auto id = std::to_string(bob.id());
  node().ask("users edit", {{"id", id}, {"nick", "Bobby <b>"}, {"signature", "new"}, {"avatar", "/g0/b.png"}});
  for (auto* who : {&alice, &bob}) {
    EXPECT_TRUE(hears_of(*who, bob.id()));
    const auto sign = who->wire().next_of(cid::buddy_list_sign_info_changed_notify);
    ASSERT_TRUE(sign);
    EXPECT_EQ(read<IM::Buddy::IMSignInfoChangedNotify>(*sign).sign_info(), "new");
    EXPECT_TRUE(who->wire().next_of(cid::buddy_list_avatar_changed_notify));
    EXPECT_EQ(profile(*who, bob.id()).user_nick_name(), "Bobby <b>");
  }
  EXPECT_TRUE(carl.wire().next_of(cid::buddy_list_sign_info_changed_notify)) << "TeamTalk's clients know that one";
  EXPECT_TRUE(carl.wire().alive());
  for (const auto& pdu : carl.wire().inbox()) EXPECT_NE(pdu.command, cid::directory_changed_notify);

  const auto shown = node().ask("users show", {{"user", "bob"}});
  EXPECT_EQ(shown.at("nick"), "Bobby <b>");
  ASSERT_EQ(shown.at("terminals").size(), 1u);
  EXPECT_EQ(shown.at("terminals")[0].at("type"), "win");
  EXPECT_EQ(shown.at("terminals")[0].at("address"), "127.0.0.1");
  EXPECT_GT(shown.at("terminals")[0].at("since"), 1'600'000'000);
}

TEST_F(operate, users_who_come_and_go_and_departments_are_news) {
  auto alice = user("alice");
  const auto department = node().ask("departments add", {{"name", "Sales"}}).at("id").get<std::uint32_t>();
  EXPECT_TRUE(hears_of(alice, 0, department));
  const auto dora = node()
                        .ask("users add", {{"name", "dora"}, {"password", "x"}, {"department", "Sales"}})
                        .at("id")
                        .get<std::uint32_t>();
  EXPECT_TRUE(hears_of(alice, dora));
  EXPECT_EQ(profile(alice, dora).department_id(), department);
  EXPECT_EQ(refusal("departments remove", {{"id", std::to_string(department)}}), "conflict");
  node().ask("users edit", {{"id", std::to_string(dora)}, {"department", "0"}});
  EXPECT_TRUE(hears_of(alice, dora));
  node().ask("departments remove", {{"id", std::to_string(department)}});
  EXPECT_TRUE(hears_of(alice, 0, department));
  IM::Buddy::IMDepartmentReq since;
  since.set_user_id(0);
  since.set_latest_update_time(0);
  const auto all = alice.ask<IM::Buddy::IMDepartmentRsp>(cid::buddy_list_department_request, since);
  ASSERT_EQ(all.dept_list_size(), 1);
  EXPECT_EQ(all.dept_list(0).dept_status(), IM::BaseDefine::DEPT_STATUS_DELETE);
  node().ask("users disable", {{"name", "dora"}});
  EXPECT_TRUE(hears_of(alice, dora));
  EXPECT_EQ(profile(alice, dora).status(), 3u);
}

TEST_F(operate, news_survive_a_reload_of_the_directory) {
  auto alice = user("alice");
  auto ids = std::vector<std::uint32_t>();
  for (int i = 0; i < 5; ++i) {
    ids.push_back(node().add_user("new" + std::to_string(i)));
    node().ask("reload", {{"name", "buddy"}});
  }
  std::set<std::uint32_t> heard;
  ASSERT_TRUE(eventually([&] {
    while (const auto got = alice.wire().next_of(cid::directory_changed_notify, milliseconds(50))) {
      const auto news = read<IMDirectoryChangedNotify>(*got);
      heard.insert(news.user_id().begin(), news.user_id().end());
    }
    return std::all_of(ids.begin(), ids.end(), [&](auto id) { return heard.contains(id); });
  })) << testing::PrintToString(heard)
      << " of " << testing::PrintToString(ids);
}

TEST_F(operate, users_are_paged_as_asked) {
  auto alice = user("alice"), bob = user("bob");
  node().add_user("carl");
  const auto page = node().ask("users list", {{"page", "2"}, {"size", "2"}});
  EXPECT_EQ(page.at("total"), 3);
  ASSERT_EQ(page.at("items").size(), 1u);
  EXPECT_EQ(page.at("items")[0].at("name"), "carl");
  EXPECT_EQ(node().ask("users list", {{"online", "yes"}}).at("total"), 2);
  EXPECT_EQ(node().ask("users list", {{"online", "no"}}).at("items")[0].at("name"), "carl");
  EXPECT_TRUE(node().ask("users list").is_array());
  EXPECT_EQ(refusal("users list", {{"page", "0"}}), "malformed");
  EXPECT_EQ(refusal("users list", {{"size", "201"}}), "malformed");
  EXPECT_EQ(refusal("users edit", {{"id", "4711"}, {"nick", "x"}}), "no such target");
  EXPECT_EQ(refusal("users edit", {{"id", "1"}, {"sex", "7"}}), "malformed");
}

struct operate_groups : operate {
  static std::string ids(std::initializer_list<std::uint32_t> all) {
    std::string text;
    for (const auto id : all) text += (text.empty() ? "" : ",") + std::to_string(id);
    return text;
  }
  static std::vector<std::uint32_t> members_told(chat_client& who) {
    const auto got = who.wire().next_of(cid::group_change_member_notify);
    if (!got) return {};
    const auto notify = read<IM::Group::IMGroupChangeMemberNotify>(*got);
    return {notify.cur_user_id_list().begin(), notify.cur_user_id_list().end()};
  }
};

TEST_F(operate_groups, change_under_the_eyes_of_their_members) {
  auto alice = user("alice"), bob = user("bob"), carl = user("carl");
  using list = std::vector<std::uint32_t>;
  const auto made =
      node().ask("groups add",
                 {{"name", "Board \"1\""}, {"members", ids({alice.id(), 4711})}, {"owner", std::to_string(bob.id())}});
  const auto id = std::to_string(made.at("id").get<std::uint32_t>());
  EXPECT_EQ(made.at("left_out"), json::array({4711}));
  EXPECT_EQ(members_told(alice), (list{alice.id(), bob.id()}));
  EXPECT_EQ(members_told(bob), (list{alice.id(), bob.id()}));

  const auto added = node().ask("groups member-add", {{"id", id}, {"users", ids({carl.id(), bob.id()})}});
  EXPECT_EQ(added.at("added"), json::array({carl.id()}));
  EXPECT_EQ(added.at("left_out"), json::array({bob.id()}));
  EXPECT_EQ(members_told(carl).size(), 3u);
  EXPECT_EQ(members_told(alice).size(), 3u);

  node().ask("groups rename", {{"id", id}, {"name", "Council"}});
  auto profile = bob.wire().next_of(cid::group_profile_notify);
  ASSERT_TRUE(profile);
  EXPECT_EQ(read<parley::group::ProfileNotify>(*profile).name(), "Council");
  node().ask("groups avatar", {{"id", id}, {"url", "/g0/x.png"}});
  profile = bob.wire().next_of(cid::group_profile_notify);
  ASSERT_TRUE(profile);
  EXPECT_EQ(read<parley::group::ProfileNotify>(*profile).avatar(), "/g0/x.png");
  node().ask("groups owner", {{"id", id}, {"user", std::to_string(carl.id())}});
  const auto owner = alice.wire().next_of(cid::group_owner_notify);
  ASSERT_TRUE(owner);
  EXPECT_EQ(read<parley::group::OwnerNotify>(*owner).owner_id(), carl.id());

  auto page = node().ask("groups members", {{"id", id}, {"page", "2"}, {"size", "2"}});
  EXPECT_EQ(page.at("total"), 3);
  EXPECT_EQ(page.at("items").size(), 1u);
  page = node().ask("groups list", {{"search", "counc"}, {"page", "1"}});
  EXPECT_EQ(page.at("total"), 1);
  EXPECT_EQ(page.at("items")[0].at("owner"), carl.id());

  EXPECT_EQ(node().ask("groups member-remove", {{"id", id}, {"users", ids({alice.id()})}}).at("members"), 2);
  EXPECT_EQ(members_told(alice).size(), 2u);
  node().ask("groups dissolve", {{"id", id}});
  EXPECT_TRUE(bob.wire().next_of(cid::group_dissolved_notify));
  EXPECT_EQ(node().ask("groups list", {{"page", "1"}}).at("total"), 0);
  EXPECT_EQ(node().ask("groups list", {{"dissolved", "yes"}}).at("total"), 1);
}

TEST_F(operate_groups, refuse_what_cannot_be) {
  auto alice = user("alice"), bob = user("bob");
  const auto id = std::to_string(
      node().ask("groups add", {{"name", "x"}, {"members", ids({alice.id()})}}).at("id").get<std::uint32_t>());
  const std::string somebody = std::to_string(alice.id()), nobody = "4711";
  for (const char* users : {"", "0", "a", "1,", ",1", "1,,2", "1 2", "-1", "99999999999"}) {
    EXPECT_EQ(refusal("groups add", {{"name", "y"}, {"members", users}}), "malformed") << users;
    EXPECT_EQ(refusal("groups member-add", {{"id", id}, {"users", users}}), "malformed") << users;
  }
  EXPECT_EQ(refusal("groups add", {{"name", ""}, {"members", somebody}}), "malformed");
  EXPECT_EQ(refusal("groups add", {{"name", "a\nb"}, {"members", somebody}}), "malformed");
  EXPECT_EQ(refusal("groups add", {{"name", std::string(257, 'x')}, {"members", somebody}}), "malformed");
  EXPECT_EQ(refusal("groups add", {{"name", "y"}, {"members", somebody}, {"type", "secret"}}), "malformed");
  EXPECT_EQ(refusal("groups add", {{"name", "y"}, {"members", somebody}, {"owner", nobody}}), "no such target");
  EXPECT_EQ(refusal("groups add", {{"name", "y"}, {"members", nobody}}), "malformed") << "nobody is left";
  EXPECT_EQ(refusal("groups member-add", {{"id", id}, {"users", nobody}}), "no such target");
  EXPECT_EQ(refusal("groups member-add", {{"id", nobody}, {"users", somebody}}), "no such target");
  EXPECT_EQ(refusal("groups member-remove", {{"id", id}, {"users", nobody}}), "no such target");
  EXPECT_EQ(refusal("groups owner", {{"id", id}, {"user", std::to_string(bob.id())}}), "no such target");
  EXPECT_EQ(refusal("groups rename", {{"id", id}, {"name", ""}}), "malformed");
  EXPECT_EQ(refusal("groups avatar", {{"id", id}, {"url", std::string(257, 'x')}}), "malformed");
  for (const char* verb : {"groups dissolve", "groups members"}) {
    EXPECT_EQ(refusal(verb, {{"id", nobody}}), "no such target") << verb;
    EXPECT_EQ(refusal(verb, {{"id", "0"}}), "malformed") << verb;
    EXPECT_EQ(refusal(verb, {{"id", "x"}}), "malformed") << verb;
  }
  EXPECT_EQ(refusal("groups members", {{"id", id}, {"size", "201"}}), "malformed");
  EXPECT_EQ(refusal("groups list", {{"dissolved", "maybe"}}), "malformed");
  expect_alive();
}

struct operate_messages : operate {
  static json pair(const chat_client& one, const chat_client& other) {
    return {{"user", std::to_string(one.id())}, {"peer", std::to_string(other.id())}};
  }
  static json with(json args, const std::string& key, const std::string& value) {
    args[key] = value;
    return args;
  }
};

TEST_F(operate_messages, are_shown_found_traced_and_removed) {
  auto alice = user("alice"), bob = user("bob");
  ASSERT_TRUE(alice.say(bob.id(), "the invoice <b>is</b> here").acked());
  ASSERT_TRUE(alice.say(bob.id(), "nothing").acked());
  auto shown = node().ask("messages show", pair(alice, bob));
  ASSERT_EQ(shown.at("items").size(), 2u);
  EXPECT_EQ(shown.at("items")[1].at("text"), "the invoice <b>is</b> here");
  for (const json& args : {json{{"text", "INVOICE"}}, with(pair(alice, bob), "text", "invoice"),
                           json{{"text", "invoice"}, {"user", std::to_string(bob.id())}}}) {
    const auto found = node().ask("messages search", args);
    ASSERT_EQ(found.at("items").size(), 1u) << args;
    EXPECT_EQ(found.at("items")[0].at("id"), 1);
    EXPECT_EQ(found.at("items")[0].at("author"), alice.id());
    EXPECT_TRUE(found.at("next").is_null());
  }

  const auto delivered = bob.wire().next_of(cid::msg_data);
  ASSERT_TRUE(delivered);
  IM::Message::IMMsgDataAck ack;
  ack.set_user_id(bob.id());
  ack.set_session_id(alice.id());
  ack.set_msg_id(1);
  ack.set_session_type(IM::BaseDefine::SESSION_TYPE_SINGLE);
  bob.tell(cid::msg_data_ack, ack);
  IM::Message::IMMsgDataReadAck read_ack;
  read_ack.set_user_id(bob.id());
  read_ack.set_session_id(alice.id());
  read_ack.set_msg_id(1);
  read_ack.set_session_type(IM::BaseDefine::SESSION_TYPE_SINGLE);
  bob.tell(cid::msg_read_ack, read_ack);
  ASSERT_TRUE(bob.wire().alive());
  const auto traced = [&] { return node().ask("messages trace", with(pair(alice, bob), "id", "1")); };
  ASSERT_TRUE(eventually([&] { return !traced().at("read").empty(); }));
  for (const bool reloaded : {false, true}) {
    if (reloaded) node().ask("reload", {{"name", "message"}});
    const auto trace = traced();
    EXPECT_TRUE(trace.at("remembered").get<bool>()) << "after a reload: " << reloaded;
    ASSERT_EQ(trace.at("pushed").size(), 1u);
    EXPECT_EQ(trace.at("pushed")[0].at("user"), bob.id());
    EXPECT_TRUE(trace.at("pushed")[0].at("acked").is_number()) << trace;
    EXPECT_EQ(trace.at("read")[0].at("user"), bob.id());
    EXPECT_EQ(trace.at("sender"), alice.id());
  }

  node().ask("messages remove", with(pair(alice, bob), "id", "1"));
  for (auto* who : {&alice, &bob}) {
    const auto got = who->wire().next_of(cid::messages_removed_notify);
    ASSERT_TRUE(got);
    EXPECT_EQ(read<parley::message::IMMessageRemovedNotify>(*got).msg_id(), 1u);
    const auto& other = who == &alice ? bob : alice;
    EXPECT_EQ(read<parley::message::IMMessageRemovedNotify>(*got).session_id(), other.id());
    EXPECT_EQ(who->history(other.id()).msg_list_size(), 1);
  }
  EXPECT_TRUE(traced().at("removed").get<bool>());
  EXPECT_EQ(refusal("messages remove", with(pair(alice, bob), "id", "1")), "no such target");
  EXPECT_EQ(refusal("messages show", {{"user", "1"}}), "malformed");
  EXPECT_EQ(refusal("messages search", {{"text", ""}}), "malformed");
  EXPECT_EQ(refusal("messages trace", {{"id", "1"}, {"group", "4711"}}), "no such target");
  expect_alive();
}

/// The plugin is reloaded again and again while it is on its way.
TEST_F(operate_messages, an_announcement_reaches_everybody_once_through_reloads) {
  auto alice = user("alice"), bob = user("bob");
  login_as teamtalk;
  teamtalk.level = 0;
  auto carl = user("carl", teamtalk);
  std::string file = "name,password\n";
  for (int i = 0; i < 300; ++i) file += "u" + std::to_string(i) + ",x\n";
  node().ask("users import", {{"file", file}});
  const auto made = node().ask("announce", {{"text", "Lunch at noon"}});
  EXPECT_EQ(made.at("total"), 303);
  const auto progress = [&] { return node().ask("announcements list").at("items")[0]; };
  int reloads = 0, seen = -1;
  ASSERT_TRUE(eventually(
      [&] {
        const auto now = progress();
        if (now.at("finished") != 0) return true;
        // Once for each step: a generation that is replaced before its first tick gets nowhere.
        if (std::exchange(seen, now.at("sent").get<int>()) == now.at("sent")) return false;
        if (node().control().call("reload", {{"name", "message"}}).ok) ++reloads;
        return false;
      },
      milliseconds(60'000)));
  EXPECT_GT(reloads, 0);
  EXPECT_EQ(progress().at("sent"), 303);
  EXPECT_EQ(progress().at("skipped"), 0);
  const auto author = made.at("author").get<std::uint32_t>();
  for (auto* who : {&alice, &bob, &carl}) {
    const auto got = who->wire().next_of(cid::msg_data);
    ASSERT_TRUE(got);
    const auto message = read<IM::Message::IMMsgData>(*got);
    EXPECT_EQ(message.from_user_id(), author);
    EXPECT_EQ(who->decrypt(message.msg_data()), "Lunch at noon");
    EXPECT_TRUE(who->wire().alive());
    EXPECT_FALSE(who->wire().next_of(cid::msg_data, milliseconds(0))) << "only once";
    EXPECT_EQ(who->history(author).msg_list_size(), 1);
  }
  EXPECT_EQ(node().run_sql("SELECT COUNT(*) FROM conversation WHERE kind = 1 AND b = " + std::to_string(author) +
                           " AND last_msg_id <> 1"),
            "0");
  EXPECT_EQ(refusal("announce", {{"text", ""}}), "malformed");
  EXPECT_EQ(refusal("announce", {{"text", "x"}, {"users", "x"}}), "malformed");
  EXPECT_EQ(refusal("announce", {{"text", "x"}, {"department", "77"}}), "no such target");
}

}  // namespace
}  // namespace parley::test

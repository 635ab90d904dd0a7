// Who is told what.
#include "host_with_people.hpp"

namespace route_test {
namespace {

struct small_company : people {};
struct big_company : people {
  big_company() : people("0") {}
};
struct growing_company : people {
  growing_company() : people("3") {}
};

TEST_F(small_company, tells_everybody_of_everybody_but_oneself) {
  auto ada = pc(1);
  ada.expect_nothing();
  auto ben = pc(2, 0);
  EXPECT_EQ(told(ada), (statuses{{2, online}}));
  ben.expect_nothing();
  auto cleo = pc(3);
  EXPECT_EQ(told(ada), (statuses{{3, online}}));
  EXPECT_EQ(told(ben), (statuses{{3, online}}));
  cleo.close();
  EXPECT_EQ(told(ada), (statuses{{3, offline}}));
  EXPECT_EQ(told(ben), (statuses{{3, offline}}));
  ada.expect_nothing();
}

TEST_F(small_company, tells_pc_terminals_only_and_counts_mobiles_as_online) {
  auto phone = mobile(1);
  auto ada = pc(1);
  EXPECT_EQ(pc_told(phone), online);
  auto ben = mobile(2);
  EXPECT_EQ(told(ada), (statuses{{2, online}}));
  EXPECT_EQ(status_of(ada, 2), online);
  auto desk = pc(2);
  EXPECT_EQ(pc_told(ben), online);
  ada.expect_nothing();
  desk.close();
  EXPECT_EQ(pc_told(ben), offline);
  ada.expect_nothing();
  ben.close();
  EXPECT_EQ(told(ada), (statuses{{2, offline}}));
  phone.expect_nothing();
}

TEST_F(small_company, shows_nothing_to_the_blocked) {
  block(2, 1);
  auto ada = pc(1);
  auto cleo = pc(3);
  told(ada);
  pc(2);
  EXPECT_EQ(told(cleo), (statuses{{2, online}}));
  ada.expect_nothing();
}

TEST_F(small_company, is_small_while_so_many_are_online) {
  auto ada = pc(1);
  for (std::uint32_t user = 2; user <= 200; ++user) pc(user);
  for (std::uint32_t user = 2; user <= 200; ++user) EXPECT_EQ(told(ada), (statuses{{user, online}}));
  pc(201);
  ada.expect_nothing();
}

TEST_F(small_company, is_away_when_all_terminals_are) {
  auto ada = pc(1);
  auto ben = pc(2);
  told(ada);
  terminal_status(ben, 2, leave);
  EXPECT_EQ(told(ada), (statuses{{2, leave}}));
  EXPECT_EQ(status_of(ada, 2), leave);
  auto phone = mobile(2);
  EXPECT_EQ(pc_told(phone), online);
  EXPECT_EQ(told(ada), (statuses{{2, online}}));
  EXPECT_EQ(set(phone, leave), leave);
  EXPECT_EQ(told(ada), (statuses{{2, leave}}));
  phone.close();
  ada.expect_nothing();
  EXPECT_EQ(set(ben, online), online);
  EXPECT_EQ(told(ada), (statuses{{2, online}}));
  EXPECT_EQ(set(ben, online), online);
  ada.expect_nothing();
  set(ben, leave);
  told(ada);
  ben.close();
  EXPECT_EQ(told(ada), (statuses{{2, offline}}));
  pc(2);
  EXPECT_EQ(told(ada), (statuses{{2, online}})) << "a new terminal is not away";
}

TEST_F(small_company, takes_no_other_status) {
  auto ada = pc(1);
  parley::presence::IMPresenceSetReq request;
  request.set_user_id(0);
  request.set_status(offline);
  ada.send(cid::presence_set_req, request);
  EXPECT_EQ(ada.expect_refusal().code, 1u);
  ada.send(cid::presence_set_req, std::string_view("\x08\x00\x10\x09", 4));
  EXPECT_EQ(ada.expect_refusal().code, 1u);
}

TEST_F(small_company, answers_who_asks_about_many) {
  constexpr std::uint32_t most = 30'000, first = 4'000'000'000;
  auto ada = pc(1), old = pc(2, 0);
  told(ada);
  IMUsersStatReq request;
  request.set_user_id(0);
  request.add_user_id_list(1);
  for (std::uint32_t i = 1; i < most; ++i) request.add_user_id_list(first + i);
  for (auto* who : {&ada, &old}) {
    const auto reply =
        who->ask<IMUsersStatRsp>(cid::buddy_list_users_status_request, request, cid::buddy_list_users_status_response);
    ASSERT_EQ(reply.user_stat_list_size(), static_cast<int>(most));
    EXPECT_EQ(reply.user_stat_list(0).status(), online);
    EXPECT_EQ(reply.user_stat_list(most - 1).user_id(), first + most - 1);
    EXPECT_EQ(reply.user_stat_list(most - 1).status(), offline);
    EXPECT_LE(reply.ByteSizeLong() + 16, 380u << 10);
  }
  for (int i = 0; i < 100'000; ++i) request.add_user_id_list(2);
  const auto reply =
      old.ask<IMUsersStatRsp>(cid::buddy_list_users_status_request, request, cid::buddy_list_users_status_response);
  EXPECT_EQ(reply.user_stat_list_size(), static_cast<int>(most)) << "it hears no refusal";
  ada.send(cid::buddy_list_users_status_request, request);
  EXPECT_EQ(ada.expect_refusal().code, 4u);
}

TEST_F(small_company, forgets_a_status_that_came_too_late) {
  auto ada = pc(1);
  auto ben = pc(2);
  told(ada);
  ben.close();
  told(ada);
  terminal_status(ben, 2, leave);
  ada.expect_nothing();
  EXPECT_EQ(status_of(ada, 2), offline);
}

TEST_F(big_company, tells_friends_and_those_talked_with) {
  befriend(1, 2);
  talked(1, 3);
  talked(1, 4);
  block(1, 4);
  befriend(5, 1);
  auto ben = pc(2), cleo = pc(3, 0), dora = pc(4), eve = pc(5), ben_phone = mobile(2);
  pc_told(ben_phone);
  auto ada = pc(1);
  EXPECT_EQ(told(ben), (statuses{{1, online}}));
  EXPECT_EQ(told(cleo), (statuses{{1, online}}));
  dora.expect_nothing();
  eve.expect_nothing();
  ben_phone.expect_nothing();
  ada.expect_nothing();
  EXPECT_EQ(status_of(eve, 1), online) << "who asks is answered";
}

TEST_F(growing_company, turns_off_every_light_that_it_turned_on) {
  auto ada = pc(1), ben = pc(2, 0), cleo = pc(3);
  EXPECT_EQ(told(ada), (statuses{{2, online}}));
  EXPECT_EQ(told(ada), (statuses{{3, online}}));
  EXPECT_EQ(told(ben), (statuses{{3, online}}));
  block(3, 2);
  auto dora = pc(4), eve = pc(5), fay = pc(6);
  set(cleo, leave);
  ASSERT_TRUE(host.reload("route"));
  for (auto* who : {&ada, &ben, &dora, &eve}) who->expect_nothing();
  cleo.close();
  EXPECT_EQ(told(ada), (statuses{{3, offline}})) << "it was told that cleo came";
  EXPECT_EQ(told(dora), (statuses{{3, offline}})) << "it found cleo online when it asked";
  EXPECT_EQ(told(eve), (statuses{{3, offline}}));
  ben.expect_nothing();

  auto cleo_again = pc(3);
  cleo_again.close();
  fay.close();
  for (auto* who : {&ada, &ben, &dora}) who->expect_nothing();
}

TEST_F(growing_company, turns_off_lights_after_a_look_up_that_failed) {
  auto ada = pc(1), ben = pc(2);
  pc(3);
  for (int i = 0; i < 2; ++i) told(ada);
  auto dora = pc(4);
  pc(5);
  sql("ALTER TABLE block RENAME TO elsewhere");
  ben.close();
  ada.expect_nothing();
  sql("ALTER TABLE elsewhere RENAME TO block");
  host.advance(std::chrono::seconds(1));
  EXPECT_EQ(told(ada), (statuses{{2, offline}}));
  EXPECT_EQ(told(dora), (statuses{{2, offline}}));
}

TEST_F(small_company, tells_many_changes_in_one_pdu_where_that_is_understood) {
  auto ada = pc(1), old = pc(2, 0);
  told(ada);
  std::vector<session> others;
  for (std::uint32_t user = 3; user <= 62; ++user) others.push_back(mobile(user));
  for (std::size_t i = 0; i < others.size(); ++i) {
    told(ada);
    told(old);
  }
  parley::presence::IMPresenceSetReq request;
  request.set_user_id(0);
  request.set_status(leave);
  for (auto& one : others) one.send(cid::presence_set_req, request);
  const auto first = told(ada), second = told(ada);
  EXPECT_EQ(first.size(), 50u) << "the most of one PDU";
  EXPECT_EQ(second.size(), 10u);
  for (const auto& [user, status] : first) EXPECT_EQ(status, leave) << user;
  for (std::size_t i = 0; i < others.size(); ++i) EXPECT_EQ(told(old).size(), 1u);
  ada.expect_nothing();
  old.expect_nothing();
}

TEST_F(small_company, says_nothing_of_who_is_back_within_a_turn) {
  auto ada = pc(1), ben = pc(2), phone = mobile(2);
  told(ada);
  pc_told(phone);
  parley::presence::IMPresenceSetReq request;
  request.set_user_id(0);
  request.set_status(leave);
  ben.send(cid::presence_set_req, request);
  request.set_status(online);
  ben.send(cid::presence_set_req, request);
  ben.expect(cid::presence_set_rsp);
  ben.expect(cid::presence_set_rsp);
  auto again = host.connect();
  ben.send_raw(std::string(16, '\0'));  // no PDU: it is closed for that
  again.login(2, windows);
  again.expect_nothing();
  ben.expect_closed();
  ada.expect_nothing();
  phone.expect_nothing();
}

TEST_F(big_company, tells_of_signatures_and_avatars_all_terminals_of_those_who_see_and_ones_own) {
  befriend(1, 2);
  auto ada = pc(1), ada_phone = mobile(1), ben = pc(2, 0), ben_phone = mobile(2), cleo = pc(3);
  EXPECT_EQ(pc_told(ada_phone), online);
  EXPECT_EQ(pc_told(ben_phone), online);
  profile(1, "busy", "/faces/1.png");
  for (auto* who : {&ada, &ada_phone, &ben, &ben_phone}) {
    const auto sign = who->expect<IMSignInfoChangedNotify>(cid::buddy_list_sign_info_changed_notify);
    EXPECT_EQ(sign.changed_user_id(), 1u);
    EXPECT_EQ(sign.sign_info(), "busy");
    EXPECT_EQ(who->expect<IMAvatarChangedNotify>(cid::buddy_list_avatar_changed_notify).avatar_url(), "/faces/1.png");
  }
  cleo.expect_nothing();
  profile(1, std::string(2000, 'x'), {});
  ada.expect_nothing();
  profile(1, "", {});
  EXPECT_EQ(ben.expect<IMSignInfoChangedNotify>(cid::buddy_list_sign_info_changed_notify).sign_info(), "");
}

TEST_F(small_company, waits_for_its_tables_and_tells_then) {
  auto ada = pc(1, 0);
  auto ben = pc(2), cleo = pc(3);
  told(ada);
  told(ada);
  told(ben);
  block(2, 1);
  sql("ALTER TABLE block RENAME TO elsewhere");
  profile(2, "not for ada", "/faces/2.png");
  cleo.close();
  set(ben, leave);
  host.advance(std::chrono::seconds(10));
  ada.expect_nothing();
  EXPECT_EQ(status_of(ada, 3), offline) << "who asks is answered";
  const auto tries = metric("failed_rounds");
  EXPECT_GE(tries, 10);
  EXPECT_LE(tries, 12) << "once a second";
  sql("ALTER TABLE elsewhere RENAME TO block");
  host.advance(std::chrono::seconds(1));
  EXPECT_EQ(told(ada), (statuses{{3, offline}}));
  ada.expect_nothing();
  EXPECT_EQ(told(ben), (statuses{{3, offline}}));
  EXPECT_EQ(ben.expect<IMSignInfoChangedNotify>(cid::buddy_list_sign_info_changed_notify).sign_info(), "not for ada");
}

TEST_F(big_company, tells_late_what_it_could_not_look_up) {
  befriend(2, 1);
  auto ada = pc(1, 0), ben = pc(2);
  EXPECT_EQ(told(ada), (statuses{{2, online}}));
  sql("ALTER TABLE friend RENAME TO elsewhere");
  ben.close();
  host.advance(std::chrono::seconds(5));
  ASSERT_TRUE(host.reload("route"));
  host.advance(std::chrono::seconds(5));
  ada.expect_nothing();
  sql("ALTER TABLE elsewhere RENAME TO friend");
  host.advance(std::chrono::seconds(1));
  EXPECT_EQ(told(ada), (statuses{{2, offline}}));
  ada.expect_nothing();
}

TEST_F(small_company, is_shown_to_the_operator) {
  sql("INSERT INTO IMUser(id, name, departId, created, updated) VALUES (2,'ben \"b\"',1,1,1)");
  block(2, 3);
  auto ada = pc(1), ben = pc(2), cleo = pc(3);
  told(ben);
  told(ada);
  cleo.expect_nothing();
  set(ben, leave);
  const auto shown = host.verb("presence show", {{"user", "2"}});
  const std::string expected =
      "{\"id\":2,\"name\":\"ben \\\"b\\\"\",\"status\":\"away\",\"terminals\":\"windows(away)\","
      "\"told_to\":\"everybody\",\"seen_by\":1,\"of_these_online\":1}";
  EXPECT_EQ(shown.text, expected);
  EXPECT_EQ(host.verb("presence show", {{"user", "nobody"}}).code, parley::status::no_target);
}

}  // namespace
}  // namespace route_test

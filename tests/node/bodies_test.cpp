// Bodies that do not parse, and commands that nobody may send.
#include "node/fixture.hpp"

#include <parley/commands.hpp>

#include <random>

namespace parley::test {
namespace {

struct bodies : node_test {};

/// Requests that a logged-in client may send and that leave the session as it is.
std::vector<std::uint16_t> requests() {
  std::vector<std::uint16_t> out;
  for (const auto& row : cid::table) {
    const bool from_client = row.direction == cid::direction::request || row.direction == cid::direction::both;
    const bool ends_session = row.id == cid::login_req_loginout || row.id == cid::login_req_msgserver;
    if (from_client && !ends_session && row.id != cid::other_heartbeat) out.push_back(row.id);
  }
  return out;
}

std::string message_body(std::uint32_t to) {
  IM::Message::IMMsgData message;
  message.set_from_user_id(1);
  message.set_to_session_id(to);
  message.set_msg_id(0);
  message.set_create_time(0);
  message.set_msg_type(IM::BaseDefine::MSG_TYPE_SINGLE_TEXT);
  message.set_msg_data("whatever");
  return message.SerializeAsString();
}

TEST_F(bodies, cut_off_anywhere_are_passed_over) {
  auto alice = user("alice"), bob = user("bob");
  const auto whole = message_body(bob.id());
  for (std::size_t size = 0; size < whole.size(); ++size) alice.wire().send(cid::msg_data, 1, whole.substr(0, size));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const auto refusal = alice.wire().next_of(cid::host_refused);  // bob's coming online may be told in between
    ASSERT_TRUE(refusal) << i;
    EXPECT_EQ(read<host::IMRefused>(*refusal).code(), 1u);
  }
  EXPECT_EQ(alice.say(bob.id(), "whole").msg_id, 1u);
}

TEST_F(bodies, of_noise_leave_the_session_and_the_node_alone) {
  auto alice = user("alice", {.level = 0}), bystander = user("bystander", {.level = 0});
  std::mt19937 random(3);
  for (int round = 0; round < 40; ++round) {
    for (const auto command : requests()) {
      std::string noise(random() % 64, '\0');
      for (char& c : noise) c = static_cast<char>(random());
      ASSERT_TRUE(alice.wire().send(command, 9, noise));
    }
  }
  EXPECT_TRUE(alice.wire().alive());
  EXPECT_TRUE(bystander.wire().alive());
}

TEST_F(bodies, that_lack_required_fields_do_not_flood_the_log) {
  auto alice = user("alice", {.level = 0});
  const auto before = node().log().size();
  for (int i = 0; i < 3000; ++i) alice.wire().send(cid::msg_data, 1, std::string_view("\x08\x01", 2));
  ASSERT_TRUE(alice.wire().alive());
  EXPECT_LT(node().log().size() - before, 32u << 10) << last_lines(node().log(), 5);
  EXPECT_GE(count("parley_requests_failed{why=\"malformed\"}"), 3000);
}

TEST_F(bodies, of_unknown_commands_are_counted_and_passed_over) {
  auto alice = user("alice", {.level = 0});
  const auto before = node().log().size();
  for (int i = 0; i < 3000; ++i) alice.wire().send(static_cast<std::uint16_t>(0x9000 + i), 1, "x");
  ASSERT_TRUE(alice.wire().alive());
  EXPECT_TRUE(alice.wire().inbox().empty());
  EXPECT_LT(node().log().size() - before, 32u << 10);
  EXPECT_GE(count("parley_requests_failed{why=\"unknown\"}"), 3000);
}

TEST_F(bodies, of_server_to_server_commands_do_nothing) {
  auto alice = user("alice", {.level = 0}), bob = user("bob", {.level = 0});
  for (const auto& row : cid::table) {
    if (row.direction != cid::direction::server) continue;
    alice.wire().send(row.id, 1, "");
    wire_client stranger;
    stranger.connect(node().pdu_port());
    stranger.send(row.id, 1, "");
    EXPECT_TRUE(stranger.closed_within(answer_time)) << row.name;
  }
  EXPECT_TRUE(alice.wire().alive());
  EXPECT_TRUE(bob.wire().alive());
  EXPECT_TRUE(bob.wire().inbox().empty());
}

TEST_F(bodies, before_login_close_whatever_the_command) {
  auto bob = user("bob");
  std::size_t tried = 0;
  for (const auto command : requests()) {
    if (command == cid::login_req_userlogin || command == cid::file_login_req) continue;  // they are how one logs in
    wire_client stranger;
    stranger.connect(node().pdu_port());
    stranger.send(command, 1, command == cid::msg_data ? message_body(bob.id()) : "");
    EXPECT_TRUE(stranger.closed_within(answer_time)) << cid::find(command)->name;
    EXPECT_TRUE(stranger.inbox().empty()) << cid::find(command)->name;
    ++tried;
  }
  EXPECT_EQ(count("parley_requests_failed{why=\"before login\"}"), static_cast<double>(tried));
  EXPECT_TRUE(bob.wire().alive());
  EXPECT_TRUE(bob.wire().inbox().empty());
}

TEST_F(bodies, before_login_do_not_flood_the_log) {
  const auto before = (expect_alive(), node().log().size());
  for (int i = 0; i < 300; ++i) {
    wire_client stranger;
    stranger.connect(node().pdu_port());
    stranger.send(cid::msg_data, 1, "x");
    stranger.closed_within(answer_time);
  }
  EXPECT_LT(node().log().size() - before, 16u << 10) << last_lines(node().log(), 5);
}

TEST_F(bodies, that_ask_for_too_much_are_refused) {
  auto alice = user("alice");
  IM::Buddy::IMUsersStatReq status;
  status.set_user_id(alice.id());
  for (std::uint32_t i = 0; i < 30'001; ++i) status.add_user_id_list(i);
  IM::Buddy::IMUsersInfoReq profiles;
  profiles.set_user_id(alice.id());
  for (std::uint32_t i = 0; i < 1001; ++i) profiles.add_user_id_list(i);
  alice.wire().send(cid::buddy_list_users_status_request, 5, status.SerializeAsString());
  alice.wire().send(cid::buddy_list_user_info_request, 6, profiles.SerializeAsString());
  for (int i = 0; i < 2; ++i) {
    const auto refusal = alice.wire().next_of(cid::host_refused);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(read<host::IMRefused>(*refusal).code(), 4u);
  }
  status.mutable_user_id_list()->Truncate(30'000);
  EXPECT_EQ(alice.ask<IM::Buddy::IMUsersStatRsp>(cid::buddy_list_users_status_request, status).user_stat_list_size(),
            30'000);
}

TEST_F(bodies, that_ask_for_endless_history_get_what_fits_a_pdu) {
  auto alice = user("alice"), bob = user("bob");
  const std::string text(3000, 't');
  for (int i = 0; i < 150; ++i) alice.send_text(bob.id(), text);
  ASSERT_TRUE(eventually([&] { return bob.latest(alice.id()) == 150; }, milliseconds(20000)));
  IM::Message::IMGetMsgListReq request;
  request.set_user_id(alice.id());
  request.set_session_type(IM::BaseDefine::SESSION_TYPE_SINGLE);
  request.set_session_id(bob.id());
  request.set_msg_id_begin(0);
  request.set_msg_cnt(0xFFFFFFFF);
  alice.wire().send(cid::msg_list_request, 999, request.SerializeAsString());
  const auto page = alice.wire().answer(cid::msg_list_response, 999);
  ASSERT_TRUE(page);
  EXPECT_LE(page->raw.size(), 409600u);
  const auto list = read<IM::Message::IMGetMsgListRsp>(*page);
  ASSERT_GT(list.msg_list_size(), 0);
  EXPECT_EQ(list.msg_list(0).msg_id(), 150u);
}

}  // namespace
}  // namespace parley::test

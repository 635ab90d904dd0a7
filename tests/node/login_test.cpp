// Guessing, storms, and terminals that come and go.
#include "node/fixture.hpp"

#include <parley/commands.hpp>

namespace parley::test {
namespace {

struct logins : node_test {};

TEST_F(logins, guessing_is_stopped_even_when_the_guess_is_right) {
  node().add_user("alice");
  node().add_user("bob");
  chat_client mallory;
  for (int i = 0; i < 12; ++i) {
    const auto answer = mallory.try_log_in(node().pdu_port(), "alice", {.password = "guess " + std::to_string(i)});
    ASSERT_TRUE(answer) << i;
    EXPECT_EQ(answer->result_code(), IM::BaseDefine::REFUSE_REASON_DB_VALIDATE_FAILED);
  }
  const auto right = mallory.try_log_in(node().pdu_port(), "alice");
  ASSERT_TRUE(right);
  EXPECT_EQ(right->result_code(), IM::BaseDefine::REFUSE_REASON_DB_VALIDATE_FAILED);
  chat_client bob;
  EXPECT_NO_THROW(bob.log_in(node().pdu_port(), "bob"));
}

TEST_F(logins, of_one_user_on_many_machines_leave_one_terminal) {
  std::vector<chat_client> machines;
  for (int i = 0; i < 8; ++i) machines.push_back(user("alice"));
  for (std::size_t i = 0; i + 1 < machines.size(); ++i) {
    EXPECT_TRUE(machines[i].wire().closed_within(answer_time)) << i;
    const auto kick = machines[i].wire().next_of(cid::login_kick_user);
    ASSERT_TRUE(kick) << i;
    EXPECT_EQ(read<IM::Login::IMKickUser>(*kick).kick_reason(), IM::BaseDefine::KICK_REASON_DUPLICATE_USER);
  }
  EXPECT_TRUE(machines.back().wire().alive());
  EXPECT_EQ(node().status().at("logged_in"), 1);
}

TEST_F(logins, a_client_that_vanishes_while_it_is_checked_leaves_nothing_behind) {
  node().add_user("alice");
  for (int i = 0; i < 50; ++i) {
    chat_client gone;
    gone.wire().connect(node().pdu_port());
    IM::Login::IMLoginReq request;
    request.set_user_name("alice");
    request.set_password("00000000000000000000000000000000");
    request.set_online_status(IM::BaseDefine::USER_STATUS_ONLINE);
    request.set_client_type(IM::BaseDefine::CLIENT_TYPE_WINDOWS);
    gone.wire().send(cid::login_req_userlogin, 1, request.SerializeAsString());
  }
  EXPECT_TRUE(eventually([&] { return node().status().at("sessions") == 0 && node().status().at("in_flight") == 0; },
                         milliseconds(20000)));
}

TEST_F(logins, an_unknown_client_type_is_no_login) {
  node().add_user("alice");
  chat_client alice;
  alice.wire().connect(node().pdu_port());
  std::string body(
      "\x0a\x05"
      "alice\x12\x01x\x18\x01\x20\x63",
      14);
  alice.wire().send(cid::login_req_userlogin, 1, body);
  EXPECT_FALSE(alice.wire().next_of(cid::login_res_userlogin, milliseconds(300)));
  EXPECT_EQ(node().status().at("logged_in"), 0);
}

}  // namespace
}  // namespace parley::test

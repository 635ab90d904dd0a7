#include "login_flow.hpp"

namespace login_test {
namespace {

constexpr std::uint16_t kick = cid::login_kick_user;

std::string token_body(const std::string& token) {
  IMDeviceTokenReq message;
  message.set_user_id(999);
  message.set_device_token(token);
  return message.SerializeAsString();
}

TEST_F(login_flow, one_terminal_per_class) {
  const auto first = login("alice", "12345", pc);
  const auto mobile = login("alice", "12345", phone);
  const auto second = login("alice", "12345", mac);
  ASSERT_EQ(host.at(first).got.size(), 2u);
  EXPECT_EQ(host.at(first).got[1].command, kick);
  EXPECT_EQ(host.at(first).got[1].as<IMKickUser>().kick_reason(), KICK_REASON_DUPLICATE_USER);
  EXPECT_EQ(host.at(first).closed, "kicked");
  EXPECT_TRUE(in(mobile));
  EXPECT_TRUE(in(second));
}

TEST_F(login_flow, a_mobile_sends_the_pc_away_and_a_pc_nobody) {
  const auto desk = login("alice", "12345", pc);
  const auto mobile = login("alice", "12345", android);
  IMKickPCClientReq message;
  message.set_user_id(999);
  EXPECT_EQ(host.serve(desk, cid::login_req_kickpcclient, message.SerializeAsString()), PARLEY_NOT_ALLOWED);
  EXPECT_EQ(host.serve(mobile, cid::login_req_kickpcclient, message.SerializeAsString()), PARLEY_OK);
  EXPECT_EQ(host.at(mobile).got.back().as<IMKickPCClientRsp>().user_id(), 1u);
  EXPECT_EQ(host.at(desk).got.back().as<IMKickUser>().kick_reason(), KICK_REASON_MOBILE_KICK);
  EXPECT_EQ(host.at(desk).closed, "kicked");
}

TEST_F(login_flow, a_device_token_belongs_to_one_user) {
  host.verb("users add", {"bob", "12345"});
  EXPECT_EQ(host.serve(login("alice", "12345", phone), cid::login_req_devicetoken, token_body("t")), PARLEY_OK);
  EXPECT_EQ(host.serve(login("bob", "12345", android), cid::login_req_devicetoken, token_body("t")), PARLEY_OK);
  EXPECT_EQ(host.db.run("SELECT count(*) || ' ' || user_id || ' ' || client_type FROM device_token"), "1 2 18");
}

TEST_F(login_flow, a_device_token_is_of_a_mobile_and_storable) {
  EXPECT_EQ(host.serve(login("alice", "12345", pc), cid::login_req_devicetoken, token_body("t")), PARLEY_NOT_ALLOWED);
  const auto mobile = login("alice", "12345", phone);
  EXPECT_EQ(host.serve(mobile, cid::login_req_devicetoken, token_body(std::string(257, 'x'))), PARLEY_MALFORMED);
  EXPECT_EQ(host.serve(mobile, cid::login_req_devicetoken, token_body("\xff")), PARLEY_MALFORMED);
  EXPECT_EQ(host.serve(mobile, cid::login_req_devicetoken, token_body(std::string(256, 'x'))), PARLEY_OK);
}

TEST_F(login_flow, a_pcs_logout_keeps_the_mobiles_token) {
  const auto desk = login("alice", "12345", pc);
  const auto mobile = login("alice", "12345", phone);
  host.serve(mobile, cid::login_req_devicetoken, token_body("t"));
  host.serve(desk, cid::login_req_loginout, "");
  EXPECT_EQ(host.at(desk).got.back().command, cid::login_res_loginout);
  EXPECT_EQ(host.at(desk).closed, "logout");
  EXPECT_EQ(host.db.run("SELECT count(*) FROM device_token"), "1");
  host.serve(mobile, cid::login_req_loginout, "");
  EXPECT_EQ(host.db.run("SELECT count(*) FROM device_token"), "0");
}

TEST_F(login_flow, the_same_shield_again_is_a_success) {
  const auto id = login("alice", "12345");
  IMPushShieldReq message;
  message.set_user_id(999);
  message.set_shield_status(1);
  for (int i = 0; i < 2; ++i) {
    host.serve(id, cid::login_req_push_shield, message.SerializeAsString());
    EXPECT_EQ(host.at(id).got.back().as<IMPushShieldRsp>().result_code(), 0u);
    EXPECT_EQ(host.at(id).got.back().as<IMPushShieldRsp>().shield_status(), 1u);
  }
  message.set_shield_status(7);
  host.serve(id, cid::login_req_push_shield, message.SerializeAsString());
  EXPECT_EQ(host.at(id).got.back().as<IMPushShieldRsp>().result_code(), 1u);
  EXPECT_FALSE(host.at(id).got.back().as<IMPushShieldRsp>().has_shield_status());
}

}  // namespace
}  // namespace login_test

#include "login_flow.hpp"

namespace login_test {
namespace {

TEST_F(login_flow, a_login_is_answered_with_all_of_the_profile) {
  const auto reply = answer(login("alice", "12345"));
  EXPECT_EQ(reply.result_code(), REFUSE_REASON_NONE);
  EXPECT_EQ(reply.result_string(), "成功");
  EXPECT_EQ(reply.user_info().user_real_name(), "alice");
  EXPECT_TRUE(reply.user_info().IsInitialized());
  EXPECT_TRUE(reply.user_info().has_sign_info());
  EXPECT_FALSE(reply.has_extension_level());
}

TEST_F(login_flow, unknown_wrong_and_malformed_look_alike) {
  for (const auto& [name, password] :
       std::vector<std::pair<std::string, std::string>>{{"alice", "x"},
                                                        {"nobody", "12345"},
                                                        {"alice ", "12345"},
                                                        {"", "12345"},
                                                        {std::string("alice\0", 6), "12345"}}) {
    const auto id = login(name, password);
    EXPECT_EQ(code(id), REFUSE_REASON_DB_VALIDATE_FAILED);
    EXPECT_EQ(answer(id).result_string(), "用户名/密码错误");
    EXPECT_FALSE(answer(id).has_user_info());
    EXPECT_EQ(host.at(id).closed, "login_failed");
  }
}

TEST_F(login_flow, the_second_login_needs_no_argon2id_and_one_sql_job) {
  login("alice", "12345");
  const int checks = host.worker_jobs;
  const int reads = host.sql_jobs;
  EXPECT_TRUE(in(login("alice", "12345")));
  EXPECT_EQ(host.worker_jobs, checks);
  EXPECT_EQ(host.sql_jobs, reads + 1);
}

TEST_F(login_flow, a_changed_password_is_seen_at_once) {
  login("alice", "12345");
  EXPECT_EQ(host.verb("users passwd", {"alice", "new"}).code, PARLEY_OK);
  EXPECT_EQ(code(login("alice", "12345")), REFUSE_REASON_DB_VALIDATE_FAILED);
  EXPECT_TRUE(in(login("alice", "new")));
}

TEST_F(login_flow, a_second_login_on_a_session_is_ignored) {
  const auto id = begin("alice", "12345");
  EXPECT_EQ(host.serve(id, cid::login_req_userlogin, login_body("alice", "x")), PARLEY_OK);
  EXPECT_TRUE(in(id));
  EXPECT_EQ(host.serve(id, cid::login_req_userlogin, login_body("alice", "x")), PARLEY_NOT_ALLOWED);
  EXPECT_EQ(host.at(id).got.size(), 1u);
}

TEST_F(login_flow, a_session_that_died_meanwhile_is_left_alone) {
  const auto first = login("alice", "12345");
  const auto id = begin("alice", "12345");
  host.at(id).closed = "eof";
  host.run();
  EXPECT_TRUE(host.at(id).got.empty());
  EXPECT_TRUE(in(first));
}

TEST_F(login_flow, a_status_the_enum_lacks_counts_as_online) {
  auto body = login_body("alice", "12345");
  body.at(body.find("\x18\x01") + 1) = 9;
  const auto id = host.connect();
  EXPECT_EQ(host.serve(id, cid::login_req_userlogin, body), PARLEY_OK);
  EXPECT_EQ(answer(id).online_status(), USER_STATUS_ONLINE);
}

TEST_F(login_flow, an_unknown_client_type_or_a_missing_status_is_malformed) {
  auto body = login_body("alice", "12345");
  body.at(body.find("\x20\x01") + 1) = 5;
  EXPECT_EQ(host.serve(host.connect(), cid::login_req_userlogin, body), PARLEY_MALFORMED);
  body = login_body("alice", "12345");
  body.erase(body.find("\x18\x01"), 2);
  EXPECT_EQ(host.serve(host.connect(), cid::login_req_userlogin, body), PARLEY_MALFORMED);
}

TEST_F(login_flow, the_level_granted_is_the_lower_one) {
  IMLoginReq message;
  message.ParseFromString(login_body("alice", "12345"));
  message.set_extension_level(9);
  const auto id = host.connect();
  host.serve(id, cid::login_req_userlogin, message.SerializeAsString());
  EXPECT_EQ(answer(id).extension_level(), 1u);
  EXPECT_EQ(host.at(id).level, 1u);
}

TEST_F(login_flow, without_a_database_the_answer_is_3) {
  host.sql_verdict = PARLEY_UNAVAILABLE;
  const auto id = login("alice", "12345");
  EXPECT_EQ(code(id), REFUSE_REASON_NO_DB_SERVER);
  EXPECT_FALSE(host.at(id).closed.empty());
}

TEST_F(login_flow, behind_too_long_a_queue_cold_logins_hear_busy_and_warm_ones_get_in) {
  login("alice", "12345");
  host.workers_queued = 1'000'000;
  EXPECT_EQ(code(login("alice", "wrong")), REFUSE_REASON_MSG_SERVER_FULL);
  EXPECT_TRUE(in(login("alice", "12345")));
}

TEST_F(login_flow, every_login_is_answered_in_time) {
  host.stall_workers(true);
  const auto id = login("alice", "12345");
  EXPECT_TRUE(host.at(id).got.empty());
  for (int i = 0; i < 49; ++i) host.pass(200);
  EXPECT_EQ(code(id), REFUSE_REASON_MSG_SERVER_FULL);
  EXPECT_EQ(host.at(id).closed, "login_busy");
  host.stall_workers(false);
  host.run();
  EXPECT_EQ(host.at(id).got.size(), 1u);
}

TEST_F(login_flow, the_lowest_id_of_an_active_name_counts) {
  host.db.run("INSERT INTO IMUser(name, departId, status, created, updated) VALUES ('alice', 0, 3, 1, 1)");
  host.db.run("INSERT INTO IMUser(name, departId, status, created, updated) VALUES ('alice', 0, 0, 1, 1)");
  EXPECT_EQ(answer(login("alice", "12345")).user_info().user_id(), 1u);
}

}  // namespace
}  // namespace login_test

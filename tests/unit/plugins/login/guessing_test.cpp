#include "login_flow.hpp"

namespace login_test {
namespace {

constexpr const char* wrong = "用户名/密码错误";
constexpr const char* too_many = "用户名/密码错误次数太多";

TEST_F(login_flow, ten_failures_close_the_door_to_this_address_for_half_an_hour) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(answer(login("alice", "x")).result_string(), wrong);
  const auto id = login("alice", "12345");
  EXPECT_EQ(code(id), REFUSE_REASON_DB_VALIDATE_FAILED);
  EXPECT_EQ(answer(id).result_string(), too_many);
  EXPECT_TRUE(in(login("alice", "12345", pc, "10.0.0.2")));
  host.pass(30 * 60 * 1000);
  EXPECT_TRUE(in(login("alice", "12345")));
}

TEST_F(login_flow, a_burst_gets_no_more_guesses_than_a_slow_attacker) {
  const int before = host.worker_jobs;
  std::vector<parley_session_id> burst;
  for (int i = 0; i < 50; ++i) burst.push_back(begin("alice", "x"));
  host.run();
  EXPECT_EQ(host.worker_jobs - before, 10);
  EXPECT_EQ(texts(burst)[wrong], 10);
  EXPECT_EQ(texts(burst)[too_many], 40);
}

TEST_F(login_flow, a_burst_with_the_right_password_pays_for_one_check) {
  const int before = host.worker_jobs;
  std::vector<parley_session_id> burst;
  for (int i = 0; i < 50; ++i) burst.push_back(begin("alice", "12345"));
  host.run();
  EXPECT_EQ(host.worker_jobs - before, 1);
  EXPECT_EQ(texts(burst)["成功"], 50);
}

TEST_F(login_flow, random_names_of_an_address_cost_a_bounded_number_of_checks) {
  const int before = host.worker_jobs;
  for (int i = 0; i < 300; ++i) begin("name" + std::to_string(i), "x");
  host.run();
  EXPECT_EQ(host.worker_jobs - before, 100);
}

TEST_F(login_flow, an_unknown_name_costs_a_check_like_a_wrong_password) {
  const int before = host.worker_jobs;
  login("nobody", "x");
  EXPECT_EQ(host.worker_jobs - before, 1);
}

}  // namespace
}  // namespace login_test

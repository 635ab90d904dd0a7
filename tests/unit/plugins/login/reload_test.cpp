#include <parley/abi.h>

#include "login_flow.hpp"

extern "C" const parley_plugin_descriptor parley_plugin;

namespace login_test {
namespace {

constexpr const char* throttled = "用户名/密码错误次数太多";

struct login_reload : login_flow {
  parley_status reload() { return host.reload(parley_plugin.state_version, host.saved()); }
  void guess_until_refused() {
    for (int i = 0; i < 10; ++i) login("alice", "x");
    ASSERT_EQ(answer(login("alice", "12345")).result_string(), throttled);
  }
};

TEST_F(login_reload, who_is_throttled_stays_so_for_the_rest_of_the_window) {
  ASSERT_NO_FATAL_FAILURE(guess_until_refused());
  host.pass(29 * 60 * 1000);
  ASSERT_EQ(reload(), PARLEY_OK);
  EXPECT_EQ(answer(login("alice", "12345")).result_string(), throttled);
  EXPECT_TRUE(in(login("alice", "12345", pc, "10.0.0.2")));
  host.pass(60 * 1000);
  EXPECT_TRUE(in(login("alice", "12345")));
}

TEST_F(login_reload, an_address_that_went_through_names_stays_refused) {
  for (int i = 0; i < 100; ++i) login("name" + std::to_string(i), "x");
  ASSERT_EQ(reload(), PARLEY_OK);
  EXPECT_EQ(answer(login("alice", "12345")).result_string(), throttled);
}

TEST_F(login_reload, who_was_verified_needs_no_new_check) {
  EXPECT_TRUE(in(login("alice", "12345")));
  for (int i = 0; i < 3; ++i) ASSERT_EQ(reload(), PARLEY_OK);
  const int before = host.worker_jobs;
  EXPECT_TRUE(in(login("alice", "12345")));
  EXPECT_EQ(host.worker_jobs - before, 0);
  EXPECT_FALSE(in(login("alice", "wrong")));
  EXPECT_EQ(host.worker_jobs - before, 1);
}

TEST_F(login_reload, a_state_that_is_cut_grown_or_of_another_version_is_refused) {
  login("alice", "12345");
  login("alice", "x");
  const auto state = host.saved();
  for (std::size_t size = 0; size < state.size(); ++size) {
    EXPECT_EQ(host.reload(1, state.substr(0, size)), PARLEY_MALFORMED) << size;
  }
  EXPECT_EQ(host.reload(1, state + "x"), PARLEY_MALFORMED);
  EXPECT_EQ(host.reload(2, state), PARLEY_REFUSED);
  EXPECT_EQ(host.reload(0, ""), PARLEY_REFUSED);
  const int before = host.worker_jobs;
  EXPECT_TRUE(in(login("alice", "12345"))) << "the old one serves on";
  EXPECT_EQ(host.worker_jobs, before);
}

TEST_F(login_reload, nothing_of_a_password_can_be_read_in_it) {
  login("alice", "12345");
  const auto state = host.saved();
  EXPECT_EQ(state.find("12345"), std::string::npos);
  EXPECT_EQ(state.find(login::secret_of("12345")), std::string::npos);
}

}  // namespace
}  // namespace login_test

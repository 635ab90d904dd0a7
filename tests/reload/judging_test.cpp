// The trial before a reload reads the database, and leaves no trace in it.
#include <regex>
#include <thread>

#include "fixture.hpp"

namespace parley::test {
namespace {

class judging : public reload_test {
 protected:
  void SetUp() override {
    build("judging");
    EXPECT_EQ(name(), "judging");
  }
  std::string name() {
    client().send(0x8120, ++seq_, "");
    const auto got = client().answer(0x8129, seq_);
    return got ? got->body : "-";
  }
  /// Row 1, which decides who is fit.
  void put(int fit) { node().run_sql("INSERT INTO judged(id, fit) VALUES (1, " + std::to_string(fit) + ")"); }
  std::string fit() { return node().run_sql("SELECT fit FROM judged WHERE id = 1"); }
  void expect_refused(const std::string& reason) {
    const auto answer = ask("reload");
    ASSERT_FALSE(answer.ok);
    EXPECT_TRUE(std::regex_search(answer.error, std::regex(reason))) << answer.error;
    EXPECT_EQ(answer.error.find("se%27cr"), std::string::npos) << "tells a password: " << answer.error;
    EXPECT_EQ(name(), "judging");
    EXPECT_EQ(states(), (std::map<int, std::string>{{1, "active"}}));
  }

 private:
  std::uint16_t seq_ = 0;
};

TEST_F(judging, a_row_that_its_self_test_likes_lets_it_serve) {
  put(1);
  build("judging_second");
  expect_ok(ask("reload"));
  EXPECT_EQ(name(), "judging_second");
}

TEST_F(judging, a_row_that_its_self_test_does_not_like_refuses_it) {
  put(0);
  build("judging_second");
  expect_refused("self-test failed.*row 1 says that nobody is fit");
  node().run_sql("UPDATE judged SET fit = 1");
  expect_ok(ask("reload"));
  EXPECT_EQ(name(), "judging_second");
}

TEST_F(judging, what_a_self_test_writes_is_refused_and_changes_nothing) {
  put(7);
  build("judging_writes");
  expect_refused("the trial before a load may only read: ");
  EXPECT_EQ(fit(), "7");
}

TEST_F(judging, nor_does_it_make_a_table) {
  build("judging_alters");
  expect_refused("the trial before a load may only read: ");
  EXPECT_THROW(node().run_sql("SELECT x FROM made_in_a_trial"), failure);
}

TEST_F(judging, a_crash_over_a_row_read_when_it_is_made_costs_nothing) {
  put(1);
  build("judging_crashes");
  expect_refused("SIGABRT");
}

TEST_F(judging, a_self_test_that_never_ends_is_given_up) {
  build("judging_never");
  expect_refused("preflight");
}

// A first start has no trial.
TEST_F(judging, at_a_start_it_is_asked_too) {
  put(0);
  EXPECT_EQ(node().terminate().code, 0);
  const auto started = run({parleyd(), "run", "--no-supervise", options_.manifest}, node().environment());
  EXPECT_EQ(started.end.code, 2) << started.output;
  EXPECT_NE(started.output.find("row 1 says that nobody is fit"), std::string::npos) << started.output;
  EXPECT_NE(started.output.find("its self-test failed"), std::string::npos) << started.output;
  node().run_sql("UPDATE judged SET fit = 1");
  node().start();
}

// Passwords of databases go to the helper by a file without a name.
TEST_F(judging, the_helpers_command_line_shows_no_url) {
  build("judging_never");
  std::string seen;
  std::thread asking([this] { (void)control_client(node().socket_path()).call("reload", {{"name", "changing"}}); });
  const bool found = eventually([&] {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const auto command = read_file(entry.path() / "cmdline");
      if (command.find(std::string("preflight") + '\0') == std::string::npos) continue;
      if (command.find(scratch_.path().string()) == std::string::npos) continue;
      seen = command;
      return true;
    }
    return false;
  });
  asking.join();
  ASSERT_TRUE(found);
  EXPECT_EQ(seen.find("mysql://"), std::string::npos) << seen;
  EXPECT_EQ(seen.find("sqlite://"), std::string::npos) << seen;
}

}  // namespace
}  // namespace parley::test

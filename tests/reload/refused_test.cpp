#include <regex>

#include "fixture.hpp"

namespace parley::test {
namespace {

struct wrong_build {
  std::string name;
  std::string reason;  ///< a regular expression
};

void PrintTo(const wrong_build& b, std::ostream* out) {
  *out << b.name;
}

class refused : public reload_test, public testing::WithParamInterface<wrong_build> {};

TEST_P(refused, and_the_old_one_serves_on) {
#ifdef PARLEY_SANITIZED
  if (GetParam().name == "no_build_id" || GetParam().name == "nodelete" || GetParam().name == "thread_local") {
    GTEST_SKIP() << "sanitized builds unmap nothing, so nothing has to be able to go";
  }
#endif
  EXPECT_EQ(count(), "first 1");
  build(GetParam().name);
  const auto answer = ask("reload");
  ASSERT_FALSE(answer.ok);
  EXPECT_TRUE(std::regex_search(answer.error, std::regex(GetParam().reason))) << answer.error;
  EXPECT_NE(answer.error.find("changing"), std::string::npos) << "does not name the plugin: " << answer.error;
  EXPECT_EQ(count(), "first 2");
  EXPECT_EQ(states(), (std::map<int, std::string>{{1, "active"}}));
  EXPECT_EQ(reloads().at("refused"), 1);
  // What was staged for it is gone.
  int staged = 0;
  for (const auto& entry : std::filesystem::directory_iterator(node().data() + "/run")) {
    staged += entry.path().filename().string().starts_with("changing-");
  }
  EXPECT_EQ(staged, 1);
  build("second");
  expect_ok(ask("reload"));
  EXPECT_EQ(count(), "second 3");
}

INSTANTIATE_TEST_SUITE_P(each, refused,
                         testing::Values(wrong_build{"crashes_at_load", "SIGSEGV"},
                                         wrong_build{"crashes_in_self_test", "SIGSEGV"},
                                         wrong_build{"hangs_in_self_test", "preflight within"},
                                         wrong_build{"fails_self_test", "self-test failed"},
                                         wrong_build{"throws_in_create", "no luck this time"},
                                         wrong_build{"refuses_state", "refuses the state.*version 1"},
                                         wrong_build{"claims_anothers", "0x8001"},
                                         wrong_build{"thread_local", "thread_local"},
                                         wrong_build{"no_build_id", "build-id"}, wrong_build{"nodelete", "nodelete"}));

using refusing = reload_test;

TEST_F(refusing, what_would_never_go_is_told_by_a_check_before) {
#ifdef PARLEY_SANITIZED
  GTEST_SKIP() << "sanitized builds unmap nothing, so nothing has to be able to go";
#endif
  const std::map<std::string, std::string> environment{{"PARLEY_DATA", (scratch_.path() / "data").string()}};
  EXPECT_EQ(run({parleyd(), "check", options_.manifest}, environment).end.code, 0);
  build("nodelete");
  const auto got = run({parleyd(), "check", options_.manifest}, environment);
  EXPECT_EQ(got.end.code, 2);
  EXPECT_NE(got.output.find(file_ + ": it is linked with -z nodelete"), std::string::npos) << got.output;
}

TEST_F(refusing, a_file_cut_short) {
  EXPECT_EQ(count(), "first 1");
  const auto whole = read_file(changing_file("second"));
  for (const std::size_t size : {std::size_t{0}, std::size_t{63}, std::size_t{4096}, whole.size() - 1}) {
    write_file(file_ + ".new", std::string_view(whole).substr(0, size));
    std::filesystem::rename(file_ + ".new", file_);
    const auto answer = ask("reload");
    ASSERT_FALSE(answer.ok) << size;
    EXPECT_NE(answer.error.find("cut short"), std::string::npos) << answer.error;
  }
  EXPECT_EQ(count(), "first 2");
}

TEST_F(refusing, a_file_that_is_gone) {
  node();
  std::filesystem::remove(file_);
  const auto answer = ask("reload");
  ASSERT_FALSE(answer.ok);
  EXPECT_NE(answer.error.find(file_), std::string::npos) << answer.error;
  EXPECT_EQ(count(), "first 1");
}

TEST_F(refusing, a_state_over_the_limit) {
  build("huge_state");
  node();
  build("second");
  const auto answer = ask("reload");
  ASSERT_FALSE(answer.ok);
  EXPECT_NE(answer.error.find("reload.state_limit"), std::string::npos) << answer.error;
  EXPECT_EQ(count(), "huge_state 1");
}

TEST_F(refusing, never_while_it_is_being_written) {
  node();
  const auto whole = read_file(changing_file("second"));
  std::atomic<bool> stop = false;
  std::thread linker([&] {
    while (!stop) write_file(file_, whole);
  });
  int swapped = 0;
  for (int i = 0; i < 20; ++i) {
    const auto answer = ask("reload");
    swapped += answer.ok;
    if (!answer.ok) {
      EXPECT_TRUE(std::regex_search(answer.error, std::regex("cut short|changed while|no shared library")))
          << answer.error;
    }
  }
  stop = true;
  linker.join();
  expect_ok(ask("reload"));
  EXPECT_EQ(count(), "second 1");
  EXPECT_TRUE(everything_unmapped());
}

}  // namespace
}  // namespace parley::test

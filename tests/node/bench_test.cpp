// parley-bench group and presence, as tests/bench/run calls them, with few users and for a moment.
#include "node/fixture.hpp"

namespace parley::test {
namespace {

struct bench_of_people : node_test {
  void SetUp() override {
    const auto list = run({program(), "users", "--count", "40", "--password", "secret"});
    ASSERT_EQ(list.end.code, 0) << list.output;
    node().ask("users import", {{"file", list.output}});
  }
  static std::string program() { return build_directory() + "/bin/parley-bench"; }
  json measure(std::vector<std::string> words) {
    words.insert(words.begin(), program());
    words.insert(words.end(), {"--server", "127.0.0.1:" + std::to_string(node().pdu_port()), "--json"});
    const auto got = run(words, {}, patience(milliseconds(30000)));
    EXPECT_EQ(got.end.code, 0) << got.output;
    return json::parse(got.output).at("results");
  }
};

TEST_F(bench_of_people, group_delivers_everything_to_everybody) {
  const auto found =
      measure({"group", "--members", "12", "--senders", "2", "--window", "2", "--seconds", "1", "--warmup", "0"});
  EXPECT_GT(found.at("acked"), 0) << found.dump();
  EXPECT_GT(found.at("delivered"), found.at("acked"));
}

TEST_F(bench_of_people, presence_counts_what_logins_tell) {
  for (const char* level : {"1", "0"}) {
    const auto found = measure({"presence", "--sessions", "40", "--part", "10", "--level", level});
    EXPECT_GE(found.at("notices"), 39) << "everybody is told of everybody: " << found.dump();
    EXPECT_GE(found.at("users_told_of"), found.at("notices"));
    EXPECT_GT(found.at("login_p99_last_part"), 0);
    EXPECT_TRUE(eventually([&] { return node().status().at("logged_in") == 0; }));
  }
}

}  // namespace
}  // namespace parley::test

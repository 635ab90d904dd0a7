// A new build that passes every test and crashes when it serves.
#include "fixture.hpp"

namespace parley::test {
namespace {

struct bad_build {
  std::string name;
  int call;
};

void PrintTo(const bad_build& b, std::ostream* out) {
  *out << b.name;
}

class crash_in_probation : public reload_test, public testing::WithParamInterface<bad_build> {
 protected:
  crash_in_probation() {
    reload_ = "reload: {probation: 10m}\n";
    options_.supervised = true;
    write_manifest();
  }
  bool serves_again(pid_t before) {
    const bool other = eventually(
        [&] {
          try {
            const auto now = node().status();
            return now.at("pid") != before && now.at("ready").get<bool>();
          } catch (const std::exception&) {
            return false;
          }
        },
        milliseconds(20000));
    if (other) node().wait_until_ready();  // for its new ports
    return other;
  }
  /// "BUILD COUNT", of a client who comes now.
  std::string count_of_a_stranger() {
    wire_client stranger;
    stranger.connect(node().pdu_port());
    stranger.send(0x8120, 1, "");
    const auto got = stranger.answer(0x8129, 1);
    return got ? got->body : "-";
  }
  std::string parleyctl_says(const std::vector<std::string>& words) {
    std::vector<std::string> line{parleyctl(), "--socket", node().socket_path()};
    line.insert(line.end(), words.begin(), words.end());
    const auto said = run(line);
    EXPECT_EQ(said.end.code, 0) << said.output;
    return said.output;
  }
};

TEST_P(crash_in_probation, brings_the_generation_before_back_and_is_told) {
  EXPECT_EQ(count(), "first 1");
  const pid_t before = node().status().at("pid");
  build(GetParam().name);
  expect_ok(ask("reload"));
  for (int i = 1; i < GetParam().call; ++i) ASSERT_EQ(count(), GetParam().name + " " + std::to_string(i + 1));
  client().send(0x8120, 1000, "");
  ASSERT_TRUE(client().closed_within(milliseconds(10000))) << "it did not crash";
  ASSERT_TRUE(serves_again(before)) << node().log();

  // The file that the manifest names is the bad build still.
  EXPECT_EQ(count_of_a_stranger(), "first 1");
  const auto crash = json::parse(parleyctl_says({"--json", "crashes", "last"}));
  EXPECT_EQ(crash.at("plugin"), "changing");
  EXPECT_EQ(crash.at("generation"), 2);
  EXPECT_EQ(crash.at("command"), "0x8120");
  EXPECT_EQ(crash.at("signal"), "SIGSEGV");
  const auto listed = parleyctl_says({"crashes"});
  for (const char* part : {"changing", "0x8120", "SIGSEGV"}) {
    EXPECT_NE(listed.find(part), std::string::npos) << part << "\n" << listed;
  }
  EXPECT_EQ(node().ask("quarantine").at(0).at("state"), "the build before is loaded");

  // A mended build takes over as any other.
  build("third");
  expect_ok(ask("reload"));
  EXPECT_EQ(count_of_a_stranger(), "third 2");
  EXPECT_TRUE(node().ask("quarantine").empty());
}

INSTANTIATE_TEST_SUITE_P(each, crash_in_probation,
                         testing::Values(bad_build{"crashes_at_first_call", 1},
                                         bad_build{"crashes_at_hundredth_call", 100}),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace parley::test

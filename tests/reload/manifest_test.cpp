#include <fstream>

#include "fixture.hpp"
#include "support/http_client.hpp"

namespace parley::test {
namespace {

class a_changed_manifest : public reload_test {
 protected:
  /// The node's own word on the last SIGHUP, from the `seen`th on.
  bool logged(const std::string& words) {
    return eventually([&] { return node().log().find(words) != std::string::npos; });
  }
  void hang_up() { kill(node().pid(), SIGHUP); }
  std::string echo() {
    client().send(0x8001, 5, "\x0a\x02hi");
    const auto got = client().answer(0x8002, 5);
    return got ? got->body.substr(2) : "-";
  }
};

TEST_F(a_changed_manifest, reloads_whose_settings_changed_and_nobody_else) {
  EXPECT_EQ(echo(), "hi");
  write_manifest("oh ");
  hang_up();
  ASSERT_TRUE(logged("SIGHUP: applied: make echo"));
  EXPECT_EQ(echo(), "oh hi");
  EXPECT_EQ(states().rbegin()->first, 1);
}

TEST_F(a_changed_manifest, adds_and_removes_plugins) {
  node();
  more_ = "  - {name: login, config: {password_cost: low}}\n";
  write_manifest();
  hang_up();
  ASSERT_TRUE(logged("SIGHUP: applied: make login"));
  EXPECT_EQ(states("login").size(), 1u);
  more_.clear();
  write_manifest();
  hang_up();
  ASSERT_TRUE(logged("SIGHUP: applied: remove login"));
  EXPECT_TRUE(everything_unmapped());
  EXPECT_TRUE(states("login").empty());
}

TEST_F(a_changed_manifest, is_refused_whole_when_a_part_needs_a_restart) {
  EXPECT_EQ(echo(), "hi");
  write_manifest("oh ");
  auto text = read_file(options_.manifest);
  text.replace(text.find("node: {name: test"), 17, "node: {name: other");
  write_file(options_.manifest, text);
  hang_up();
  ASSERT_TRUE(logged("node.name has changed"));
  EXPECT_TRUE(logged("nothing was applied"));
  EXPECT_EQ(echo(), "hi");
}

TEST_F(a_changed_manifest, is_refused_whole_when_it_is_wrong) {
  EXPECT_EQ(echo(), "hi");
  write_manifest("oh ");
  std::ofstream(options_.manifest, std::ios::app) << "strange_key: 1\n";
  hang_up();
  ASSERT_TRUE(logged("strange_key"));
  EXPECT_EQ(echo(), "hi");
}

TEST_F(a_changed_manifest, that_asks_for_nothing_new_does_nothing) {
  node();
  std::ofstream(options_.manifest, std::ios::app) << "# a comment\n";
  hang_up();
  ASSERT_TRUE(logged("SIGHUP: applied: nothing"));
  EXPECT_EQ(reloads().at("retired"), 0);
}

/// `parleyd run --dev`, its terminal in a file.
TEST_F(a_changed_manifest, development_swaps_what_the_build_has_written) {
  options_.dev = true;
  EXPECT_EQ(count(), "first 1");
  build("second");
  ASSERT_TRUE(logged("changing 1 -> 2 in "));
  EXPECT_EQ(count(), "second 2");
  build("fails_self_test");
  ASSERT_TRUE(logged("changing not replaced, the old one serves on: "));
  EXPECT_EQ(count(), "second 3");
  // The same once more is no news; written in place and slowly it is one swap.
  build("second");
  const auto whole = read_file(changing_file("first"));
  {
    std::ofstream slowly(file_, std::ios::binary);
    for (std::size_t at = 0; at < whole.size(); at += 65536) {
      slowly.write(whole.data() + at, static_cast<std::streamsize>(std::min<std::size_t>(65536, whole.size() - at)));
      slowly.flush();
      poll(nullptr, 0, 40);
    }
  }
  // Version 1 cannot read version 2's state, and says so.
  ASSERT_TRUE(logged("refuses the state"));
  EXPECT_EQ(count(), "second 4");
}

}  // namespace
}  // namespace parley::test

#include "crash/options.hpp"

#include <gtest/gtest.h>

namespace parley::crash {
namespace {

options read(const std::vector<std::string>& words) {
  const auto got = read_options(words, 77);
  if (const auto* wrong = std::get_if<usage>(&got)) ADD_FAILURE() << wrong->text;
  return std::get_if<options>(&got) ? std::get<options>(got) : options{};
}
std::string refused(const std::vector<std::string>& words) {
  const auto got = read_options(words, 77);
  const auto* wrong = std::get_if<usage>(&got);
  if (!wrong) return "accepted";
  EXPECT_EQ(wrong->status, 2);
  return wrong->text;
}

TEST(options, have_a_random_seed_unless_one_is_given) {
  EXPECT_EQ(read({}).seed, 77u);
  EXPECT_EQ(read({"--seed", "5"}).seed, 5u);
}

TEST(options, are_read) {
  const auto o = read({"--minutes", "60", "--rounds", "4", "--faults", "kill,power_cut", "--must-find",
                       "lost,misplaced", "--sabotage", "lying_disk", "--json", "--keep", "out"});
  EXPECT_EQ(o.minutes, 60u);
  EXPECT_EQ(o.rounds, 4u);
  EXPECT_EQ(o.faults, (std::vector{fault::kill, fault::power_cut}));
  EXPECT_EQ(o.must_find, (std::vector{promise::lost, promise::misplaced}));
  EXPECT_EQ(o.broken, sabotage::lying_disk);
  EXPECT_TRUE(o.json);
  EXPECT_EQ(o.keep, "out");
}

TEST(options, know_a_cluster) {
  const auto o = read({"--cluster", "2x3", "--database", "mariadb", "--resume", "3000", "--faults", "edge_kill"});
  EXPECT_EQ(o.edges, 2u);
  EXPECT_EQ(o.nodes, 5u);
  EXPECT_EQ(o.resume_ms, 3000u);
  for (const auto* wrong : {"2", "0x2", "2x0", "x", "2x2x2", "two"}) {
    EXPECT_NE(refused({"--cluster", wrong, "--database", "mariadb"}).find("--cluster wants"), std::string::npos)
        << wrong;
  }
  EXPECT_NE(refused({"--cluster", "2x2"}).find("--database mariadb"), std::string::npos);
  EXPECT_NE(refused({"--cluster", "5x5", "--database", "mariadb"}).find("at most 8"), std::string::npos);
  EXPECT_NE(refused({"--faults", "partition", "--database", "mariadb"}).find("--cluster"), std::string::npos);
}

TEST(options, say_what_is_wrong) {
  EXPECT_NE(refused({"--faults", "earthquake"}).find("earthquake"), std::string::npos);
  EXPECT_NE(refused({"--minutes", "1h"}).find("--minutes wants a number"), std::string::npos);
  EXPECT_NE(refused({"--minutes"}).find("wants a value"), std::string::npos);
  EXPECT_NE(refused({"--frobnicate", "1"}).find("unknown option"), std::string::npos);
  EXPECT_NE(refused({"--faults", "mariadb_kill"}).find("--database mariadb"), std::string::npos);
  EXPECT_NE(refused({"--nodes", "2"}).find("--database mariadb"), std::string::npos);
  EXPECT_NE(refused({"--rounds", "0"}).find("at least 1"), std::string::npos);
}

TEST(options, explain_themselves) {
  const auto got = read_options({"--help"}, 1);
  ASSERT_TRUE(std::holds_alternative<usage>(got));
  const auto& text = std::get<usage>(got);
  EXPECT_EQ(text.status, 0);
  for (const auto& kind : fault_kinds()) EXPECT_NE(text.text.find(kind.name), std::string::npos) << kind.name;
}

}  // namespace
}  // namespace parley::crash

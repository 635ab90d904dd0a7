#include "crash/shim/power_cut.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "crash/shim/shim_handle.hpp"
#include "support/process.hpp"

namespace parley::crash {
namespace {

/// tests/crash/shim/scribbler.cpp under the shim, in a directory that is watched.
class power_cut : public testing::Test {
 protected:
  void SetUp() override {
    if (!shim_exists()) GTEST_SKIP() << "no shim in a sanitized build";
    shim_.emplace();
  }
  std::string scribble(std::vector<std::string> words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] != "open" && words[i] != "remove" && words[i] != "rename") continue;
      for (std::size_t k = i + 1; k <= i + (words[i] == "rename" ? 2 : 1); ++k) words[k] = path(words[k]);
    }
    std::vector<std::string> command{PARLEY_SCRIBBLER};
    command.insert(command.end(), words.begin(), words.end());
    const auto done = test::run(command, shim_->environment(data_.path()));
    EXPECT_EQ(done.end.code, 0) << done.output;
    return done.output;
  }
  std::uint64_t cut(loss how = loss::everything, std::uint64_t seed = 1) {
    return shim_->cut_power(data_.path(), how, seed);
  }
  std::string path(const std::string& name) const { return (data_.path() / name).string(); }
  std::string content(const std::string& name = "f") const { return test::read_file(path(name)); }

  test::temp_dir data_;
  std::optional<shim_handle> shim_;
};

TEST_F(power_cut, takes_what_was_not_synced_and_nothing_else) {
  scribble({"open", "f", "at", "0", "synced", "sync", "at", "1", "XX", "at", "6", "more"});
  EXPECT_EQ(content(), "sXXcedmore");
  EXPECT_EQ(cut(), 6u);
  EXPECT_EQ(content(), "synced");
  EXPECT_EQ(cut(), 0u);
}

TEST_F(power_cut, takes_back_a_truncation_and_a_vector_of_writes) {
  scribble({"open", "f", "at", "0", "synced", "sync", "cut", "2", "vector", "8", "ab", "cd"});
  EXPECT_EQ(content().size(), 12u);
  cut();
  EXPECT_EQ(content(), "synced");
}

TEST_F(power_cut, follows_a_renamed_file_and_forgets_a_removed_one) {
  scribble({"open", "f", "at", "0", "synced", "sync", "at", "6", "lost", "rename", "f", "g", "open", "h", "at", "0",
            "x", "remove", "h"});
  cut();
  EXPECT_EQ(content("g"), "synced");
  EXPECT_FALSE(std::filesystem::exists(path("h")));
}

TEST_F(power_cut, remembers_over_the_lives_of_a_process) {
  scribble({"open", "f", "at", "0", "synced", "sync"});
  scribble({"open", "f", "at", "0", "first"});
  scribble({"open", "f", "at", "1", "other"});
  EXPECT_EQ(content(), "fother");
  cut();
  EXPECT_EQ(content(), "synced");
}

TEST_F(power_cut, may_keep_any_sector_whole_and_tears_none) {
  scribble({"open", "f", "fill", "0", "65536", "a", "sync", "fill", "0", "65536", "b"});
  cut(loss::some, 7);
  const auto left = content();
  ASSERT_EQ(left.size(), 65536u);
  std::size_t old = 0;
  for (std::size_t at = 0; at < left.size(); at += 512) {
    const auto one = left.substr(at, 512);
    EXPECT_EQ(one, std::string(512, one[0]));
    old += one[0] == 'a';
  }
  EXPECT_GT(old, 0u);
  EXPECT_LT(old, 128u);
}

TEST_F(power_cut, believes_no_sync_of_a_lying_disk) {
  shim_->control().lies = 1;
  scribble({"open", "f", "at", "0", "synced", "sync"});
  cut();
  EXPECT_EQ(content(), "");
}

TEST_F(power_cut, comes_with_a_disk_that_can_be_full) {
  scribble({"open", "f", "at", "0", "synced", "sync"});
  shim_->control().full = 1;
  scribble({"open", "f", "at", "0", "S", "full", "6", "more"});
  EXPECT_EQ(shim_->control().refused, 1u);
  EXPECT_EQ(content(), "Synced");
  shim_->mend();
  scribble({"open", "f", "at", "6", "more"});
  EXPECT_EQ(content(), "Syncedmore");
}

TEST_F(power_cut, comes_with_a_clock_that_can_be_wrong) {
  const auto true_year = std::stoi(scribble({"year"}));
  shim_->control().clock_shift_s = -3 * 366 * 86400;
  const auto year = std::stoi(scribble({"year"}));
  EXPECT_LT(year, true_year - 1);
  EXPECT_GT(year, true_year - 5);
  EXPECT_GT(shim_->control().shifted, 0u);
}

}  // namespace
}  // namespace parley::crash

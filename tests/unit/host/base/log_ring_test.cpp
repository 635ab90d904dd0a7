#include "host/base/log_ring.hpp"

#include <gtest/gtest.h>

#include <spdlog/logger.h>

namespace parley::host {
namespace {

struct ring : testing::Test {
  std::shared_ptr<log_ring> kept = std::make_shared<log_ring>();
  spdlog::logger log{"net", kept};
};

TEST_F(ring, lines_have_numbers_and_are_read_on_behind_one) {
  log.info("one");
  log.warn("two");
  log.error("three");
  const auto all = kept->behind(0, spdlog::level::trace, 10);
  ASSERT_EQ(all.found.size(), 3u);
  EXPECT_EQ(all.next, 3u);
  EXPECT_EQ(all.found[0].text, "one");
  EXPECT_EQ(all.found[0].module, "net");
  EXPECT_EQ(all.found[0].plugin, "");
  EXPECT_GT(all.found[0].unix_ms, 1'500'000'000'000);
  const auto later = kept->behind(2, spdlog::level::trace, 10);
  ASSERT_EQ(later.found.size(), 1u);
  EXPECT_EQ(later.found[0].number, 3u);
  EXPECT_TRUE(kept->behind(3, spdlog::level::trace, 10).found.empty());
  EXPECT_TRUE(kept->behind(99, spdlog::level::trace, 10).found.empty());
}

TEST_F(ring, a_limit_leaves_the_newest_and_a_level_the_gravest) {
  for (int i = 1; i <= 5; ++i) {
    log.info("i{}", i);
    log.warn("w{}", i);
  }
  const auto newest = kept->behind(0, spdlog::level::trace, 3);
  ASSERT_EQ(newest.found.size(), 3u);
  EXPECT_EQ(newest.found[0].text, "w4");
  EXPECT_EQ(newest.found[2].text, "w5");
  const auto warnings = kept->behind(0, spdlog::level::warn, 2);
  ASSERT_EQ(warnings.found.size(), 2u);
  EXPECT_EQ(warnings.found[0].text, "w4");
  EXPECT_EQ(warnings.next, 10u);
}

TEST_F(ring, only_the_newest_are_kept) {
  for (std::size_t i = 0; i < log_ring::most + 5; ++i) log.info("{}", i);
  const auto all = kept->behind(0, spdlog::level::trace, 10 * log_ring::most);
  EXPECT_EQ(all.found.size(), log_ring::most);
  EXPECT_EQ(all.found.front().number, 6u);
  EXPECT_EQ(all.found.back().text, std::to_string(log_ring::most + 4));
}

TEST_F(ring, a_plugins_line_names_it) {
  {
    const log_origin origin("echo", 3, 7, "hello");
    log.warn("gen 3 session 7: hello");
  }
  log.info("the host");
  const auto all = kept->behind(0, spdlog::level::trace, 10).found;
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].plugin, "echo");
  EXPECT_EQ(all[0].generation, 3u);
  EXPECT_EQ(all[0].session, 7u);
  EXPECT_EQ(all[0].text, "hello");
  EXPECT_EQ(all[1].plugin, "");
  EXPECT_EQ(all[1].text, "the host");
}

TEST_F(ring, no_line_is_longer_than_2_kib) {
  log.info(std::string(100'000, 'x'));
  EXPECT_EQ(kept->behind(0, spdlog::level::trace, 1).found.at(0).text.size(), 2048u);
}

}  // namespace
}  // namespace parley::host

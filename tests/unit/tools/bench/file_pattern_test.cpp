#include "bench/file_pattern.hpp"

#include <gtest/gtest.h>

namespace parley::bench {
namespace {

TEST(file_pattern, differs_between_files_and_places) {
  const file_pattern all;
  EXPECT_EQ(all.at(1, 0, 64), all.at(1, 0, 64));
  EXPECT_NE(all.at(1, 0, 64), all.at(2, 0, 64));
  EXPECT_NE(all.at(1, 0, 64), all.at(1, client::file_block, 64)) << "a block out of order is noticed";
  EXPECT_EQ(all.at(1, 4'000'000'000, file_pattern::largest_block).size(), file_pattern::largest_block);
}

TEST(file_pattern, a_sink_takes_just_what_the_source_gave) {
  const file_pattern all;
  std::uint64_t sent = 0, moved = 0;
  pattern_source source(all, 7, sent);
  pattern_sink sink(all, 7, moved);
  std::string block;
  for (std::uint32_t at = 0; at < 5 * client::file_block; at += client::file_block) {
    ASSERT_TRUE(source.read(at, client::file_block, block));
    ASSERT_TRUE(sink.append(block));
  }
  EXPECT_EQ(moved, 5 * client::file_block);
  EXPECT_EQ(sent, moved);
  EXPECT_FALSE(sink.append(block)) << "the last block once more";
  ASSERT_TRUE(sink.go_back(4 * client::file_block));
  EXPECT_TRUE(sink.append(block));
  block.back() ^= 1;
  ASSERT_TRUE(sink.go_back(4 * client::file_block));
  EXPECT_FALSE(sink.append(block)) << "one bit";
}

}  // namespace
}  // namespace parley::bench

#include "task_id.hpp"

#include <gtest/gtest.h>

#include <set>

#include "doorkeeper.hpp"
#include "text.hpp"

namespace file {
namespace {

TEST(task_ids, are_uuids_and_never_the_same) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto id = new_task_id();
    EXPECT_TRUE(is_task_id(id)) << id;
    EXPECT_EQ(id[14], '4');
    EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos);
    EXPECT_TRUE(seen.insert(id).second);
  }
}

TEST(task_ids, are_that_form_and_nothing_else) {
  EXPECT_TRUE(is_task_id("123e4567-e89b-42d3-a456-426614174000"));
  EXPECT_TRUE(is_task_id("123E4567-E89B-42D3-A456-426614174000"));
  for (const char* no : {"", "123e4567-e89b-42d3-a456-42661417400", "123e4567-e89b-42d3-a456-4266141740000",
                         "123e4567ee89b-42d3-a456-426614174000", "123e4567-e89b-42d3-a456-42661417400g",
                         "../../../../../../../../../etc/passwd", "------------------------------------"}) {
    EXPECT_FALSE(is_task_id(no)) << no;
  }
  EXPECT_FALSE(is_task_id(std::string("123e4567-e89b-42d3-a456-42661417400\0", 36)));
}

TEST(file_names, are_short_utf_8_without_control_characters) {
  EXPECT_TRUE(is_file_name("a"));
  EXPECT_TRUE(is_file_name("报告 2026.pdf"));
  EXPECT_TRUE(is_file_name(std::string(255, 'x')));
  EXPECT_FALSE(is_file_name(""));
  EXPECT_FALSE(is_file_name(std::string(256, 'x')));
  EXPECT_FALSE(is_file_name(std::string("a\0b", 3)));
  EXPECT_FALSE(is_file_name("a\nb"));
  EXPECT_FALSE(is_file_name("\xC0\xAF"));
  EXPECT_FALSE(is_file_name("\xED\xA0\x80"));
  EXPECT_FALSE(is_file_name("\xE6\x8A"));
}

}  // namespace
}  // namespace file

#include "chat/file_table.hpp"

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

shared_file of_task(const std::string& task_id, shared_file::stage at) {
  shared_file file;
  file.task_id = task_id;
  file.at = at;
  return file;
}

TEST(file_table, numbers_are_never_used_twice) {
  file_table files;
  EXPECT_EQ(files.add(of_task("a", shared_file::stage::waiting)).number, 1u);
  EXPECT_EQ(files.add(of_task("b", shared_file::stage::waiting)).number, 2u);
  files.erase(2);
  EXPECT_EQ(files.find(2), nullptr);
  EXPECT_EQ(files.add(of_task("", shared_file::stage::asking)).number, 3u);
  ASSERT_TRUE(files.find_task("a"));
  EXPECT_EQ(files.find_task("a")->number, 1u);
  EXPECT_EQ(files.find_task(""), nullptr) << "that is no task yet";
}

TEST(file_table, only_what_moves_is_waited_for) {
  file_table files;
  files.add(of_task("a", shared_file::stage::waiting));
  EXPECT_EQ(files.under_way(), 0u);
  files.add(of_task("", shared_file::stage::asking));
  files.add(of_task("b", shared_file::stage::moving));
  EXPECT_EQ(files.under_way(), 2u);
}

TEST(file_table, what_is_settled_stays_so) {
  file_table files;
  for (int i = 0; i <= 1000; ++i) files.settle(std::to_string(i));
  EXPECT_FALSE(files.settled("0")) << "the oldest are forgotten";
  EXPECT_TRUE(files.settled("1"));
  EXPECT_TRUE(files.settled("1000"));
  EXPECT_FALSE(files.settled(""));
}

}  // namespace
}  // namespace parley::chat

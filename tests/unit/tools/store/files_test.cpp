#include "store/files.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>

#include "store/backup.hpp"
#include "store/trouble.hpp"
#include "support/temp_dir.hpp"

namespace parley::store {
namespace {

using test::read_file;
using test::write_file;
namespace fs = std::filesystem;

class files_test : public testing::Test {
 protected:
  std::string place(const std::string& name) { return (scratch_.path() / name).string(); }
  test::temp_dir scratch_;
};

TEST_F(files_test, a_tree_is_copied_with_times_and_modes) {
  fs::create_directories(place("a/deep/er"));
  write_file(place("a/one"), "1");
  write_file(place("a/deep/er/two"), std::string(3'000'000, 'x'));
  chmod(place("a/one").c_str(), 0640);
  copy_tree(place("a"), place("b"), false);
  EXPECT_EQ(read_file(place("b/one")), "1");
  EXPECT_EQ(list_tree(place("b")), (file_list{{"deep/er/two", 3'000'000}, {"one", 1}}));
  struct stat about {};
  ASSERT_EQ(stat(place("b/one").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0640u);
  EXPECT_TRUE(is_copy(place("a/one"), place("b/one")));
}

TEST_F(files_test, a_second_look_takes_what_is_new_and_what_has_changed) {
  fs::create_directories(place("a"));
  write_file(place("a/grows"), "1");
  write_file(place("a/stays"), "s");
  copy_tree(place("a"), place("b"), false);
  const auto before = fs::last_write_time(place("b/stays"));
  write_file(place("a/grows"), "12");
  write_file(place("a/new"), "n");
  fs::remove(place("a/stays"));
  copy_tree(place("a"), place("b"), false);
  EXPECT_EQ(read_file(place("b/grows")), "12");
  EXPECT_EQ(read_file(place("b/new")), "n");
  EXPECT_EQ(fs::last_write_time(place("b/stays")), before) << "what has gone since is kept";
}

TEST_F(files_test, links_share_their_bytes_and_symbolic_ones_are_not_followed) {
  fs::create_directories(place("a"));
  write_file(place("a/one"), "1");
  write_file(place("secret"), "s");
  fs::create_symlink(place("secret"), place("a/link"));
  copy_tree(place("a"), place("b"), true);
  EXPECT_TRUE(fs::equivalent(place("a/one"), place("b/one")));
  EXPECT_FALSE(fs::exists(place("b/link")));
}

TEST_F(files_test, what_is_not_there_is_no_error_and_what_cannot_be_made_is) {
  copy_tree(place("nowhere"), place("b"), false);
  EXPECT_FALSE(fs::exists(place("b")));
  EXPECT_FALSE(copy_one(place("nowhere"), place("c"), false));
  fs::create_directories(place("a"));
  write_file(place("a/one"), "1");
  write_file(place("b"), "a file where a directory should be");
  EXPECT_THROW(copy_tree(place("a"), place("b"), false), trouble);
}

TEST_F(files_test, a_list_holds_whatever_a_name_is_made_of) {
  const file_list files{{"a b", 1},     {"new\nline", 2}, {"\xf0\x9f\x98\x80", 5'000'000'000},
                        {"quote\"", 0}, {"100%25", 3},    {"\xff not UTF-8", 4}};
  write_list(place("list"), files);
  EXPECT_EQ(read_list(place("list")), files);
  for (const char* line : {"nonsense", "x a", "1", "1 ", "-1 a", "99999999999999999999 a", "1 /etc/passwd",
                           "1 a/../../b", "1 a%2", "1 a%xx"}) {
    write_file(place("list"), std::string(line) + "\n");
    EXPECT_THROW(read_list(place("list")), trouble) << line;
  }
  EXPECT_THROW(read_list(place("none")), trouble);
}

TEST_F(files_test, a_sum_is_the_one_that_sha256sum_says) {
  write_file(place("a"), "abc");
  EXPECT_EQ(sha256_of(place("a")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(files_test, a_directory_is_a_backup_only_when_it_says_so) {
  fs::create_directories(place("d"));
  EXPECT_THROW(read_backup(place("d")), trouble);
  write_file(place("d/backup.json"), "{\"format\": 2}");
  EXPECT_THROW(read_backup(place("d")), trouble);
  write_file(place("d/backup.json"), "{\"format\": 1, \"node\": \"x\"}");
  EXPECT_EQ(read_backup(place("d")).at("node"), "x");
}

}  // namespace
}  // namespace parley::store

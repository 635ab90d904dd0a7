#include "host/http/open_file.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "host/http/file_cache.hpp"
#include "support/temp_dir.hpp"

namespace parley::host {
namespace {

class open_file_test : public testing::Test {
 protected:
  open_file_test() {
    std::filesystem::create_directories(root / "sub/deep");
    test::write_file(root / "a", "hello");
    test::write_file(root / "sub/deep/b", "deep");
    test::write_file(dir.path() / "secret", "secret");
    std::filesystem::create_symlink("a", root / "link");
    std::filesystem::create_symlink("../secret", root / "out");
    std::filesystem::create_directory_symlink("sub", root / "dirlink");
    mkfifo((root / "fifo").c_str(), 0600);
  }
  /// By both ways; they have to agree.
  int opens(const char* path) {
    std::unique_ptr<open_file> fast, slow;
    const int code = open_below(root.c_str(), path, true, fast);
    const int stepwise = open_stepwise(root.c_str(), path, slow);
    EXPECT_EQ(code == 0, stepwise == 0) << path << ' ' << std::strerror(code) << ", " << std::strerror(stepwise);
    EXPECT_EQ(fast != nullptr, code == 0);
    return code;
  }

  test::temp_dir dir;
  const std::filesystem::path root = dir.path() / "root";
};

TEST_F(open_file_test, regular_files_at_any_depth) {
  EXPECT_EQ(opens("a"), 0);
  EXPECT_EQ(opens("sub/deep/b"), 0);
  std::unique_ptr<open_file> file;
  ASSERT_EQ(open_below(root.c_str(), "a", true, file), 0);
  EXPECT_EQ(file->facts().size, 5u);
  EXPECT_EQ(file->last_modified().size(), 29u);
  std::string out = "x";
  // A file system in memory does not say whether a read would wait.
  const bool says = !test::lies_in_memory(root);
  EXPECT_EQ(file->read_now(out, 1, 4), says);
  EXPECT_EQ(out, says ? "xello" : "x");
  EXPECT_FALSE(file->read_now(out, 1, 40));
  EXPECT_EQ(out, says ? "xello" : "x");
}

TEST_F(open_file_test, nothing_else) {
  for (const char* path : {"none", "sub", "sub/deep", "fifo", "link", "out", "dirlink/deep/b", "a/b", "sub/none/b"})
    EXPECT_NE(opens(path), 0) << path;
}

TEST_F(open_file_test, a_socket_and_a_device_are_no_files) {
  const int s = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::strncpy(to.sun_path, (root / "socket").c_str(), sizeof to.sun_path - 1);
  ASSERT_EQ(bind(s, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  EXPECT_NE(opens("socket"), 0);
  close(s);
  std::unique_ptr<open_file> file;
  EXPECT_NE(open_below("/dev", "null", true, file), 0);
}

TEST_F(open_file_test, the_root_may_be_a_link_itself) {
  std::filesystem::create_directory_symlink("root", dir.path() / "elsewhere");
  std::unique_ptr<open_file> file;
  EXPECT_EQ(open_below((dir.path() / "elsewhere").c_str(), "a", true, file), 0);
}

TEST_F(open_file_test, paths_stay_below) {
  for (const char* good : {"a", "a/b", "a.b/..c/...", ".hidden", "a b"}) EXPECT_TRUE(is_path_below(good)) << good;
  for (const char* bad : {"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/../b", "./a", "a/./b"})
    EXPECT_FALSE(is_path_below(bad)) << bad;
  EXPECT_FALSE(is_path_below(std::string(5000, 'a').c_str()));
}

TEST_F(open_file_test, the_tag_is_another_when_anything_is) {
  const auto tag = [&] {
    std::unique_ptr<open_file> file;
    EXPECT_EQ(open_below(root.c_str(), "a", true, file), 0);
    return file->etag();
  };
  const auto first = tag();
  EXPECT_EQ(first, tag());
  EXPECT_TRUE(first.starts_with('"') && first.ends_with('"') && first.size() > 2) << first;
  const timespec times[2] = {{1, 1}, {1, 1}};
  ASSERT_EQ(utimensat(AT_FDCWD, (root / "a").c_str(), times, 0), 0);
  const auto second = tag();
  EXPECT_NE(second, first);
  const timespec a_nanosecond_later[2] = {{1, 2}, {1, 2}};
  ASSERT_EQ(utimensat(AT_FDCWD, (root / "a").c_str(), a_nanosecond_later, 0), 0);
  EXPECT_NE(tag(), second);
}

TEST_F(open_file_test, says_what_can_be_sent_without_a_disk) {
  const auto path = root / "large";
  test::write_file(path, std::string(3 << 20, 'x'));
  std::unique_ptr<open_file> file;
  ASSERT_EQ(open_below(root.c_str(), "large", true, file), 0);
  EXPECT_TRUE(file->load(0, 3 << 20));
  EXPECT_TRUE(file->resident(0, 3 << 20));
  EXPECT_TRUE(file->resident(5000, 1'000'000));
  std::filesystem::resize_file(path, 1 << 20);
  EXPECT_FALSE(file->load(2 << 20, 1000)) << "it is shorter now";
  EXPECT_FALSE(file->unchanged());
}

class file_cache_test : public open_file_test {
 protected:
  shared_file find(const char* path) {
    shared_file out;
    int code = cache.find(root.c_str(), path, out);
    if (code != EAGAIN) return out;
    bool done = false;
    cache.open(root.c_str(), path, [&](int, shared_file f) {
      out = std::move(f);
      done = true;
    });
    while (!done) loop_.turn(true);
    return out;
  }

  loop loop_;
  disk_threads disk{loop_};
  file_cache cache{loop_, disk};
};

TEST_F(file_cache_test, a_file_stays_open_for_the_next) {
  const auto first = find("a");
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(find("a"), first);
  EXPECT_NE(find("sub/deep/b"), first);
  EXPECT_EQ(cache.size(), 2u);
  cache.clear();
  EXPECT_NE(find("a"), first);
}

TEST_F(file_cache_test, one_that_was_written_replaced_or_removed_is_noticed_at_once) {
  const auto first = find("a");
  test::write_file(root / "a", "longer than before");
  const auto second = find("a");
  EXPECT_EQ(second->facts().size, 18u);
  test::write_file(root / "new", "new");
  std::filesystem::rename(root / "new", root / "a");
  EXPECT_EQ(find("a")->facts().size, 3u);
  std::filesystem::remove(root / "a");
  EXPECT_EQ(find("a"), nullptr);
  EXPECT_EQ(first->facts().size, 5u) << "whoever has it keeps it";
}

TEST_F(file_cache_test, holds_a_bounded_number) {
  for (int i = 0; i < 400; ++i) {
    const auto name = "f" + std::to_string(i);
    test::write_file(root / name, name);
    ASSERT_NE(find(name.c_str()), nullptr);
  }
  EXPECT_EQ(cache.size(), 256u);
  EXPECT_EQ(find("f0")->facts().size, 2u);
}

TEST_F(file_cache_test, lets_go_after_a_while) {
  find("a");
  while (cache.size() > 0) loop_.turn(true);
  EXPECT_EQ(find("none"), nullptr);
}

}  // namespace
}  // namespace parley::host

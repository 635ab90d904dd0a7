// The store's directory: whole files or none, and nothing outside of it.
#include "disk.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "receiving.hpp"
#include "support/temp_dir.hpp"

namespace msfs {
namespace {

namespace fs = std::filesystem;
using parley::test::read_file;
using parley::test::write_file;

class media_disk : public testing::Test {
 protected:
  media_disk() : base(scratch.path() / "store"), store(base.string()) {}
  std::string put(const std::string& path, const std::string& content) {
    auto file = store.make_incoming();
    EXPECT_EQ(write(file.fd(), content.data(), content.size()), static_cast<ssize_t>(content.size()));
    disk::publish(file, store.base(), path);
    return path;
  }
  std::size_t unfinished() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(base / ".parley/incoming"), {}));
  }
  parley::test::temp_dir scratch;
  fs::path base;
  disk store;
};

TEST_F(media_disk, a_file_is_there_under_its_name_only_when_published) {
  {
    auto file = store.make_incoming();
    EXPECT_EQ(unfinished(), 1u);
  }
  EXPECT_EQ(unfinished(), 0u) << "given up";
  put("000/001/a.png", "content");
  EXPECT_EQ(unfinished(), 0u);
  EXPECT_EQ(read_file(base / "000/001/a.png"), "content");
  EXPECT_TRUE(disk::open(store.base(), "000/001/a.png"));
}

TEST_F(media_disk, keeps_its_id) {
  EXPECT_EQ(store.id().size(), 16u);
  EXPECT_EQ(disk(base.string()).id(), store.id());
  EXPECT_NE(disk((scratch.path() / "other").string()).id(), store.id());
}

TEST_F(media_disk, a_sweep_takes_what_nobody_holds) {
  const auto held = store.make_incoming();
  write_file(base / ".parley/incoming/left", "of a crash");
  EXPECT_EQ(store.sweep_incoming(), 1u);
  EXPECT_EQ(unfinished(), 1u);
  EXPECT_TRUE(fs::exists(held.path()));
}

TEST_F(media_disk, no_symbolic_link_is_followed) {
  write_file(scratch.path() / "secret", "secret");
  put("000/001/a.png", "content");
  fs::create_symlink(scratch.path() / "secret", base / "000/001/link.png");
  fs::create_directory_symlink(scratch.path(), base / "000/002");
  fs::create_directory_symlink(base / "000", base / "003");
  write_file(scratch.path() / "b.png", "outside");
  EXPECT_FALSE(disk::open(store.base(), "000/001/link.png"));
  EXPECT_FALSE(disk::open(store.base(), "000/002/b.png"));
  EXPECT_FALSE(disk::open(store.base(), "003/001/a.png"));
  EXPECT_FALSE(disk::open(store.base(), "000/001"));
  EXPECT_EQ(disk::list(store.base(), 0).size(), 1u) << "of links nothing is listed";
  EXPECT_THROW(put("000/002/c.png", "written outside"), std::system_error);
  EXPECT_FALSE(fs::exists(scratch.path() / "c.png"));
  EXPECT_FALSE(store.remove("000/002/b.png"));
  EXPECT_TRUE(fs::exists(scratch.path() / "b.png"));
  EXPECT_TRUE(store.remove("000/001/a.png"));
  EXPECT_FALSE(store.remove("000/001/a.png"));
}

TEST_F(media_disk, a_fifo_keeps_nobody_waiting) {
  fs::create_directories(base / "000/001");
  ASSERT_EQ(mkfifo((base / "000/001/pipe.png").c_str(), 0600), 0);
  EXPECT_FALSE(disk::open(store.base(), "000/001/pipe.png"));
}

TEST_F(media_disk, lists_files_in_order) {
  put("007/010/b.png", "bb");
  put("007/002/a.png", "a");
  put("008/000/c.png", "c");
  write_file(base / "007/stray", "no file of the store");
  const auto all = disk::list(store.base(), 7);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].path, "007/002/a.png");
  EXPECT_EQ(all[1].path, "007/010/b.png");
  EXPECT_EQ(all[1].size, 2u);
  EXPECT_TRUE(disk::list(store.base(), 9).empty());
}

TEST_F(media_disk, removes_the_thumbnails_of_one_original) {
  for (const char* name : {"a.png_100x100.jpg", "a.png_50x50.jpg", "a.pngx_50x50.jpg"}) {
    auto file = store.make_incoming();
    ASSERT_EQ(write(file.fd(), "1234", 4), 4);
    disk::publish(file, store.thumbnails(), std::string("000/001/") + name);
  }
  EXPECT_EQ(store.remove_thumbnails("000/001/a.png"), 8u);
  EXPECT_EQ(disk::list(store.thumbnails(), 0).size(), 1u);
  EXPECT_EQ(store.remove_thumbnails("100/001/a.png"), 0u);
}

class receiving : public media_disk {
 protected:
  received take(const std::string& content, std::uint64_t most = 1000) {
    write_file(scratch.path() / "body",
               "--B\r\nContent-Disposition: form-data; filename=\"a_1x2.png\"\r\nContent-Type: image/png\r\n\r\n" +
                   content + "\r\n--B--\r\n");
    return receive(store, (scratch.path() / "body").string(), "B", most, 1700000000000001);
  }
};

TEST_F(receiving, copies_the_file_s_bytes_and_no_others) {
  const std::string content(300'000, 'c');
  const auto got = take(content, content.size());
  ASSERT_EQ(got.why, fault::none) << got.sentence;
  EXPECT_EQ(got.size, content.size());
  EXPECT_EQ(read_file(got.file.path()), content);
  EXPECT_TRUE(got.path.ends_with("_1x2.png")) << got.path;
  EXPECT_FALSE(fs::exists(base / got.path)) << "not before its row is committed";
}

TEST_F(receiving, no_two_paths_are_alike) {
  EXPECT_NE(take("x").path, take("x").path);
}

TEST_F(receiving, a_byte_too_many_is_refused_and_leaves_nothing) {
  EXPECT_EQ(take(std::string(1000, 'x')).why, fault::none);
  EXPECT_EQ(take(std::string(1001, 'x')).why, fault::too_large);
  EXPECT_EQ(receive(store, "", "B", 1, 1).why, fault::boundary_not_found);
  EXPECT_EQ(receive(store, "/no/such/file", "B", 1, 1).why, fault::unavailable);
  EXPECT_EQ(unfinished(), 0u);
}

TEST_F(receiving, a_store_that_cannot_be_written_to_is_an_answer) {
  fs::remove(base / ".parley/incoming");
  const auto got = take("x");
  EXPECT_EQ(got.why, fault::unavailable);
  EXPECT_NE(got.sentence, "");
}

/// A limit on the size of files stands for a disk that is full in the middle of one.
TEST_F(receiving, what_does_not_fit_leaves_nothing) {
  const auto copy_twice = [this] {
    signal(SIGXFSZ, SIG_IGN);
    rlimit most{};
    most.rlim_cur = most.rlim_max = 100'000;
    write_file(scratch.path() / "large", std::string(99'000, 'x'));
    const auto from = ::open((scratch.path() / "large").c_str(), O_RDONLY);
    auto file = store.make_incoming();
    disk::copy(from, 0, 99'000, file.fd());
    setrlimit(RLIMIT_FSIZE, &most);
    bool failed = false;
    try {
      disk::copy(from, 0, 99'000, file.fd());
    } catch (const std::system_error&) {
      failed = true;
    }
    file = incoming();
    _exit(failed && unfinished() == 0 ? 0 : 1);
  };
  EXPECT_EXIT(copy_twice(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace msfs

#include "vault.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "support/temp_dir.hpp"

namespace file {
namespace {

namespace fs = std::filesystem;

struct vaults : testing::Test {
  static task a_task(number size) {
    task out;
    out.id = "12345678-e89b-42d3-a456-426614174000";
    out.from = 7;
    out.to = 9;
    out.size = size;
    out.created = 1234;
    return out;
  }
  fs::path folder() const { return directory.path() / "offline_file" / "12"; }
  fs::path final_path() const { return folder() / a_task(0).id; }
  static std::string content(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void put(const std::string& bytes) const {
    fs::create_directories(folder());
    std::ofstream(final_path(), std::ios::binary) << bytes;
  }
  /// As TeamTalk writes it.
  static std::string header(const std::string& id, const std::string& from, const std::string& size) {
    std::string out(960, '\0');
    out.replace(0, id.size(), id);
    out.replace(128, from.size(), from);
    out.replace(192, 1, "9");
    out.replace(256, 4, "1234");
    out.replace(896, size.size(), size);
    return out;
  }

  parley::test::temp_dir directory;
  vault files{directory.path().string()};
};

TEST_F(vaults, keep_a_file_in_teamtalks_format) {
  const auto what = a_task(40000);
  EXPECT_EQ(files.prepare(what, true), 0u);
  files.append(what, 0, {std::string(32768, 'a')});
  EXPECT_FALSE(fs::exists(final_path())) << "what is not complete has no name";
  EXPECT_EQ(files.received(what.id), 32768u);
  EXPECT_FALSE(files.load(what.id));
  files.append(what, 32768, {std::string(7232, 'b')});
  files.commit(what);
  EXPECT_EQ(content(final_path()), header(what.id, "7", "40000") + std::string(32768, 'a') + std::string(7232, 'b'));
  EXPECT_FALSE(fs::exists(final_path().string() + ".part"));
  auto found = files.load(what.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->from, 7u);
  EXPECT_EQ(found->to, 9u);
  EXPECT_EQ(found->size, 40000u);
  EXPECT_EQ(found->created, 1234u);
  EXPECT_FALSE(found->stored);
  std::string head(10, '-'), rest(6, '-');
  const std::span<char> places[] = {head, rest};
  files.read(*found, 32760, places);
  EXPECT_EQ(head + rest, "aaaaaaaabbbbbbbb");
  files.commit(what);
  EXPECT_EQ(files.prepare(what, false), 40000u) << "a complete file is not begun again";
  files.remove(what.id);
  EXPECT_FALSE(fs::exists(final_path()));
  files.remove(what.id);
}

TEST_F(vaults, do_not_commit_a_part) {
  const auto what = a_task(40000);
  EXPECT_THROW(files.commit(what), vault_error);
  files.prepare(what, true);
  files.append(what, 0, {std::string(32768, 'a')});
  EXPECT_THROW(files.commit(what), vault_error);
  EXPECT_FALSE(fs::exists(final_path()));
}

TEST_F(vaults, go_on_with_whole_blocks_of_the_same_task) {
  const auto what = a_task(100'000);
  files.prepare(what, true);
  files.append(what, 0, {std::string(32768, 'a'), std::string(1000, 'b')});
  EXPECT_EQ(files.prepare(what, true), 32768u);
  EXPECT_EQ(files.received(what.id), 32768u) << "the rest is cut off";
  auto another = what;
  another.size = 100'001;
  EXPECT_EQ(files.prepare(another, true), 0u) << "another file under that id is not gone on with";
  files.append(another, 0, {std::string(32768, 'a')});
  EXPECT_EQ(files.prepare(another, false), 0u) << "nor when nobody wants that";
  EXPECT_EQ(files.received(what.id), 0u);
}

TEST_F(vaults, reach_to_the_last_byte_that_can_be_named) {
  constexpr std::uint64_t size = 0xFFFFFFFF, last = size / block_bytes * block_bytes;
  const auto what = a_task(0xFFFFFFFF);
  files.prepare(what, true);
  fs::resize_file(final_path().string() + ".part", header_bytes + last - block_bytes);  // sparse
  EXPECT_EQ(files.prepare(what, true), last - block_bytes);
  EXPECT_TRUE(files.append(what, last - block_bytes, {std::string(block_bytes, 'a'), std::string(size - last, 'b')}));
  files.commit(what);
  EXPECT_EQ(fs::file_size(final_path()), header_bytes + size);
  const auto found = files.load(what.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->size, 0xFFFFFFFF);
  std::string end(6, '-'), across(4, '-');
  const std::span<char> of_end[] = {end}, of_middle[] = {across};
  files.read(*found, size - 6, of_end);
  EXPECT_EQ(end, "bbbbbb");
  files.read(*found, last - 2, of_middle);
  EXPECT_EQ(across, "aabb");
  EXPECT_THROW(files.read(*found, size - 3, of_middle), vault_error) << "one byte behind the end";
}

TEST_F(vaults, have_no_holes) {
  const auto what = a_task(100'000);
  files.prepare(what, true);
  EXPECT_FALSE(files.append(what, 32768, {std::string(32768, 'b')})) << "what is before it is not there";
  EXPECT_EQ(files.received(what.id), 0u);
  EXPECT_TRUE(files.append(what, 0, {std::string(32768, 'a')}));
  EXPECT_TRUE(files.append(what, 32768, {std::string(32768, 'b')}));
  EXPECT_EQ(files.prepare(what, true), 65536u);
}

TEST_F(vaults, begin_anew_beside_whoever_has_the_old_file_open) {
  const auto what = a_task(100'000);
  files.prepare(what, true);
  files.append(what, 0, {std::string(32768, 'a')});
  std::ofstream old(final_path().string() + ".part", std::ios::binary | std::ios::in | std::ios::out);
  EXPECT_EQ(files.prepare(what, false), 0u);
  old.seekp(960 + 32768);
  old << "late";
  old.close();
  EXPECT_EQ(files.received(what.id), 0u);
}

struct counted {
  static inline int calls, fail_at;
  static int sync(int fd) {
    if (++calls != fail_at) return fsync(fd);
    errno = EIO;
    return -1;
  }
};

TEST_F(vaults, do_not_trust_what_could_not_be_synced) {
  const auto what = a_task(1000);
  const vault bad(directory.path().string(), {counted::sync});
  files.prepare(what, true);
  files.append(what, 0, {std::string(1000, 'a')});
  counted::calls = 0;
  counted::fail_at = 1;
  EXPECT_THROW(bad.commit(what), vault_error);
  EXPECT_THROW(bad.commit(what), vault_error) << "the next fsync would succeed";
  EXPECT_FALSE(fs::exists(final_path()));
  EXPECT_EQ(bad.prepare(what, true), 0u);
}

TEST_F(vaults, commit_for_good_or_say_so) {
  const auto what = a_task(1000);
  const vault bad(directory.path().string(), {counted::sync});
  for (int last = 2; last <= 4; ++last) {  // the folder, those above it
    files.remove(what.id);
    files.prepare(what, true);
    files.append(what, 0, {std::string(1000, 'a')});
    counted::calls = 0;
    counted::fail_at = last;
    EXPECT_THROW(bad.commit(what), vault_error) << last;
    counted::calls = 0;
    counted::fail_at = last;
    EXPECT_THROW(bad.commit(what), vault_error) << "that it has its name is not enough: " << last;
    counted::calls = counted::fail_at = 0;
    bad.commit(what);
    EXPECT_EQ(counted::calls, 4) << "the file and all three folders, whoever gave it its name";
  }
}

TEST_F(vaults, go_back_to_what_was_synced_when_the_machine_has_stopped) {
  const auto what = a_task(20'000'000);
  files.prepare(what, true);
  for (std::uint64_t at = 0; at < 9 << 20; at += 131072) files.append(what, at, {std::string(131072, 'a')});
  EXPECT_EQ(files.prepare(what, true), 9u << 20) << "the same boot: the process may have died, the pages have not";
  const vault later(directory.path().string(), {.boot = "another boot"});
  EXPECT_EQ(later.prepare(what, true), 8u << 20);
  EXPECT_EQ(later.prepare(what, true), 8u << 20) << "once";
  later.append(what, 8 << 20, {std::string(131072, 'a')});
  EXPECT_EQ(later.prepare(what, true), (8u << 20) + 131072);
  EXPECT_EQ(files.prepare(what, true), 4u << 20) << "what stands right behind a place may not be synced";
  counted::calls = 0;
  counted::fail_at = 1;
  const vault bad(directory.path().string(), {counted::sync});
  EXPECT_THROW(
      for (std::uint64_t at = 4 << 20; at <= 8 << 20; at += 131072) bad.append(what, at, {std::string(131072, 'a')}),
      vault_error);
  EXPECT_EQ(files.prepare(what, true), 0u);
}

TEST_F(vaults, leave_room_to_others) {
  const auto what = a_task(1000);
  const vault full(directory.path().string(), {.keep_free = std::uint64_t(1) << 62});
  EXPECT_FALSE(full.has_room(0));
  EXPECT_THROW(full.prepare(what, true), vault_error);
  files.prepare(what, true);
  EXPECT_THROW(full.append(what, 0, {std::string(1000, 'a')}), vault_error);
  EXPECT_EQ(files.received(what.id), 0u);
}

TEST_F(vaults, keep_an_empty_file) {
  const auto what = a_task(0);
  EXPECT_EQ(files.prepare(what, false), 0u);
  files.commit(what);
  EXPECT_EQ(fs::file_size(final_path()), 960u);
  EXPECT_TRUE(files.load(what.id));
}

TEST_F(vaults, trust_no_header) {
  const auto id = a_task(0).id;
  EXPECT_FALSE(files.load(id));
  EXPECT_FALSE(files.load("../../../../../../../../../etc/passwd"));
  put(header(id, "7", "5") + "12345");
  EXPECT_TRUE(files.load(id));
  put(header(id, "7", "5") + "1234");
  EXPECT_FALSE(files.load(id)) << "shorter than it says";
  put(header(id, "7", "5") + "123456");
  EXPECT_FALSE(files.load(id)) << "longer than it says";
  put(header(id, "7x", "5") + "12345");
  EXPECT_FALSE(files.load(id));
  put(header(id, "7", "99999999999") + "12345");
  EXPECT_FALSE(files.load(id));
  put(header("12345678-0000-42d3-a456-426614174000", "7", "5") + "12345");
  EXPECT_FALSE(files.load(id)) << "another's header";
  put("short");
  EXPECT_FALSE(files.load(id));
  fs::remove(final_path());
  fs::create_symlink("/etc/passwd", final_path());
  EXPECT_FALSE(files.load(id)) << "links are not followed";
}

TEST_F(vaults, say_what_is_wrong_with_a_disk_that_takes_no_more) {
  const auto what = a_task(1'000'000);
  files.prepare(what, true);
  const auto was = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{}, small{};
  getrlimit(RLIMIT_FSIZE, &old);
  small = {50'000, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  std::string said;
  try {
    for (std::uint64_t at = 0; at < 131072; at += 32768) files.append(what, at, {std::string(32768, 'x')});
  } catch (const vault_error& e) {
    said = e.what();
  }
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, was);
  EXPECT_NE(said.find("cannot write"), std::string::npos) << said;
  EXPECT_EQ(files.prepare(what, true), 32768u) << "it goes on from there";
}

}  // namespace
}  // namespace file

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
  EXPECT_EQ(files.read(*found, 32760, 16), "aaaaaaaabbbbbbbb");
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

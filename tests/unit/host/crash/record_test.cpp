#include "host/crash/record.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/temp_dir.hpp"

namespace parley::host::crash {
namespace {

using test::read_file;
using test::temp_dir;
using test::write_file;

constexpr const char* whole =
    "parley crash record 1\n"
    "time_ms: 1764072000123\nnode: one\nversion: 0.1.0\npid: 77\nsignal: SIGSEGV\nfault_address: 0x10\n"
    "thread: loop\nthread_name: parleyd\ncommand: 0x8010\norigin: command\nrunning: other 3\n"
    "plugin: bad\ngeneration: 2\nfile: /d/crash/x.so\nprevious_file: /d/crash/x.previous.so\nattributed_by: backtrace\n"
    "frame: 0 0x7f0000001234 0x1234 /d/run/bad 2.so\nframe: 1 0x55 0x0 ?\nend\n";

TEST(crash_record, says_what_the_handler_wrote) {
  const auto r = parse_record(whole);
  EXPECT_EQ(r.time_ms, 1764072000123u);
  EXPECT_EQ(r.node, "one");
  EXPECT_EQ(r.pid, 77u);
  EXPECT_EQ(r.signal, "SIGSEGV");
  EXPECT_EQ(r.command, 0x8010u);
  EXPECT_EQ(r.plugin, "bad");
  EXPECT_EQ(r.generation, 2u);
  EXPECT_EQ(r.attributed_by, "backtrace");
  EXPECT_EQ(r.previous_file, "/d/crash/x.previous.so");
  ASSERT_EQ(r.frames.size(), 2u);
  EXPECT_EQ(r.frames[0].address, 0x7f0000001234u);
  EXPECT_EQ(r.frames[0].offset, 0x1234u);
  EXPECT_EQ(r.frames[0].file, "/d/run/bad 2.so");
  EXPECT_TRUE(r.whole);
}

TEST(crash_record, cut_short_at_any_byte_is_still_read) {
  const std::string text = whole;
  for (std::size_t size = 0; size < text.size() - 1; ++size) {
    EXPECT_FALSE(parse_record(text.substr(0, size)).whole) << size;
  }
  const auto before_backtrace = parse_record(text.substr(0, text.find("plugin: ")));
  EXPECT_EQ(before_backtrace.plugin, "other") << "what ran is known before the stack is looked at";
  EXPECT_EQ(before_backtrace.generation, 3u);
  EXPECT_EQ(before_backtrace.attributed_by, "running");
}

TEST(crash_record, of_other_files_nothing_is_read) {
  temp_dir scratch;
  const auto in = [&](const char* name) { return (scratch.path() / name).string(); };
  write_file(in("2000000000001-1.crash"), whole);
  write_file(in("2000000000002-1.crash"), whole);
  write_file(in("2000000000003-1.crash"), "something else");
  write_file(in("2000000000004-1.crash"), "");
  write_file(in("2000000000005-1.crash"), whole + std::string(70000, 'x'));
  write_file(in("2000000000006-1.so"), whole);
  const auto got = read_records(scratch.path().string());
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(name_of(got[0]), "2000000000002-1");
  EXPECT_EQ(name_of(got[1]), "2000000000001-1");
  EXPECT_TRUE(read_records("/nowhere/at/all").empty());
}

TEST(crash_record, only_the_newest_are_kept_with_their_files) {
  temp_dir scratch;
  for (int i = 0; i < 5; ++i) {
    const auto stem = (scratch.path() / (std::to_string(2000000000000 + i) + "-1")).string();
    write_file(stem + ".crash", whole);
    write_file(stem + ".so", "x");
    write_file(stem + ".previous.so", "x");
  }
  write_file((scratch.path() / "mine.so").string(), "x");
  prune_records(scratch.path().string(), 2);
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(scratch.path())) ++files;
  EXPECT_EQ(files, 7u);
  EXPECT_TRUE(std::filesystem::exists(scratch.path() / "2000000000004-1.previous.so"));
  EXPECT_FALSE(std::filesystem::exists(scratch.path() / "2000000000000-1.so"));
}

}  // namespace
}  // namespace parley::host::crash

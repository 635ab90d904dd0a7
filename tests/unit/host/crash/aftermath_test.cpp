#include "host/crash/aftermath.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/temp_dir.hpp"

namespace parley::host::crash {
namespace {

using test::read_file;
using test::temp_dir;
using test::write_file;

constexpr std::uint64_t start = 1764072000000, minute = 60000;

struct crash_aftermath : testing::Test {
  crash_aftermath() { std::filesystem::create_directories(scratch.path() / "crash"); }

  std::string data() { return scratch.path().string(); }
  std::string in_data(const std::string& name) { return (scratch.path() / name).string(); }
  void crashed(std::uint64_t at_ms, const std::string& plugin) {
    write_file(in_data("crash/" + std::to_string(at_ms) + "-1.crash"),
               "parley crash record 1\ntime_ms: " + std::to_string(at_ms) + "\nsignal: SIGSEGV\n" +
                   (plugin.empty() ? "" : "plugin: " + plugin + "\ngeneration: 1\n") + "end\n");
  }
  void crashed_in_probation(std::uint64_t at_ms, const std::string& plugin, const std::string& bad,
                            const std::string& previous) {
    const auto stem = in_data("crash/" + std::to_string(at_ms) + "-1");
    write_file(stem + ".so", bad);
    write_file(stem + ".previous.so", previous);
    write_file(stem + ".crash", "parley crash record 1\ntime_ms: " + std::to_string(at_ms) + "\nplugin: " + plugin +
                                    "\nfile: " + stem + ".so\nprevious_file: " + stem + ".previous.so\nend\n");
  }
  bool in_quarantine(const std::string& plugin, std::uint64_t now, bool by_hand = false) {
    return aftermath(data(), by_hand, now).quarantined(plugin) != nullptr;
  }

  temp_dir scratch;
};

TEST_F(crash_aftermath, nothing_happened_nothing_follows) {
  aftermath a(data(), false, start);
  EXPECT_TRUE(a.quarantines().empty());
  EXPECT_TRUE(a.overrides().empty());
  EXPECT_EQ(a.file_for("any", "/some/file.so"), "/some/file.so");
}

TEST_F(crash_aftermath, three_crashes_in_ten_minutes_are_one_too_many) {
  crashed(start, "bad");
  crashed(start + minute, "bad");
  crashed(start + minute + 1, "other");
  EXPECT_FALSE(in_quarantine("bad", start + 2 * minute));
  crashed(start + 9 * minute, "bad");
  EXPECT_TRUE(in_quarantine("bad", start + 9 * minute + 100));
  EXPECT_FALSE(in_quarantine("other", start + 9 * minute + 100));
}

TEST_F(crash_aftermath, crashes_far_apart_are_bad_luck) {
  for (std::uint64_t i = 0; i < 5; ++i) {
    crashed(start + 6 * i * minute, "bad");
    EXPECT_FALSE(in_quarantine("bad", start + 6 * i * minute + 1)) << i;
  }
}

TEST_F(crash_aftermath, the_hosts_own_crashes_put_nobody_into_quarantine) {
  for (std::uint64_t i = 0; i < 9; ++i) crashed(start + i, "");
  EXPECT_TRUE(aftermath(data(), false, start + 10).quarantines().empty());
}

TEST_F(crash_aftermath, a_quarantine_outlasts_its_crashes_until_a_start_by_hand) {
  for (std::uint64_t i = 0; i < 3; ++i) crashed(start + i, "bad");
  EXPECT_TRUE(in_quarantine("bad", start + 10));
  EXPECT_TRUE(in_quarantine("bad", start + 1000 * minute));
  EXPECT_FALSE(in_quarantine("bad", start + 1001 * minute, true));
  EXPECT_FALSE(in_quarantine("bad", start + 1002 * minute));
}

TEST_F(crash_aftermath, what_was_before_a_start_by_hand_does_not_count) {
  crashed(start, "bad");
  crashed(start + 1, "bad");
  EXPECT_FALSE(in_quarantine("bad", start + 2, true));
  crashed(start + 3, "bad");
  EXPECT_FALSE(in_quarantine("bad", start + 4));
}

TEST_F(crash_aftermath, what_is_lifted_is_forgiven) {
  for (std::uint64_t i = 0; i < 3; ++i) crashed(start + i, "bad");
  {
    aftermath a(data(), false, start + 10);
    EXPECT_FALSE(a.lift("other", start + 11));
    EXPECT_TRUE(a.lift("bad", start + 11));
    EXPECT_EQ(a.quarantined("bad"), nullptr);
  }
  crashed(start + 20, "bad");
  crashed(start + 21, "bad");
  EXPECT_FALSE(in_quarantine("bad", start + 30));
  crashed(start + 31, "bad");
  EXPECT_TRUE(in_quarantine("bad", start + 40));
}

TEST_F(crash_aftermath, a_crash_in_probation_goes_back_and_is_no_step_to_quarantine) {
  const auto built = in_data("bad.so");
  write_file(built, "new build");
  for (std::uint64_t i = 0; i < 4; ++i) crashed_in_probation(start + i, "bad", "new build", "build before");
  aftermath a(data(), false, start + 10);
  EXPECT_EQ(a.quarantined("bad"), nullptr);
  const auto instead = a.file_for("bad", built);
  EXPECT_NE(instead, built);
  EXPECT_EQ(read_file(instead), "build before");
  EXPECT_EQ(a.file_for("other", built), built);
}

TEST_F(crash_aftermath, going_back_lasts_until_there_is_a_newer_build) {
  const auto built = in_data("bad.so");
  write_file(built, "new build");
  crashed_in_probation(start, "bad", "new build", "build before");
  EXPECT_NE(aftermath(data(), false, start + 1).file_for("bad", built), built);
  prune_records(in_data("crash"), 0);
  EXPECT_NE(aftermath(data(), false, start + 2).file_for("bad", built), built) << "it hangs on the record";
  EXPECT_NE(aftermath(data(), true, start + 3).file_for("bad", built), built) << "a start by hand tries the bad build";
  write_file(built, "a mended build");
  EXPECT_EQ(aftermath(data(), false, start + 4).file_for("bad", built), built);
  write_file(built, "new build");
  EXPECT_EQ(aftermath(data(), false, start + 5).file_for("bad", built), built) << "the newer build ended it";
}

TEST_F(crash_aftermath, a_reload_ends_going_back) {
  const auto built = in_data("bad.so");
  write_file(built, "new build");
  crashed_in_probation(start, "bad", "new build", "build before");
  aftermath a(data(), false, start + 1);
  a.reloaded("bad");
  EXPECT_EQ(a.file_for("bad", built), built);
  EXPECT_EQ(aftermath(data(), false, start + 2).file_for("bad", built), built);
}

TEST_F(crash_aftermath, a_state_file_that_is_no_state_is_no_obstacle) {
  for (const char* text : {"", "{", "[]", "{\"quarantines\": 7, \"overrides\": [3], \"forgiven\": {}}",
                           "{\"quarantines\": [{\"plugin\": 5}]}"}) {
    write_file(in_data("supervision.json"), text);
    aftermath a(data(), false, start);
    EXPECT_EQ(a.quarantined("bad"), nullptr) << text;
    EXPECT_EQ(a.file_for("bad", "/x.so"), "/x.so") << text;
  }
}

TEST_F(crash_aftermath, a_digest_is_of_the_bytes) {
  write_file(in_data("a"), "abc");
  EXPECT_EQ(digest_of_file(in_data("a")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest_of_file(in_data("absent")), "");
}

}  // namespace
}  // namespace parley::host::crash

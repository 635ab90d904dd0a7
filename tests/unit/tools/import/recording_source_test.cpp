#include "import/recording_source.hpp"

#include <gtest/gtest.h>

#include "import/trouble.hpp"
#include "support/file_server.hpp"
#include "support/temp_dir.hpp"

namespace parley::teamtalk {
namespace {

using state = recording::state;

TEST(path_in_msfs, is_what_stands_behind_the_host) {
  EXPECT_EQ(path_in_msfs("http://10.0.0.1:8700/g0/000/001/a.audio"), "g0/000/001/a.audio");
  EXPECT_EQ(path_in_msfs("g0/000/001/a.audio"), "g0/000/001/a.audio");
  EXPECT_EQ(path_in_msfs("/g0/a.audio?x=1"), "g0/a.audio");
}

TEST(path_in_msfs, leads_nowhere_else) {
  for (const char* path : {"", "http://", "http://host", "a.audio", "g0/", "g0/../../etc/passwd", "../x", "g0/x/..",
                           "g0/a b", "g0/a\r\nHost: x"}) {
    EXPECT_EQ(path_in_msfs(path), "") << path;
  }
  EXPECT_EQ(path_in_msfs("g0/..a/b"), "g0/..a/b");
}

struct recordings : testing::Test {
  void SetUp() override {
    std::filesystem::create_directories(base_.path() / "000");
    test::write_file(base_.path() / "000" / "a", "bytes");
    test::write_file(base_.path() / "000" / "empty", "");
    test::write_file(base_.path() / "000" / "long", std::string(longest_recording + 1, 'x'));
    test::write_file(base_.path() / "000" / "longest", std::string(longest_recording, 'x'));
  }
  void expect_all(const recording_source& source) {
    EXPECT_EQ(source.fetch("g0/000/a").bytes, "bytes");
    EXPECT_EQ(source.fetch("g0/000/longest").bytes.size(), longest_recording);
    EXPECT_EQ(source.fetch("g0/000/empty").what, state::found);
    EXPECT_EQ(source.fetch("g0/000/none").what, state::missing);
    EXPECT_EQ(source.fetch("g0/000/long").what, state::too_large);
    EXPECT_EQ(source.fetch("nothing").what, state::no_path);
  }
  test::temp_dir base_;
};

TEST_F(recordings, come_from_the_directory) {
  expect_all(recording_source(base_.path().string()));
}

TEST_F(recordings, come_by_http) {
  test::file_server server(base_.path());
  expect_all(recording_source(server.url()));
}

TEST_F(recordings, wait_for_a_server_that_is_broken_or_away) {
  std::string url;
  {
    test::file_server server(base_.path());
    url = server.url();
    server.break_down(true);
    EXPECT_THROW(recording_source(url).fetch("g0/000/a"), trouble);
    EXPECT_GT(server.requests(), 1) << "once more may help";
  }
  try {
    recording_source(url).fetch("g0/000/a");
    FAIL() << "nobody is there";
  } catch (const trouble& e) {
    EXPECT_EQ(e.exit_code, interrupted);
    EXPECT_NE(std::string(e.what()).find("run the same command again"), std::string::npos) << e.what();
  }
}

TEST(recording_source, refuses_places_that_are_none) {
  for (const char* place :
       {"/nowhere/at/all", "https://host", "http://", "http://host:0", "http://host:x", "ftp://host"}) {
    EXPECT_THROW(recording_source{place}, trouble) << place;
  }
}

}  // namespace
}  // namespace parley::teamtalk

// Files that people at parley-chat send each other.
#include <signal.h>

#include <parley/commands.hpp>

#include "IM.File.pb.h"
#include "node/chats.hpp"

namespace parley::test {
namespace {

namespace fs = std::filesystem;

// Long enough to be broken off in the middle; under a sanitizer all goes slower.
#ifdef PARLEY_SANITIZED
constexpr std::size_t large_mib = 64;
#else
constexpr std::size_t large_mib = 192;
#endif
constexpr std::size_t large = large_mib << 20;
const std::string large_text = "(" + std::to_string(large_mib) + ".0 MiB)";

/// The size of the one unfinished file below a directory; 0 when there is none.
std::uintmax_t unfinished_below(const fs::path& directory) {
  std::error_code none;
  for (const auto& each : fs::recursive_directory_iterator(directory, none)) {
    if (each.path().extension() == ".part") return fs::file_size(each.path(), none);
  }
  return 0;
}

class chats_with_files : public chats {
 protected:
  /// Kills the node when so much of a file is there, and starts it again.
  void break_when_some_is_in(const fs::path& directory) {
    ASSERT_TRUE(eventually([&] { return unfinished_below(directory) > (8u << 20); }));
    kill(node().pid(), SIGSTOP);
    EXPECT_GT(unfinished_below(directory), 0u) << "the file was whole before anything broke";
    node().kill9();
    node().start();
  }
};

TEST_F(chats_with_files, send_them_to_who_is_there) {
  auto &bob = at_chat("bob"), &alice = at_chat("alice");
  const auto report = a_file("report.txt", 300'000);
  alice.says("/send " + report, "no chat is open");
  alice.says("/to bob", "no messages with bob yet");
  alice.says("/send /no/such/file", "not sent: /no/such/file: No such file");
  alice.says("/send " + report, "report.txt (293.0 KiB) is offered to bob; /cancel 1 takes it back");
  bob.reads("alice sends you report.txt (293.0 KiB); /fetch 1 or /refuse 1");
  bob.says("/files", "1  from alice  report.txt  293.0 KiB");
  bob.says("/fetch 1", "report.txt from alice is in " + (bob.files() / "report.txt").string());
  alice.reads("bob has report.txt");
  EXPECT_TRUE(same(bob.files() / "report.txt", report));

  // Back, and nothing is overwritten.
  bob.says("/to alice", "no messages with alice yet");
  bob.says("/send " + a_file("empty", 0), "empty (0 bytes) is offered to alice");
  alice.reads("bob sends you empty");
  alice.says("/fetch 2 " + (alice.files() / "nothing").string(), "empty from bob is in");
  bob.reads("alice has empty");
  EXPECT_TRUE(fs::is_empty(alice.files() / "nothing"));
  write_file(bob.files() / "other.txt", "mine");
  alice.says("/send " + a_file("other.txt", 100), "is offered to bob");
  bob.reads("alice sends you other.txt");
  bob.says("/fetch 3", "other (1).txt; there is another " + (bob.files() / "other.txt").string());
  alice.reads("bob has other.txt");
  EXPECT_EQ(read_file(bob.files() / "other.txt"), "mine");
  bob.says("/files", "no files wait");
  leaves("alice", 6);  // two could not be sent
  everybody_leaves();
}

TEST_F(chats_with_files, may_refuse_and_cancel) {
  auto &bob = at_chat("bob"), &alice = at_chat("alice");
  const auto report = a_file("report.txt", 1000);
  alice.says("/to bob", "no messages with bob yet");
  alice.says("/send " + report, "is offered to bob");
  bob.reads("/fetch 1 or /refuse 1");
  bob.says("/refuse 1", "you refused report.txt from alice");
  alice.reads("bob refused report.txt");
  alice.says("/send " + report, "/cancel 2 takes it back");
  bob.reads("/fetch 2 or /refuse 2");
  alice.says("/cancel 2", "cancelled: report.txt to bob");
  alice.says("/files", "no files wait");
  bob.says("/fetch 2", "fetching report.txt");
  bob.reads("report.txt is not here: ");
  bob.says("/fetch 9", "no file 9 waits");
  bob.says("/cancel 9", "no file 9 is under way");
  alice.says("/drop " + report, "report.txt waits for bob");
  bob.reads("alice left you report.txt");
  bob.says("/refuse 3", "you refused report.txt");
  EXPECT_TRUE(eventually([&] { return node().run_sql("SELECT COUNT(*) FROM file_task") == "0"; }));
  leaves("alice", 6);
  leaves("bob", 6);
}

TEST_F(chats_with_files, leave_them_for_who_is_away) {
  at_chat("bob");
  leaves("bob");
  auto& alice = at_chat("alice");
  const auto report = a_file("report.txt", 300'000);
  alice.says("/to bob", "no messages with bob yet");
  // All of it is done before it leaves.
  alice.type("/send " + report);
  leaves("alice");
  node().kill9();
  node().start();
  auto& bob = at_chat("bob");
  bob.reads("alice left you report.txt (293.0 KiB); /fetch 1 or /refuse 1");
  bob.type("/fetch 1");
  bob.type("/wait files");
  bob.type("/files");
  bob.reads("report.txt from alice is in");
  bob.reads("no files wait");
  EXPECT_TRUE(same(bob.files() / "report.txt", report));
  leaves("bob");
  EXPECT_TRUE(eventually([&] { return node().run_sql("SELECT COUNT(*) FROM IMTransmitFile") == "0"; }));
  at_chat("bob").says("/files", "no files wait");
  leaves("bob");
}

TEST_F(chats_with_files, of_strangers_keep_them_where_they_belong) {
  auto stranger = user("mallory");
  auto& bob = at_chat("bob");
  IM::File::IMFileReq request;
  request.set_from_user_id(stranger.id());
  request.set_to_user_id(
      static_cast<std::uint32_t>(std::stoul(node().run_sql("SELECT id FROM IMUser WHERE name = 'bob'"))));
  request.set_file_name("../../.bashrc");
  request.set_file_size(0);
  request.set_trans_mode(IM::BaseDefine::FILE_TYPE_OFFLINE);
  const auto given = stranger.ask<IM::File::IMFileRsp>(cid::file_request, request);
  ASSERT_EQ(given.result_code(), 0u);
  wire_client line;
  line.connect(node().pdu_port());
  IM::File::IMFileLoginReq entry;
  entry.set_user_id(stranger.id());
  entry.set_task_id(given.task_id());
  entry.set_file_role(IM::BaseDefine::CLIENT_OFFLINE_UPLOAD);
  line.send(cid::file_login_req, 1, entry.SerializeAsString());
  bob.reads("mallory left you _bashrc (0 bytes)");
  bob.says("/fetch 1", "is in " + (bob.files() / "_bashrc").string());
  EXPECT_TRUE(fs::exists(bob.files() / "_bashrc"));
  everybody_leaves();
}

TEST_F(chats_with_files, go_on_with_them_after_a_restart) {
  auto &bob = at_chat("bob"), &alice = at_chat("alice");
  const auto film = a_file("film", large);
  alice.says("/to bob", "no messages with bob yet");
  alice.says("/send " + film, "film " + large_text + " is offered to bob");
  bob.reads("/fetch 1");
  bob.says("/fetch 1", "fetching film");
  break_when_some_is_in(bob.files());
  bob.reads("film is interrupted");
  bob.reads("film from alice is in");
  alice.reads("bob has film");
  EXPECT_TRUE(same(bob.files() / "film", film));
  everybody_leaves();
}

TEST_F(chats_with_files, go_on_with_what_the_server_keeps_after_a_restart) {
  auto &bob = at_chat("bob"), &alice = at_chat("alice");
  const auto film = a_file("film", large);
  alice.says("/to bob", "no messages with bob yet");
  alice.says("/drop " + film, "film " + large_text + " goes to the server, where bob finds it");
  break_when_some_is_in(node().data());
  alice.reads("film is interrupted");
  alice.reads("film waits for bob");
  bob.reads("/fetch 1");
  bob.says("/fetch 1", "fetching film");
  break_when_some_is_in(bob.files());
  bob.reads("film is interrupted");
  bob.reads("film from alice is in");
  EXPECT_TRUE(same(bob.files() / "film", film));
  everybody_leaves();
}

TEST_F(chats_with_files, of_one_who_left_in_the_middle_go_on_another_time) {
  auto &bob = at_chat("bob"), &alice = at_chat("alice");
  const auto film = a_file("film", large);
  alice.says("/to bob", "no messages with bob yet");
  alice.says("/drop " + film, "film waits for bob");
  bob.reads("/fetch 1");
  bob.says("/fetch 1", "fetching film");
  ASSERT_TRUE(eventually([&] { return unfinished_below(bob.files()) > (8u << 20); }));
  bob.says("/cancel 1", "cancelled: film from alice");
  bob.reads("/fetch 1 goes on with it");
  EXPECT_GT(unfinished_below(bob.files()), 8u << 20);
  bob.says("/fetch 1", "MiB are here already");
  bob.reads("film from alice is in");
  EXPECT_TRUE(same(bob.files() / "film", film));
  everybody_leaves();
}

}  // namespace
}  // namespace parley::test

// The database in trouble: nothing is acked that is not stored, and everything recovers by itself.
#include "node/fixture.hpp"
#include "node/stored.hpp"

#include <sys/mount.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "support/database.hpp"

namespace parley::test {
namespace {

/// On SQLite; mariadb_test.cpp has the other one's troubles.
struct trouble : node_test {
  void SetUp() override {
    if (on_mariadb()) GTEST_SKIP() << "about a file";
  }
};

TEST_F(trouble, while_another_program_holds_the_lock_logins_go_on_and_nothing_is_acked) {
  auto alice = user("alice"), bob = user("bob");
  ASSERT_TRUE(alice.say(bob.id(), "before", "m0").acked());
  {
    database other(database::find(node().data()));
    other.run("BEGIN IMMEDIATE");
    alice.send_text(bob.id(), "during", "m1");
    chat_client again;
    EXPECT_NO_THROW(again.log_in(node().pdu_port(), "bob", {.type = IM::BaseDefine::CLIENT_TYPE_IOS}));
    EXPECT_TRUE(alice.wire().alive());
    const auto early = alice.wire().next_of(0x0302, milliseconds(500));
    EXPECT_FALSE(early) << "acked while nothing could be written";
    other.run("ROLLBACK");
  }
  EXPECT_TRUE(insist(alice, bob.id(), "during", "m1").acked());
  EXPECT_TRUE(insist(alice, bob.id(), "after", "m2").acked());
  expect_stored(alice, bob.id(), {{1, "before"}, {2, "during"}, {3, "after"}});
}

TEST_F(trouble, a_lock_that_lasts_is_an_answer_not_a_stall) {
  auto alice = user("alice"), bob = user("bob");
  ASSERT_TRUE(alice.say(bob.id(), "before", "m0").acked());
  {
    database other(database::find(node().data()));
    other.run("BEGIN IMMEDIATE");
    const auto got = alice.say(bob.id(), "during", "m1", milliseconds(25000));
    EXPECT_EQ(got.what, verdict::kind::refused) << "neither yes nor no";
    EXPECT_TRUE(got.code == 6 || got.code == 7) << got.code;
    other.run("ROLLBACK");
  }
  EXPECT_TRUE(insist(alice, bob.id(), "during", "m1").acked());
  expect_stored(alice, bob.id(), {{1, "before"}, {2, "during"}});
}

TEST_F(trouble, a_database_moved_away_and_back_loses_nothing_acked) {
  auto alice = user("alice"), bob = user("bob");
  std::map<std::uint32_t, std::string> acked;
  const auto keep = [&](const std::string& text) {
    const auto got = alice.say(bob.id(), text, text, milliseconds(8000));
    if (got.acked()) acked[got.msg_id] = text;
  };
  keep("before");
  const auto file = database::find(node().data());
  const auto parts = {"", "-wal", "-shm"};
  for (const std::string part : parts) {
    if (std::filesystem::exists(file + part)) std::filesystem::rename(file + part, file + part + ".away");
  }
  keep("away 1");
  keep("away 2");
  const auto not_ready = [&] { return http_get(node().http_port(), "/readyz").status == 503; };
  EXPECT_TRUE(acked.size() == 3 || eventually(not_ready)) << "messages fail, yet it says it is ready";
  chat_client mobile;
  EXPECT_TRUE(mobile.try_log_in(node().pdu_port(), "alice", {.type = IM::BaseDefine::CLIENT_TYPE_IOS}))
      << "no answer at all";
  expect_alive();
  for (const std::string part : parts) {
    std::filesystem::remove(file + part);
    if (std::filesystem::exists(file + part + ".away")) std::filesystem::rename(file + part + ".away", file + part);
  }
  const auto got = insist(alice, bob.id(), "back", "back");
  ASSERT_TRUE(got.acked());
  acked[got.msg_id] = "back";
  EXPECT_TRUE(eventually([&] { return http_get(node().http_port(), "/readyz").status == 200; }));
  expect_stored(alice, bob.id(), acked);
  node().restart();
  alice.log_in(node().pdu_port(), "alice");
  expect_stored(alice, id("bob"), acked);
}

/// A file system of its own, which can be filled.
class small_disk {
 public:
  explicit small_disk(const std::filesystem::path& at) : at_(at) {
    std::filesystem::create_directories(at);
    mounted_ = mount("parley-test", at.c_str(), "tmpfs", 0, "size=512m") == 0;  // a node copies its plugins there
    error_ = mounted_ ? "" : std::strerror(errno);
  }
  ~small_disk() {
    if (mounted_) umount2(at_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  const std::string& error() const { return error_; }
  void fill() {
    std::ofstream out(at_ / "ballast", std::ios::binary);
    const std::string block(1 << 16, 'b');
    while (out.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
    out.clear();
    while (out.put('b').flush()) {
    }
  }
  void empty() { std::filesystem::remove(at_ / "ballast"); }

 private:
  std::filesystem::path at_;
  std::string error_;
  bool mounted_ = false;
};

TEST_F(trouble, a_full_disk_refuses_new_messages_and_keeps_the_old) {
  temp_dir scratch;
  small_disk disk(scratch.path() / "disk");
  if (!disk.mounted()) GTEST_SKIP() << "cannot mount a tmpfs here: " << disk.error();
  options_.data = (scratch.path() / "disk").string();
  auto alice = user("alice"), bob = user("bob");
  std::map<std::uint32_t, std::string> acked;
  ASSERT_TRUE(alice.say(bob.id(), "before", "before").acked());
  acked[1] = "before";
  disk.fill();
  verdict last;
  for (int i = 0; i < 200 && (i == 0 || last.acked()); ++i) {
    const auto text = std::to_string(i) + std::string(2500, 'x');
    last = alice.say(bob.id(), text, "full" + std::to_string(i), milliseconds(8000));
    if (last.acked()) acked[last.msg_id] = text;
  }
  EXPECT_FALSE(last.acked()) << "500 kB fitted on a full disk";
  EXPECT_EQ(last.what, verdict::kind::refused);
  chat_client mobile;
  EXPECT_TRUE(mobile.try_log_in(node().pdu_port(), "alice", {.type = IM::BaseDefine::CLIENT_TYPE_IOS}))
      << "no answer at all";
  expect_alive();
  disk.empty();
  const auto got = insist(alice, bob.id(), "room again", "room");
  ASSERT_TRUE(got.acked());
  acked[got.msg_id] = "room again";
  expect_stored(alice, bob.id(), acked);
  node().restart();
  alice.log_in(node().pdu_port(), "alice");
  expect_stored(alice, id("bob"), acked);
  EXPECT_EQ(node().terminate().code, 0);
  node().start();
}

TEST_F(trouble, a_database_that_is_no_database_is_told_at_the_start) {
  temp_dir scratch;
  const auto data = (scratch.path() / "data").string();
  std::filesystem::create_directories(data);
  write_file(data + "/parley.db", std::string(8192, 'x'));
  const auto got = run({parleyd(), "run", all_in_one_manifest()},
                       {{"PARLEY_DATA", data}, {"PARLEY_PDU_PORT", "0"}, {"PARLEY_HTTP_PORT", "0"}});
  EXPECT_EQ(got.end.code, 2) << got.output;
  EXPECT_NE(got.output.find("parley.db"), std::string::npos) << got.output;
  EXPECT_EQ(read_file(data + "/parley.db"), std::string(8192, 'x')) << "it was touched";
}

}  // namespace
}  // namespace parley::test

// A node for files beside logic and edge: transfers go to it, or through an edge.
#include <parley/commands.hpp>

#include <thread>

#include "cluster/fixture.hpp"
#include "support/file_line.hpp"

namespace parley::test {
namespace {

using namespace IM::BaseDefine;

struct files_elsewhere : clustered {
  void SetUp() override {
    sql_ = db_.url();
    start({.name = "logic", .plugins = login_and_message});
    start({.name = "files",
           .clients = true,
           .plugins = "  - {name: file, pools: {files: cpu}, config: {keep_free: 0B}}\n"});
    start({.name = "edge-1", .clients = true});
    start({.name = "edge-2", .clients = true});
    const std::vector<std::string> all{"edge-1", "edge-2", "files", "logic"};
    for (const auto& a : all) {
      for (const auto& b : all) {
        if (a < b) ASSERT_TRUE(linked(a, b)) << a << " " << b;
      }
    }
  }
  std::string offer(chat_client& from, std::uint32_t to, std::size_t size, TransferFileType mode) {
    const auto answer = offer_file(from, to, size, mode);
    EXPECT_EQ(answer.result_code(), 0u) << answer.refused_text();
    EXPECT_EQ(answer.trans_mode(), mode);
    EXPECT_EQ(answer.ip_addr_list_size(), 1);
    EXPECT_EQ(answer.ip_addr_list(0).port(), node("files").pdu_port()) << "where the file is taken";
    return answer.task_id();
  }
  mariadb db_;
};

TEST_F(files_elsewhere, are_kept_and_fetched_through_whatever_node) {
  auto alice = user("alice", "edge-1"), bob = user("bob", "edge-2");
  auto phone = user("bob", "edge-1", {.type = CLIENT_TYPE_IOS});
  const auto content = file_content(1'500'000);
  for (const std::string up : {"files", "edge-1"}) {
    const auto task = offer(alice, bob.id(), content.size(), FILE_TYPE_OFFLINE);
    file_line upload(node(up).pdu_port(), task, alice.id(), CLIENT_OFFLINE_UPLOAD, 1);
    EXPECT_TRUE(upload.give(content)) << up;
    for (auto* terminal : {&bob, &phone}) {
      for (const auto ready : {0u, 1u}) {
        const auto told = terminal->wire().next_of(cid::file_notify);
        ASSERT_TRUE(told) << up;
        EXPECT_EQ(read<IM::File::IMFileNotify>(*told).offline_ready(), ready);
      }
    }
    for (const std::string down : {"files", "edge-2"}) {
      std::string got;
      file_line download(node(down).pdu_port(), task, bob.id(), CLIENT_OFFLINE_DOWNLOAD, 1);
      EXPECT_TRUE(download.fetch(got, content.size(), 4)) << down;
      EXPECT_TRUE(got == content) << up << " " << down;
    }
  }
  EXPECT_TRUE(alice.wire().alive() && bob.wire().alive() && phone.wire().alive())
      << "a connection for a transfer is no terminal";
  EXPECT_TRUE(phone.wire().inbox().empty() && bob.wire().inbox().empty());
}

TEST_F(files_elsewhere, are_handed_from_one_to_the_other_while_both_are_there) {
  auto alice = user("alice", "edge-1"), bob = user("bob", "edge-2");
  const auto content = file_content(2'000'000);
  const auto task = offer(alice, bob.id(), content.size(), FILE_TYPE_ONLINE);
  bool given = false;
  std::thread sender(
      [&] { given = file_line(node("edge-1").pdu_port(), task, alice.id(), CLIENT_REALTIME_SENDER, 1).give(content); });
  std::string got;
  file_line receiver(node("files").pdu_port(), task, bob.id(), CLIENT_REALTIME_RECVER, 1);
  EXPECT_TRUE(receiver.fetch(got, content.size(), 4));
  sender.join();
  EXPECT_TRUE(given);
  EXPECT_TRUE(got == content);
}

TEST_F(files_elsewhere, that_lose_their_node_are_refused_and_go_on_when_it_is_back) {
  auto alice = user("alice", "edge-1"), bob = user("bob", "edge-2");
  const auto content = file_content(3'000'000);
  const auto task = offer(alice, bob.id(), content.size(), FILE_TYPE_OFFLINE);
  file_line broken(node("edge-1").pdu_port(), task, alice.id(), CLIENT_OFFLINE_UPLOAD, 1);
  EXPECT_FALSE(broken.give(content, [](std::size_t blocks) { return blocks < 60; }));
  node("files").kill9();
  ASSERT_TRUE(eventually([&] { return !is_open("edge-1", "files"); }));
  alice.tell(cid::file_request, IM::File::IMFileReq());
  const auto refused = alice.wire().next_of(cid::host_refused);
  ASSERT_TRUE(refused);
  EXPECT_EQ(read<host::IMRefused>(*refused).code(), 7u);
  node("files").start();
  ASSERT_TRUE(linked("edge-1", "files"));
  file_line upload(node("edge-1").pdu_port(), task, alice.id(), CLIENT_OFFLINE_UPLOAD, 1);
  EXPECT_GT(upload.answer().offset(), 0u);
  EXPECT_TRUE(upload.give(content));
  std::string got;
  EXPECT_TRUE(
      file_line(node("files").pdu_port(), task, bob.id(), CLIENT_OFFLINE_DOWNLOAD, 1).fetch(got, content.size(), 4));
  EXPECT_TRUE(got == content);
}

}  // namespace
}  // namespace parley::test

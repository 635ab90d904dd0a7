// Ends that owe a block or a pull.
#include "transfers_fixture.hpp"

namespace file_test {
namespace {

struct stalled_transfers : transfers {
  explicit stalled_transfers(std::map<std::string, std::string> keys = {}) : transfers(std::move(keys)) {}
  /// With heartbeats, so that only the plugin ends anything. They have taken what came for them.
  void wait(std::initializer_list<session*> all, int seconds) {
    for (; seconds > 0; seconds -= 30) {
      host.advance(std::chrono::seconds(std::min(seconds, 30)));
      for (auto* one : all) {
        if (!one->open()) continue;
        one->send(cid::other_heartbeat, "");
        one->expect(cid::other_heartbeat);
      }
    }
  }
};

TEST_F(stalled_transfers, an_uploader_that_owes_a_block_is_closed_and_goes_on_where_it_stood) {
  auto sender = host.connect_as(ann);
  const auto content = some_file(60'000);
  const auto task = offer(sender, ben, 60'000, FILE_TYPE_OFFLINE);
  auto line = joined(task, ann, CLIENT_OFFLINE_UPLOAD, 1);
  const auto first = line.expect<IMFilePullDataReq>(cid::file_pull_data_req);
  line.expect(cid::file_pull_data_req);
  wait({&line}, 110);
  give(line, first, task, ann, content);
  wait({&line}, 110);
  EXPECT_TRUE(line.open()) << "each block has its own time";
  EXPECT_EQ(metric("stalled"), 0);
  wait({&line}, 30);
  line.expect_closed("stalled");
  EXPECT_EQ(metric("stalled"), 1);
  line = host.connect();
  EXPECT_EQ(join(line, task, ann, CLIENT_OFFLINE_UPLOAD, 1).offset(), 32768u);
}

TEST_F(stalled_transfers, a_downloader_that_does_not_pull_is_closed_and_one_that_waits_is_not) {
  auto sender = host.connect_as(ann);
  const auto content = some_file(60'000);
  const auto task = offer(sender, ben, 60'000, FILE_TYPE_OFFLINE);
  auto early = joined(task, ben, CLIENT_OFFLINE_DOWNLOAD);
  pull(early, task, ben, 0);
  wait({&early}, 600);
  EXPECT_TRUE(early.open()) << "it is the server that owes";
  auto line = joined(task, ann, CLIENT_OFFLINE_UPLOAD);
  give(line, task, ann, content);
  give(line, task, ann, content);
  expect_done(line, ann);
  early.expect(cid::file_pull_data_rsp);
  wait({&early}, 110);
  EXPECT_TRUE(early.open());
  wait({&early}, 60);
  early.expect_closed("stalled");
  auto again = joined(task, ben, CLIENT_OFFLINE_DOWNLOAD);
  EXPECT_EQ(fetch(again, task, ben, 0, content.size()), content) << "the file stays";
}

TEST_F(stalled_transfers, a_recipient_may_think_it_over_before_the_first_pull) {
  const auto content = some_file(60'000);
  const auto task = upload(content);
  auto line = joined(task, ben, CLIENT_OFFLINE_DOWNLOAD);
  wait({&line}, 29 * 60);
  EXPECT_TRUE(line.open());
  wait({&line}, 120);
  EXPECT_FALSE(line.open());
}

TEST_F(stalled_transfers, of_an_online_one_the_end_that_owes_is_closed) {
  const auto content = some_file(100'000);
  for (const bool sender_owes : {true, false}) {
    auto terminal = host.connect_as(ben), asker = host.connect_as(ann);
    const auto task = offer(asker, ben, 100'000, FILE_TYPE_ONLINE);
    auto sender = joined(task, ann, CLIENT_REALTIME_SENDER, 1);
    auto receiver = joined(task, ben, CLIENT_REALTIME_RECVER, 1);
    receiver.expect(cid::file_state);
    pull(receiver, task, ben, 0, 32768, FILE_TYPE_ONLINE);
    const auto wanted = sender.expect<IMFilePullDataReq>(cid::file_pull_data_req);
    if (!sender_owes) {
      give(sender, wanted, task, ann, content);
      receiver.expect(cid::file_pull_data_rsp);
    }
    wait({&sender, &receiver}, 110);
    EXPECT_TRUE(sender.open() && receiver.open());
    wait({&sender, &receiver}, 30);
    auto& closed = sender_owes ? sender : receiver;
    closed.expect_closed("stalled");
    EXPECT_TRUE((sender_owes ? receiver : sender).open()) << "the other one may come back within grace";
    terminal.close();
    asker.close();
  }
}

struct quickly_stalled : stalled_transfers {
  quickly_stalled() : stalled_transfers({{"stalled", "10s"}, {"undecided", "20s"}}) {}
};

TEST_F(quickly_stalled, is_what_the_keys_say) {
  auto sender = host.connect_as(ann);
  const auto task = offer(sender, ben, 60'000, FILE_TYPE_OFFLINE);
  auto line = joined(task, ann, CLIENT_OFFLINE_UPLOAD), other = joined(task, ben, CLIENT_OFFLINE_DOWNLOAD);
  host.advance(8s);
  EXPECT_TRUE(line.open());
  host.advance(4s);
  line.expect(cid::file_pull_data_req);
  line.expect_closed("stalled");
  EXPECT_TRUE(other.open());
  EXPECT_TRUE(host.reload("file"));
  host.advance(23s);
  other.expect_closed("stalled");
}

}  // namespace
}  // namespace file_test

// Online transfers.
#include "transfers_fixture.hpp"

namespace file_test {
namespace {

struct relays : transfers {
  explicit relays(std::uint32_t level = 0, std::uint32_t file_size = 1'000'000)
      : content(some_file(file_size)),
        terminal(host.connect_as(ben)),
        asker(host.connect_as(ann)),
        task(offer(asker, ben, file_size, FILE_TYPE_ONLINE)),
        sender(joined(task, ann, CLIENT_REALTIME_SENDER, level)),
        receiver(joined(task, ben, CLIENT_REALTIME_RECVER, level)) {
    ready();
  }
  void ready() {
    const auto state = receiver.expect<IMFileState>(cid::file_state);
    EXPECT_EQ(state.state(), CLIENT_FILE_PEER_READY);
    EXPECT_EQ(state.user_id(), ann);
  }
  /// Through the server and back, `window` pulls on their way.
  std::string relay(std::size_t from, std::size_t to, std::size_t window) {
    std::string out;
    std::size_t asked = from;
    while (from + out.size() < to) {
      while (asked < to && asked - from - out.size() < window * 32768) {
        pull(receiver, task, ben, static_cast<std::uint32_t>(asked), 32768, FILE_TYPE_ONLINE);
        asked += std::min<std::size_t>(32768, content.size() - asked);
      }
      give(sender, task, ann, content);
      out += receiver.expect<IMFilePullDataRsp>(cid::file_pull_data_rsp).file_data();
    }
    return out;
  }
  std::string content;
  session terminal, asker;
  std::string task;
  session sender, receiver;
};

TEST_F(relays, bring_every_byte) {
  EXPECT_EQ(relay(0, content.size(), 8), content);
  EXPECT_EQ(metric("bytes_relayed"), 1'000'000);
  IMFileState done;
  done.set_state(CLIENT_FILE_DONE);
  done.set_task_id(task);
  done.set_user_id(ben);
  receiver.send(cid::file_state, done);
  EXPECT_EQ(sender.expect<IMFileState>(cid::file_state).state(), CLIENT_FILE_DONE);
  sender.expect_closed();
  receiver.expect_closed();
  EXPECT_EQ(sql("SELECT COUNT(*) FROM file_task"), "0");
}

TEST_F(relays, end_for_who_asks_for_too_much_at_once) {
  for (std::uint32_t i = 0; i < 16; ++i) pull(receiver, task, ben, i * 32768, 32768, FILE_TYPE_ONLINE);
  EXPECT_TRUE(receiver.open());
  pull(receiver, task, ben, 0, 32768, FILE_TYPE_ONLINE);
  receiver.expect_closed("file protocol");
  for (int i = 0; i < 16; ++i) sender.expect(cid::file_pull_data_req);
  sender.expect_closed();
}

TEST_F(relays, end_for_a_sender_that_gives_what_was_not_asked) {
  IMFilePullDataRsp block;
  block.set_result_code(0);
  block.set_task_id(task);
  block.set_user_id(ann);
  block.set_offset(0);
  block.set_file_data("x");
  sender.send(cid::file_pull_data_rsp, block);
  sender.expect_closed("file protocol");
  receiver.expect_closed();
  EXPECT_EQ(metric("violations"), 1);
}

TEST_F(relays, end_for_a_block_that_is_longer_than_the_pull) {
  pull(receiver, task, ben, 0, 10, FILE_TYPE_ONLINE);
  sender.expect(cid::file_pull_data_req);
  IMFilePullDataRsp block;
  block.set_result_code(0);
  block.set_task_id(task);
  block.set_user_id(ann);
  block.set_offset(0);
  block.set_file_data("01234567890");
  sender.send(cid::file_pull_data_rsp, block);
  sender.expect_closed("file protocol");
  receiver.expect_closed();
}

TEST_F(relays, survive_reloads_with_pulls_on_their_way) {
  auto got = relay(0, 163840, 4);
  for (int round = 0; round < 5; ++round) {
    const auto at = static_cast<std::uint32_t>(got.size());
    const auto first = pull(receiver, task, ben, at, 32768, FILE_TYPE_ONLINE);
    const auto second = pull(receiver, task, ben, at + 32768, 32768, FILE_TYPE_ONLINE);
    EXPECT_TRUE(host.reload("file"));
    give(sender, task, ann, content);
    EXPECT_TRUE(host.reload("file"));
    give(sender, task, ann, content);
    auto one = receiver.expect(cid::file_pull_data_rsp);
    EXPECT_EQ(one.seq, first);
    got += one.as<IMFilePullDataRsp>().file_data();
    one = receiver.expect(cid::file_pull_data_rsp);
    EXPECT_EQ(one.seq, second);
    got += one.as<IMFilePullDataRsp>().file_data();
    host.advance(11s);
  }
  got += relay(got.size(), content.size(), 2);
  EXPECT_EQ(got, content);
}

struct relays_that_come_back : relays {
  relays_that_come_back() : relays(1) {}
};

TEST_F(relays_that_come_back, wait_for_an_end_no_longer_than_grace) {
  sender.close();
  host.advance(59s);
  EXPECT_TRUE(receiver.open());
  host.advance(3s);
  receiver.expect_closed("peer left");
  EXPECT_EQ(sql("SELECT COUNT(*) FROM file_task"), "0");
}

TEST_F(relays_that_come_back, drop_what_was_for_the_receiver_before) {
  pull(receiver, task, ben, 0, 32768, FILE_TYPE_ONLINE);
  pull(receiver, task, ben, 32768, 32768, FILE_TYPE_ONLINE);
  host.settle();
  receiver.close();
  host.settle();
  EXPECT_TRUE(host.reload("file"));
  give(sender, task, ann, content);
  receiver = joined(task, ben, CLIENT_REALTIME_RECVER, 1);
  ready();
  pull(receiver, task, ben, 65536, 32768, FILE_TYPE_ONLINE);
  give(sender, task, ann, content);
  receiver.expect_nothing();
  EXPECT_EQ(give(sender, task, ann, content).offset(), 65536u);
  EXPECT_EQ(receiver.expect<IMFilePullDataRsp>(cid::file_pull_data_rsp).offset(), 65536u);
}

TEST_F(relays_that_come_back, go_on_behind_a_reload_and_a_lost_line) {
  auto got = relay(0, 327680, 4);
  pull(receiver, task, ben, static_cast<std::uint32_t>(got.size()), 32768, FILE_TYPE_ONLINE);
  sender.close();
  EXPECT_TRUE(host.reload("file"));
  sender = joined(task, ann, CLIENT_REALTIME_SENDER, 1);
  give(sender, task, ann, content);
  got += receiver.expect<IMFilePullDataRsp>(cid::file_pull_data_rsp).file_data();
  got += relay(got.size(), content.size(), 3);
  EXPECT_EQ(got, content);
}

}  // namespace
}  // namespace file_test

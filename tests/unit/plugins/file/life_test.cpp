// Limits and age.
#include <fstream>
#include <thread>

#include "support/small_disk.hpp"
#include "transfers_fixture.hpp"

namespace file_test {
namespace {

struct file_life : transfers {
  file_life()
      : transfers({{"keep", "1h"},
                   {"keep_unfinished", "10m"},
                   {"max_tasks", "2"},
                   {"max_waiting", "100KiB"},
                   {"max_file", "64KiB"},
                   {"failed_logins", "3"},
                   {"max_transfers", "1"}}) {}
  IMFileRsp ask(session& who, std::uint32_t size) {
    IMFileReq wish;
    wish.set_from_user_id(0);
    wish.set_to_user_id(ben);
    wish.set_file_name("a");
    wish.set_file_size(size);
    wish.set_trans_mode(FILE_TYPE_OFFLINE);
    return who.ask<IMFileRsp>(cid::file_request, wish, cid::file_response);
  }
};

TEST_F(file_life, a_file_waits_so_long_for_its_recipient) {
  const auto task = upload(some_file(1000));
  EXPECT_FALSE(place(task).empty());
  host.advance(59min);
  EXPECT_FALSE(place(task).empty());
  host.advance(3min);
  EXPECT_TRUE(place(task).empty());
  EXPECT_EQ(sql("SELECT COUNT(*) FROM file_task"), "0");
  EXPECT_EQ(sql("SELECT COUNT(*) FROM IMTransmitFile"), "0");
  EXPECT_EQ(metric("expired"), 1);
}

TEST_F(file_life, what_does_not_go_on_is_gone_sooner) {
  auto sender = host.connect_as(ann);
  const auto content = some_file(50'000);
  const auto task = offer(sender, ben, 50'000, FILE_TYPE_OFFLINE);
  auto line = joined(task, ann, CLIENT_OFFLINE_UPLOAD, 1);
  give(line, task, ann, content);
  host.settle();
  line.close();
  EXPECT_FALSE(place(task + ".part").empty());
  host.advance(12min);
  EXPECT_TRUE(place(task + ".part").empty());
  auto again = host.connect();
  EXPECT_EQ(join(again, task, ann, CLIENT_OFFLINE_UPLOAD, 1).result_code(), 1u);
}

TEST_F(file_life, a_sender_has_limits_and_hears_which) {
  auto sender = host.connect_as(ann);
  EXPECT_EQ(ask(sender, 65'537).refused_code(), 4u);
  EXPECT_EQ(ask(sender, 65'536).result_code(), 0u);
  EXPECT_EQ(ask(sender, 65'536).refused_code(), 4u);
  EXPECT_EQ(ask(sender, 1).result_code(), 0u);
  EXPECT_EQ(ask(sender, 1).refused_code(), 6u);
  EXPECT_EQ(metric("refused_offers"), 3);
}

TEST_F(file_life, an_address_that_guesses_waits_and_nobody_else_does) {
  const auto task = upload(some_file(10));
  for (int i = 0; i < 3; ++i) {
    auto line = host.connect("10.1.1.1");
    EXPECT_EQ(join(line, "123e4567-e89b-42d3-a456-426614174000", ben, CLIENT_OFFLINE_DOWNLOAD).result_code(), 1u);
    line.expect_closed();
  }
  auto wrong = host.connect("10.1.1.1");
  IMFileLoginReq hello;
  hello.set_user_id(ben);
  hello.set_task_id("123e4567-e89b-42d3-a456-426614174000");
  hello.set_file_role(CLIENT_OFFLINE_DOWNLOAD);
  wrong.send(cid::file_login_req, hello);
  wrong.expect_nothing();
  auto right = host.connect("10.1.1.1");
  EXPECT_EQ(join(right, task, ben, CLIENT_OFFLINE_DOWNLOAD).result_code(), 0u) << "who is behind the same address";
  host.advance(2s);
  EXPECT_EQ(wrong.expect<IMFileLoginRsp>(cid::file_login_res).result_code(), 1u);
  wrong.expect_closed();
}

TEST_F(file_life, so_many_transfers_go_on_at_a_time) {
  auto sender = host.connect_as(ann);
  const auto one = offer(sender, ben, 10, FILE_TYPE_OFFLINE);
  const auto two = offer(sender, ben, 10, FILE_TYPE_OFFLINE);
  auto first = joined(one, ann, CLIENT_OFFLINE_UPLOAD, 1);
  auto second = host.connect();
  IMFileLoginReq hello;
  hello.set_user_id(ann);
  hello.set_task_id(two);
  hello.set_file_role(CLIENT_OFFLINE_UPLOAD);
  hello.set_extension_level(1);
  second.send(cid::file_login_req, hello);
  second.expect_closed("too many transfers");  // without a 0x0502, which would say that there is no such task
  first.close();
  joined(two, ann, CLIENT_OFFLINE_UPLOAD, 1);
}

TEST_F(file_life, what_goes_on_does_not_age) {
  auto sender = host.connect_as(ann);
  const auto content = some_file(60'000);
  const auto task = offer(sender, ben, 60'000, FILE_TYPE_OFFLINE);
  auto line = joined(task, ann, CLIENT_OFFLINE_UPLOAD, 1);
  give(line, task, ann, content);
  sql("UPDATE file_task SET updated = 1");
  line.close();
  host.advance(9min);
  auto again = host.connect();
  EXPECT_EQ(join(again, task, ann, CLIENT_OFFLINE_UPLOAD, 1).offset(), 32768u);
}

TEST_F(file_life, a_removal_that_was_cut_short_ends) {
  const auto task = upload(some_file(10));
  sql("UPDATE file_task SET state = 2, updated = 1");
  auto line = host.connect();
  EXPECT_EQ(join(line, task, ben, CLIENT_OFFLINE_DOWNLOAD).result_code(), 1u);
  host.advance(2min);
  EXPECT_TRUE(place(task).empty());
  EXPECT_EQ(sql("SELECT COUNT(*) FROM file_task"), "0");
}

TEST_F(file_life, a_part_without_a_row_is_swept_away) {
  const std::string stray = "123e4567-e89b-42d3-a456-426614174000";
  const auto folder = place(upload("x")).parent_path().parent_path() / "12";
  std::filesystem::create_directories(folder);
  const auto age = [](const std::filesystem::path& path) {
    std::ofstream(path) << "x";
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - 2h);
  };
  age(folder / (stray + ".part"));
  age(folder / "123e4567-e89b-42d3-a456-426614174001");
  age(folder / "mine.part");
  host.advance(20min);
  EXPECT_TRUE(place(stray + ".part").empty());
  EXPECT_FALSE(place("123e4567-e89b-42d3-a456-426614174001").empty()) << "a whole file may be TeamTalk's";
  EXPECT_FALSE(place("mine.part").empty());
}

TEST_F(file_life, a_generation_that_has_handed_over_collects_nothing) {
  auto sender = host.connect_as(ann);
  const auto content = some_file(60'000);
  const auto task = offer(sender, ben, 60'000, FILE_TYPE_OFFLINE);
  host.advance(25s);
  EXPECT_TRUE(host.reload("file"));
  auto line = joined(task, ann, CLIENT_OFFLINE_UPLOAD, 1);  // the generation before knows nothing of it
  sql("UPDATE file_task SET updated = 1");
  host.advance(8s);  // within its probation, and past its next round
  give(line, task, ann, content);
  give(line, task, ann, content);
  expect_done(line, ann);
}

TEST_F(file_life, who_comes_while_a_file_is_removed_leaves_nothing_behind) {
  auto sender = host.connect_as(ann);
  for (int round = 0; round < 20; ++round) {
    const auto task = offer(sender, ben, 60'000, FILE_TYPE_OFFLINE);
    auto line = host.connect();
    IMFileLoginReq hello;
    hello.set_user_id(ann);
    hello.set_task_id(task);
    hello.set_file_role(CLIENT_OFFLINE_UPLOAD);
    hello.set_extension_level(1);
    IMFileDelOfflineReq gone;
    gone.set_from_user_id(ann);
    gone.set_to_user_id(ben);
    gone.set_task_id(task);
    if (round % 2 == 0) line.send(cid::file_login_req, hello);
    sender.send(cid::file_del_offline_req, gone);
    if (round % 2 == 1) line.send(cid::file_login_req, hello);
    host.settle();
    host.advance(1s);
    // The host's clock is virtual, the thread that removes files is not.
    for (int tries = 0; tries < 5000 && !place(task + ".part").empty(); ++tries) {
      std::this_thread::sleep_for(1ms);
      host.advance(1ms);
    }
    EXPECT_EQ(sql("SELECT COUNT(*) FROM file_task"), "0");
    EXPECT_TRUE(place(task + ".part").empty()) << round;
  }
  host.advance(2s);  // who failed too often is answered late
}

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

struct elsewhere : transfers {
  elsewhere() : transfers({{"address", "files.example"}, {"port", "9999"}, {"max_of_user", "2"}}) {}
  template <class Message>
  static void expect_there(const Message& told) {
    ASSERT_EQ(told.ip_addr_list_size(), 1);
    EXPECT_EQ(told.ip_addr_list(0).ip(), "files.example");
    EXPECT_EQ(told.ip_addr_list(0).port(), 9999u);
  }
};

TEST_F(elsewhere, is_where_clients_are_sent_by_address_and_port) {
  auto sender = host.connect_as(ann), recipient = host.connect_as(ben);
  IMFileReq wish;
  wish.set_from_user_id(0);
  wish.set_to_user_id(ben);
  wish.set_file_name("a");
  wish.set_file_size(1);
  wish.set_trans_mode(FILE_TYPE_ONLINE);
  expect_there(sender.ask<IMFileRsp>(cid::file_request, wish, cid::file_response));
  expect_there(recipient.expect<IMFileNotify>(cid::file_notify));
  IMFileHasOfflineReq waiting;
  waiting.set_user_id(0);
  expect_there(recipient.ask<IMFileHasOfflineRsp>(cid::file_has_offline_req, waiting, cid::file_has_offline_res));
}

TEST_F(elsewhere, a_user_has_so_many_connections_and_others_have_theirs) {
  auto sender = host.connect_as(ann);
  std::vector<std::string> tasks;
  for (int i = 0; i < 3; ++i) tasks.push_back(offer(sender, ben, 10, FILE_TYPE_OFFLINE));
  auto first = joined(tasks[0], ann, CLIENT_OFFLINE_UPLOAD);
  auto second = joined(tasks[1], ann, CLIENT_OFFLINE_UPLOAD);
  const auto knock = [&](session& with, std::uint32_t user, ClientFileRole role) {
    IMFileLoginReq hello;
    hello.set_user_id(user);
    hello.set_task_id(tasks[2]);
    hello.set_file_role(role);
    with.send(cid::file_login_req, hello);
  };
  auto third = host.connect();
  knock(third, ann, CLIENT_OFFLINE_UPLOAD);
  third.expect_closed("too many transfers of this user");  // no 0x0502: clients try again
  auto other = host.connect();
  knock(other, ben, CLIENT_OFFLINE_DOWNLOAD);
  EXPECT_EQ(other.expect<IMFileLoginRsp>(cid::file_login_res).result_code(), 0u);
  first.close();
  joined(tasks[2], ann, CLIENT_OFFLINE_UPLOAD);
}

struct files_of_4_gib : transfers {
  files_of_4_gib() : transfers({{"max_file", "4294967295B"}, {"max_waiting", "5GiB"}, {"keep_free", "0B"}}) {}
};

/// Sparse but for their ends: what is written and read are the last bytes that the protocol can name.
TEST_F(files_of_4_gib, end_where_the_field_ends) {
  constexpr std::uint32_t size = 0xFFFFFFFF, last = size / 32768 * 32768;
  const auto tail = some_file(size - last);
  auto sender = host.connect_as(ann);
  const auto task = offer(sender, ben, size, FILE_TYPE_OFFLINE);
  auto line = joined(task, ann, CLIENT_OFFLINE_UPLOAD, 1);
  line.close();
  host.settle();
  std::filesystem::resize_file(place(task + ".part"), 960 + std::uint64_t(last));
  line = host.connect();
  EXPECT_EQ(join(line, task, ann, CLIENT_OFFLINE_UPLOAD, 1).offset(), last);
  const auto wanted = line.expect<IMFilePullDataReq>(cid::file_pull_data_req);
  EXPECT_EQ(wanted.offset(), last);
  EXPECT_EQ(wanted.data_size(), 32767u);
  IMFilePullDataRsp block;
  block.set_result_code(0);
  block.set_task_id(task);
  block.set_user_id(ann);
  block.set_offset(last);
  block.set_file_data(tail);
  line.send(cid::file_pull_data_rsp, block);
  expect_done(line, ann);
  EXPECT_EQ(std::filesystem::file_size(place(task)), 960 + std::uint64_t(size));
  auto reader = joined(task, ben, CLIENT_OFFLINE_DOWNLOAD, 1, last - 32768);
  EXPECT_EQ(fetch(reader, task, ben, last - 32768, size), std::string(32768, '\0') + tail);
  expect_done(reader, ann);
}

TEST_F(files_of_4_gib, are_relayed_to_the_last_byte) {
  constexpr std::uint32_t size = 0xFFFFFFFF, last = size / 32768 * 32768;
  auto terminal = host.connect_as(ben), asker = host.connect_as(ann);
  const auto task = offer(asker, ben, size, FILE_TYPE_ONLINE);
  auto sender = joined(task, ann, CLIENT_REALTIME_SENDER), receiver = joined(task, ben, CLIENT_REALTIME_RECVER);
  receiver.expect(cid::file_state);
  pull(receiver, task, ben, last, 32768, FILE_TYPE_ONLINE);
  EXPECT_EQ(sender.expect<IMFilePullDataReq>(cid::file_pull_data_req).offset(), last);
  IMFilePullDataRsp block;
  block.set_result_code(0);
  block.set_task_id(task);
  block.set_user_id(ann);
  block.set_offset(last);
  block.set_file_data(some_file(32767));
  sender.send(cid::file_pull_data_rsp, block);
  EXPECT_EQ(receiver.expect<IMFilePullDataRsp>(cid::file_pull_data_rsp).file_data(), some_file(32767));
  pull(receiver, task, ben, last, 32768, FILE_TYPE_ONLINE);
  sender.expect(cid::file_pull_data_req);
  block.set_file_data(some_file(32768));
  sender.send(cid::file_pull_data_rsp, block);
  sender.expect_closed("file protocol");  // one byte more than the file has
}

/// A disk of its own, which is full in the middle of an upload.
struct full_disk : testing::Test {
  parley::test::small_disk disk{"size=1m"};
};

struct transfers_on : transfers {
  explicit transfers_on(const std::filesystem::path& disk)
      : transfers({{"directory", disk.string()}, {"keep_free", "0B"}}) {}
  void TestBody() override {}
};

TEST_F(full_disk, breaks_an_upload_off_and_leaves_no_file_that_looks_whole) {
  if (!disk) GTEST_SKIP() << disk.why();
  transfers_on with(disk.path());
  const auto content = some_file(2'000'000);
  auto sender = with.host.connect_as(ann);
  const auto task = with.offer(sender, ben, 2'000'000, FILE_TYPE_OFFLINE);
  const auto whole = disk.path() / "offline_file" / task.substr(0, 2) / task;
  auto line = with.joined(task, ann, CLIENT_OFFLINE_UPLOAD, 1);
  for (std::size_t i = 0; i < 2'000'000 / 32768 && line.open(); ++i) with.give(line, task, ann, content);
  EXPECT_FALSE(line.open());
  EXPECT_GE(with.metric("disk_errors"), 1);
  EXPECT_FALSE(std::filesystem::exists(whole));
  auto reader = with.joined(task, ben, CLIENT_OFFLINE_DOWNLOAD, 1);
  EXPECT_TRUE(reader.open()) << "it waits for what is not there yet";
  auto again = with.host.connect();
  const auto at = with.join(again, task, ann, CLIENT_OFFLINE_UPLOAD, 1).offset();
  EXPECT_GT(at, 900'000u);
  again.close();
  ASSERT_TRUE(disk.change("size=8m"));
  line = with.host.connect();
  EXPECT_EQ(with.join(line, task, ann, CLIENT_OFFLINE_UPLOAD, 1).offset(), at);
  for (auto from = std::size_t(at); from < content.size(); from += 32768) with.give(line, task, ann, content);
  with.expect_done(line, ann);
  EXPECT_EQ(std::filesystem::file_size(whole), 960u + content.size());
  EXPECT_EQ(with.fetch(reader, task, ben, 0, content.size()), content);
}

struct a_small_disk : transfers {
  a_small_disk() : transfers({{"keep_free", "4000000000GiB"}}) {}
};

TEST_F(a_small_disk, takes_no_files_that_the_database_needs_the_room_of) {
  auto sender = host.connect_as(ann);
  IMFileReq wish;
  wish.set_from_user_id(0);
  wish.set_to_user_id(ben);
  wish.set_file_name("a");
  wish.set_file_size(1);
  wish.set_trans_mode(FILE_TYPE_OFFLINE);
  EXPECT_EQ(sender.ask<IMFileRsp>(cid::file_request, wish, cid::file_response).refused_code(), 6u);
}

struct a_small_store : transfers {
  a_small_store() : transfers({{"max_total", "100KiB"}}) {}
};

TEST_F(a_small_store, has_a_limit_for_all_together) {
  auto sender = host.connect_as(ann);
  offer(sender, ben, 60'000, FILE_TYPE_OFFLINE);
  auto other = host.connect_as(ben);
  IMFileReq wish;
  wish.set_from_user_id(0);
  wish.set_to_user_id(ann);
  wish.set_file_name("a");
  wish.set_file_size(60'000);
  wish.set_trans_mode(FILE_TYPE_OFFLINE);
  EXPECT_EQ(other.ask<IMFileRsp>(cid::file_request, wish, cid::file_response).refused_code(), 6u);
}

}  // namespace
}  // namespace file_test

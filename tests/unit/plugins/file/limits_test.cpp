// What the keys say, the last bytes that the protocol can name, full disks.
#include "support/small_disk.hpp"
#include "transfers_fixture.hpp"

namespace file_test {
namespace {

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
  [[maybe_unused]] const auto second = joined(tasks[1], ann, CLIENT_OFFLINE_UPLOAD);
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
  [[maybe_unused]] auto terminal = host.connect_as(ben);
  auto asker = host.connect_as(ann);
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

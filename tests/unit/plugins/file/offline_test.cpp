// Uploads and downloads.
#include "transfers_fixture.hpp"

namespace file_test {
namespace {

struct offline : transfers {};

TEST_F(offline, files_come_back_as_they_were) {
  for (const std::size_t size : {0u, 1u, 32767u, 32768u, 32769u, 3'000'001u}) {
    const auto content = some_file(size);
    const auto task = upload(content);
    EXPECT_EQ(std::filesystem::file_size(place(task)), 960 + size);
    auto line = joined(task, ben, CLIENT_OFFLINE_DOWNLOAD);
    EXPECT_EQ(fetch(line, task, ben, 0, size), content);
    expect_done(line, ann);
  }
}

TEST_F(offline, a_recipient_may_be_there_before_and_pull_ahead) {
  const auto content = some_file(500'000);
  auto sender = host.connect_as(ann);
  const auto task = offer(sender, ben, 500'000, FILE_TYPE_OFFLINE);
  auto early = joined(task, ben, CLIENT_OFFLINE_DOWNLOAD);
  for (std::uint32_t i = 0; i < 8; ++i) pull(early, task, ben, i * 32768);
  auto line = joined(task, ann, CLIENT_OFFLINE_UPLOAD);
  std::string got;
  for (int block = 0; block < 8; ++block) {
    EXPECT_EQ(give(line, task, ann, content).offset(), block * 32768u);
    got += early.expect<IMFilePullDataRsp>(cid::file_pull_data_rsp).file_data();
    early.expect_nothing();
  }
  for (int block = 8; block < 16; ++block) give(line, task, ann, content);
  expect_done(line, ann);
  got += fetch(early, task, ben, got.size(), content.size());
  expect_done(early, ann);
  EXPECT_EQ(got, content);
}

TEST_F(offline, more_pulls_than_can_wait_close_the_connection) {
  auto sender = host.connect_as(ann);
  const auto task = offer(sender, ben, 500'000, FILE_TYPE_OFFLINE);
  auto early = joined(task, ben, CLIENT_OFFLINE_DOWNLOAD);
  for (std::uint32_t i = 0; i < 9; ++i) pull(early, task, ben, i * 32768);
  early.expect_closed("file protocol");
}

TEST_F(offline, an_upload_of_level_1_takes_the_place_of_its_lost_line) {
  const auto content = some_file(200'000);
  auto sender = host.connect_as(ann);
  const auto task = offer(sender, ben, 200'000, FILE_TYPE_OFFLINE);
  auto first = joined(task, ann, CLIENT_OFFLINE_UPLOAD, 1);
  give(first, task, ann, content);
  give(first, task, ann, content);
  auto second = host.connect();
  const auto answer = join(second, task, ann, CLIENT_OFFLINE_UPLOAD, 1);
  EXPECT_EQ(answer.offset(), 65536u);
  while (first.open()) first.expect(cid::file_pull_data_req);
  for (int i = 2; i < 7; ++i) give(second, task, ann, content);
  expect_done(second, ann);
  auto line = joined(task, ben, CLIENT_OFFLINE_DOWNLOAD);
  EXPECT_EQ(fetch(line, task, ben, 0, content.size()), content);
}

TEST_F(offline, a_level_0_upload_begins_anew) {
  const auto content = some_file(100'000);
  auto sender = host.connect_as(ann);
  const auto task = offer(sender, ben, 100'000, FILE_TYPE_OFFLINE);
  auto first = joined(task, ann, CLIENT_OFFLINE_UPLOAD);
  give(first, task, ann, content);
  first.close();
  auto second = joined(task, ann, CLIENT_OFFLINE_UPLOAD);
  EXPECT_EQ(give(second, task, ann, content).offset(), 0u);
}

TEST_F(offline, a_download_goes_on_where_the_client_says) {
  const auto content = some_file(200'000);
  const auto task = upload(content);
  auto line = joined(task, ben, CLIENT_OFFLINE_DOWNLOAD, 1, 123'456);
  EXPECT_EQ(fetch(line, task, ben, 123'456, content.size()), content.substr(123'456));
  expect_done(line, ann);
  auto all = joined(task, ben, CLIENT_OFFLINE_DOWNLOAD, 1, 200'000);
  expect_done(all, ann);
  auto none = host.connect();
  EXPECT_EQ(join(none, task, ben, CLIENT_OFFLINE_DOWNLOAD, 1, 200'001).offset(), 0u);
}

TEST_F(offline, a_file_of_teamtalks_is_served_and_never_removed) {
  const std::string id = "abcdef01-e89b-42d3-a456-426614174000";
  const auto task = upload("first");  // makes the folder
  const auto folder = place(task).parent_path().parent_path() / "ab";
  std::filesystem::create_directories(folder);
  std::string header(960, '\0');
  header.replace(0, 36, id);
  header.replace(128, 1, "1");
  header.replace(192, 1, "2");
  header.replace(256, 1, "9");
  header.replace(896, 1, "5");
  FILE* out = std::fopen((folder / id).c_str(), "wb");
  std::fwrite(header.data(), 1, header.size(), out);
  std::fwrite("hello", 1, 5, out);
  std::fclose(out);

  auto line = joined(id, ben, CLIENT_OFFLINE_DOWNLOAD);
  EXPECT_EQ(fetch(line, id, ben, 0, 5), "hello");
  expect_done(line, ann);
  auto sender = host.connect_as(ann);
  IMFileAddOfflineReq add;
  add.set_from_user_id(0);
  add.set_to_user_id(99);
  add.set_task_id(id);
  add.set_file_name("old.txt");
  add.set_file_size(99);
  sender.send(cid::file_add_offline_req, add);
  sender.send(cid::file_add_offline_req, add);
  host.settle();
  EXPECT_EQ(sql("SELECT COUNT(*) FROM IMTransmitFile WHERE taskId = '" + id + "' AND toId = 2 AND size = 5"), "1");
  auto recipient = host.connect_as(ben);
  IMFileDelOfflineReq gone;
  gone.set_from_user_id(ann);
  gone.set_to_user_id(ben);
  gone.set_task_id(id);
  recipient.send(cid::file_del_offline_req, gone);
  host.settle();
  EXPECT_EQ(sql("SELECT COUNT(*) FROM IMTransmitFile WHERE status = 0 AND taskId = '" + id + "'"), "0");
  sender.send(cid::file_add_offline_req, add);
  host.settle();
  EXPECT_EQ(sql("SELECT COUNT(*) FROM IMTransmitFile WHERE status = 0"), "1") << "what was removed stays removed";
  EXPECT_TRUE(std::filesystem::exists(folder / id));
}

TEST_F(offline, verbs_show_and_cancel) {
  const auto content = some_file(100'000);
  auto sender = host.connect_as(ann);
  const auto task = offer(sender, ben, 100'000, FILE_TYPE_OFFLINE);
  auto line = joined(task, ann, CLIENT_OFFLINE_UPLOAD);
  give(line, task, ann, content);
  const auto shown = host.verb("files show", {{"task", task}});
  EXPECT_NE(shown.text.find("\"received\":32768,\"sender_connected\":true"), std::string::npos) << shown.text;
  EXPECT_NE(host.verb("files list", {{"user", "ben"}}).text.find(task), std::string::npos);
  EXPECT_NE(host.verb("files usage").text.find("\"open\":1,\"open_bytes\":100000"), std::string::npos);
  EXPECT_TRUE(host.verb("files cancel", {{"task", task}}));
  line.expect(cid::file_pull_data_req);
  line.expect_closed("file ended");
  EXPECT_EQ(sql("SELECT COUNT(*) FROM file_task"), "0");
  EXPECT_TRUE(place(task + ".part").empty());
  EXPECT_FALSE(host.verb("files show", {{"task", task}}));
}

}  // namespace
}  // namespace file_test

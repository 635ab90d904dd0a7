// The plugin is replaced while files are on their way.
#include "transfers_fixture.hpp"

namespace file_test {
namespace {

struct file_reloads : transfers {};

TEST_F(file_reloads, an_upload_goes_on_at_every_block) {
  const auto content = some_file(600'000);
  auto sender = host.connect_as(ann);
  for (const std::uint32_t level : {0u, 1u}) {
    const auto task = offer(sender, ben, 600'000, FILE_TYPE_OFFLINE);
    auto line = joined(task, ann, CLIENT_OFFLINE_UPLOAD, level);
    for (std::size_t at = 0; at < content.size(); at += 32768) {
      give(line, task, ann, content);
      EXPECT_TRUE(host.reload("file"));
      if (at % 131072 == 0) host.advance(11s);
    }
    expect_done(line, ann);
    auto fetching = joined(task, ben, CLIENT_OFFLINE_DOWNLOAD);
    EXPECT_EQ(fetch(fetching, task, ben, 0, content.size()), content);
  }
}

TEST_F(file_reloads, a_download_goes_on_with_pulls_that_wait) {
  const auto content = some_file(600'000);
  const auto task = upload(content);
  auto line = joined(task, ben, CLIENT_OFFLINE_DOWNLOAD);
  std::string got;
  while (got.size() < content.size()) {
    const auto at = static_cast<std::uint32_t>(got.size());
    int sent = 0;
    for (std::uint32_t i = 0; i < 3 && at + i * 32768 < content.size(); ++i, ++sent) {
      pull(line, task, ben, at + i * 32768);
    }
    EXPECT_TRUE(host.reload("file"));
    while (sent-- > 0) got += line.expect<IMFilePullDataRsp>(cid::file_pull_data_rsp).file_data();
  }
  expect_done(line, ann);
  EXPECT_EQ(got, content);
}

TEST_F(file_reloads, a_recipient_who_waits_waits_on) {
  const auto content = some_file(40'000);
  auto sender = host.connect_as(ann);
  const auto task = offer(sender, ben, 40'000, FILE_TYPE_OFFLINE);
  auto early = joined(task, ben, CLIENT_OFFLINE_DOWNLOAD);
  pull(early, task, ben, 0);
  EXPECT_TRUE(host.reload("file"));
  auto line = joined(task, ann, CLIENT_OFFLINE_UPLOAD);
  EXPECT_TRUE(host.reload("file"));
  give(line, task, ann, content);
  give(line, task, ann, content);
  expect_done(line, ann);
  auto got = early.expect<IMFilePullDataRsp>(cid::file_pull_data_rsp).file_data();
  EXPECT_TRUE(host.reload("file"));
  got += fetch(early, task, ben, got.size(), content.size());
  EXPECT_EQ(got, content);
}

TEST_F(file_reloads, blocks_that_wait_are_written_where_they_belong) {
  const auto content = some_file(1'200'000);
  auto sender = host.connect_as(ann);
  const auto task = offer(sender, ben, 1'200'000, FILE_TYPE_OFFLINE);
  auto line = joined(task, ann, CLIENT_OFFLINE_UPLOAD, 1);
  std::size_t given = 0;
  for (int round = 0; given < content.size(); ++round) {
    // All that was asked for comes at once: some of it waits while the first of it is written.
    std::vector<IMFilePullDataReq> asked;
    while (given < content.size() && asked.size() < 4) {
      asked.push_back(line.expect<IMFilePullDataReq>(cid::file_pull_data_req));
      given += asked.back().data_size();
    }
    for (const auto& wanted : asked) {
      IMFilePullDataRsp block;
      block.set_result_code(0);
      block.set_task_id(task);
      block.set_user_id(ann);
      block.set_offset(wanted.offset());
      block.set_file_data(content.substr(wanted.offset(), wanted.data_size()));
      line.send(cid::file_pull_data_rsp, block);
    }
    EXPECT_FALSE(host.reload("file", "/nowhere/file.so")) << "saved, and serves on";
    if (round % 2 == 1) {
      EXPECT_TRUE(host.reload("file"));
    }
    if (round % 4 == 3) {
      EXPECT_TRUE(host.verb("rollback", {{"plugin", "file"}}));
    }
  }
  expect_done(line, ann);
  auto fetching = joined(task, ben, CLIENT_OFFLINE_DOWNLOAD);
  EXPECT_EQ(fetch(fetching, task, ben, 0, content.size()), content);
}

TEST_F(file_reloads, a_recipient_who_was_not_told_is_when_the_uploader_comes_back) {
  const auto task = upload(some_file(1000));
  EXPECT_TRUE(host.reload("file"));  // knows nothing of whom the one before told
  auto recipient = host.connect_as(ben);
  for (int again = 0; again < 2; ++again) {
    auto line = joined(task, ann, CLIENT_OFFLINE_UPLOAD, 1);
    expect_done(line, ann);
    if (again == 0) {
      EXPECT_TRUE(recipient.expect<IMFileNotify>(cid::file_notify).offline_ready());
    }
  }
  recipient.expect_nothing();
}

#ifndef PARLEY_SANITIZED  // whose runtime keeps libraries mapped: the same files cannot be loaded anew
TEST_F(file_reloads, a_restart_keeps_what_has_come) {
  const auto content = some_file(200'000);
  auto sender = host.connect_as(ann);
  const auto task = offer(sender, ben, 200'000, FILE_TYPE_OFFLINE);
  auto line = joined(task, ann, CLIENT_OFFLINE_UPLOAD, 1);
  for (int i = 0; i < 3; ++i) give(line, task, ann, content);
  host.settle();
  host.restart();
  auto again = host.connect();
  EXPECT_EQ(join(again, task, ann, CLIENT_OFFLINE_UPLOAD, 1).offset(), 98304u);
  for (int i = 3; i < 7; ++i) give(again, task, ann, content);
  expect_done(again, ann);
  auto fetching = joined(task, ben, CLIENT_OFFLINE_DOWNLOAD);
  EXPECT_EQ(fetch(fetching, task, ben, 0, content.size()), content);
}
#endif

}  // namespace
}  // namespace file_test

// Limits and age.
#include <fstream>
#include <thread>

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

}  // namespace
}  // namespace file_test

// Limits and age.
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

TEST_F(file_life, an_address_that_guesses_is_refused_unseen) {
  const auto task = upload(some_file(10));
  for (int i = 0; i < 3; ++i) {
    auto line = host.connect("10.1.1.1");
    EXPECT_EQ(join(line, "123e4567-e89b-42d3-a456-426614174000", ben, CLIENT_OFFLINE_DOWNLOAD).result_code(), 1u);
    line.expect_closed();
  }
  auto right = host.connect("10.1.1.1");
  EXPECT_EQ(join(right, task, ben, CLIENT_OFFLINE_DOWNLOAD).result_code(), 1u);
  auto elsewhere = host.connect("10.1.1.2");
  EXPECT_EQ(join(elsewhere, task, ben, CLIENT_OFFLINE_DOWNLOAD).result_code(), 0u);
}

TEST_F(file_life, so_many_transfers_go_on_at_a_time) {
  auto sender = host.connect_as(ann);
  const auto one = offer(sender, ben, 10, FILE_TYPE_OFFLINE);
  const auto two = offer(sender, ben, 10, FILE_TYPE_OFFLINE);
  auto first = joined(one, ann, CLIENT_OFFLINE_UPLOAD, 1);
  auto second = host.connect();
  EXPECT_EQ(join(second, two, ann, CLIENT_OFFLINE_UPLOAD, 1).result_code(), 1u);
  first.close();
  joined(two, ann, CLIENT_OFFLINE_UPLOAD, 1);
}

}  // namespace
}  // namespace file_test

// From the event to a real receiver.
#include "delivery_fixture.hpp"

namespace push_delivery {
namespace {

TEST_F(pushes, are_signed_and_tell_the_message) {
  start();
  single(1, 2, 7);
  EXPECT_EQ(receiver->count(), 0u) << "it waits for others";
  host->advance(200ms);
  const auto all = receiver->requests();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].method, "POST");
  EXPECT_EQ(all[0].path, "/hook");
  EXPECT_TRUE(all[0].signed_with("the secret"));
  EXPECT_FALSE(all[0].signed_with("another"));
  EXPECT_EQ(all[0].header("x-parley-timestamp"), std::to_string(host->unix_ms() / 1000));
  EXPECT_EQ(all[0].header("x-parley-delivery").size(), 32u);
  const auto records = all[0].records();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0]["user_id"], 2);
  EXPECT_EQ(records[0]["token"], "token2");
  EXPECT_EQ(records[0]["platform"], "android");
  EXPECT_EQ(records[0]["alert"], "nick1:hello");
  EXPECT_EQ(records[0]["silent"], false);
  EXPECT_EQ(records[0]["msg"]["kind"], "single");
  EXPECT_EQ(records[0]["msg"]["from_id"], 1);
  EXPECT_EQ(metric("posted"), 1);
  EXPECT_EQ(metric("queued"), 0);
}

TEST_F(pushes, are_for_those_who_are_not_on_a_pc_and_have_a_device) {
  start();
  sql("DELETE FROM device_token WHERE user_id = 4");
  auto ben = host->connect_as(2, windows);
  host->connect_as(3, android);
  single(1, 2, 1);
  single(1, 3, 2);
  single(1, 4, 3);
  single(1, 99, 4);
  host->advance(1s);
  EXPECT_EQ(told(), (std::vector<std::uint32_t>{2}));
  ben.close();
  single(1, 2, 5);
  host->advance(1s);
  EXPECT_EQ(told(), (std::vector<std::uint32_t>{2, 5}));
}

TEST_F(pushes, are_silent_for_a_pc_where_that_is_wanted) {
  start([](auto, const auto&) { return webhook_answer{}; }, {{"with_pc", "silent"}});
  host->connect_as(2, windows);
  single(1, 2, 1);
  host->advance(1s);
  EXPECT_EQ(receiver->requests().at(0).records()[0]["silent"], true);
}

TEST_F(pushes, of_a_group_leave_out_the_author_the_muted_and_who_has_left) {
  start();
  for (int id = 1; id <= 5; ++id) {
    sql("INSERT INTO IMGroupMember(groupId, userId, status) VALUES (44," + std::to_string(id) + ",0)");
  }
  sql("INSERT INTO group_shield(group_id, user_id, updated) VALUES (44,3,1)");
  sql("UPDATE IMGroupMember SET status = 1 WHERE userId = 4");
  group(1, 44, 8);
  host->advance(1s);
  const auto records = receiver->requests().at(0).records();
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0]["user_id"], 2);
  EXPECT_EQ(records[1]["user_id"], 5);
  EXPECT_EQ(records[0]["msg"]["kind"], "group");
  EXPECT_EQ(records[0]["msg"]["group_id"], 44);
  EXPECT_NE(records[0]["id"], records[1]["id"]);
}

TEST_F(pushes, carry_what_their_users_have_not_read) {
  start();
  sql("INSERT INTO conversation(kind, a, b, relate_id, last_msg_id, last_a) VALUES (1,1,2,9,3,3)");
  sql("INSERT INTO IMRecentSession(userId, peerId, type, status) VALUES (2,1,1,0)");
  for (const char* id : {"1", "2", "3"}) {
    sql(std::string("INSERT INTO IMMessage_1(relateId, fromId, toId, msgId, content, type, status, updated, created) "
                    "VALUES (9,1,2,") +
        id + ",'x',1,0,1,1)");
  }
  single(1, 2, 3);
  single(1, 3, 1);
  host->advance(1s);
  const auto records = receiver->requests().at(0).records();
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0]["badge"], 3);
  EXPECT_EQ(records[1]["badge"], 0) << "read meanwhile";
}

TEST_F(pushes, go_without_a_badge_when_it_cannot_be_counted) {
  start();
  sql("DROP TABLE read_position");
  single(1, 2, 1);
  host->advance(1s);
  const auto records = receiver->requests().at(0).records();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_FALSE(records[0].contains("badge"));
}

TEST_F(pushes, rest_at_night_for_who_wants_that) {
  start([](auto, const auto&) { return webhook_answer{}; }, {{"quiet_from", "00:00"}, {"quiet_to", "23:59"}});
  sql("UPDATE IMUser SET push_shield_status = 1 WHERE id = 2");
  single(1, 2, 1);
  single(1, 3, 2);
  host->advance(1s);
  EXPECT_EQ(told(), (std::vector<std::uint32_t>{2}));
}

TEST_F(pushes, rest_at_the_night_of_their_zone) {
  const auto sent_in = [this](const char* zone) {  // at 22:13 UTC
    host.reset();
    start([](auto, const auto&) { return webhook_answer{}; },
          {{"quiet_from", "22:00"}, {"quiet_to", "07:00"}, {"zone", zone}});
    sql("UPDATE IMUser SET push_shield_status = 1 WHERE id = 2");
    single(1, 2, 1);
    host->advance(1s);
    return receiver->count();
  };
  EXPECT_EQ(sent_in("+00:00"), 0u);
  EXPECT_EQ(sent_in("+09:00"), 1u);
  EXPECT_EQ(sent_in("-01:00"), 1u);
  EXPECT_EQ(sent_in("+08:30"), 0u);
}

TEST_F(pushes, are_posted_again_under_the_same_delivery_until_they_are_taken) {
  start([](std::size_t number, const webhook_request&) {
    if (number == 0) return webhook_answer{500, "", "", false};
    if (number == 1) return webhook_answer{0, "", "", true};
    if (number == 2) return webhook_answer{429, "", "Retry-After: 20\r\n", false};
    return webhook_answer{};
  });
  single(1, 2, 1);
  host->advance(200ms);
  EXPECT_EQ(receiver->count(), 1u);
  single(1, 3, 2);
  host->advance(1s);
  EXPECT_EQ(receiver->count(), 2u);
  host->advance(2s);
  EXPECT_EQ(receiver->count(), 3u);
  host->advance(18s);
  EXPECT_EQ(receiver->count(), 3u) << "it was asked to wait";
  host->advance(3s);
  const auto all = receiver->requests();
  ASSERT_EQ(all.size(), 5u);
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_EQ(all[i].header("x-parley-delivery"), all[0].header("x-parley-delivery"));
    EXPECT_EQ(all[i].body, all[0].body);
    EXPECT_TRUE(all[i].signed_with("the secret"));
  }
  EXPECT_NE(all[4].header("x-parley-delivery"), all[0].header("x-parley-delivery"));
  EXPECT_EQ(all[4].records()[0]["msg"]["msg_id"], 2);
  EXPECT_EQ(metric("posted"), 2);
  EXPECT_EQ(metric("failed_requests"), 3);
}

TEST_F(pushes, that_are_refused_are_dropped) {
  start([](std::size_t number, const webhook_request&) {
    return number == 0   ? webhook_answer{400, "", "", false}
           : number == 1 ? webhook_answer{302, "", "Location: /elsewhere\r\n", false}
                         : webhook_answer{};
  });
  for (std::uint32_t i = 1; i <= 3; ++i) {
    single(1, 2, i);
    host->advance(1s);
  }
  EXPECT_EQ(told(), (std::vector<std::uint32_t>{1, 2, 3}));
  EXPECT_EQ(receiver->requests().back().path, "/hook");
  EXPECT_EQ(metric("posted"), 1);
  EXPECT_EQ(metric("dropped_refused"), 2);
}

TEST_F(pushes, forget_tokens_that_the_receiver_calls_dead) {
  start([](std::size_t number, const webhook_request&) {
    return number == 0   ? webhook_answer{200, R"({"gone":["token2","token5"]})", "", false}
           : number == 1 ? webhook_answer{200, std::string(1 << 20, 'x'), "", false}
                         : webhook_answer{};
  });
  single(1, 2, 1);
  single(1, 3, 1);
  host->advance(1s);
  EXPECT_EQ(ask_sql("SELECT COUNT(*) FROM device_token WHERE user_id = 2"), "0");
  EXPECT_EQ(ask_sql("SELECT COUNT(*) FROM device_token"), "4") << "token5 was not posted";
  EXPECT_EQ(metric("gone_tokens"), 1);
  single(1, 2, 2);
  single(1, 3, 2);
  host->advance(1s);
  single(1, 3, 3);
  host->advance(1s);
  EXPECT_EQ(told(), (std::vector<std::uint32_t>{1, 1, 2, 3})) << "however long an answer is";
  EXPECT_EQ(metric("posted"), 4);
}

TEST_F(pushes, go_in_batches_in_order) {
  start([](auto, const auto&) { return webhook_answer{}; }, {{"batch", "20"}});
  for (std::uint32_t i = 1; i <= 50; ++i) single(1, 2, i);
  EXPECT_EQ(receiver->count(), 2u) << "full batches do not wait";
  host->advance(1s);
  std::vector<std::uint32_t> all(50);
  for (std::uint32_t i = 0; i < 50; ++i) all[i] = i + 1;
  EXPECT_EQ(told(), all);
  EXPECT_EQ(receiver->count(), 3u);
}

TEST_F(pushes, are_dropped_when_too_many_wait_or_for_too_long) {
  start(refusing_while_broken(), {{"queue", "10"}, {"keep", "10m"}, {"batch", "2"}});
  for (std::uint32_t i = 1; i <= 30; ++i) single(1, 2, i);
  EXPECT_EQ(metric("queued"), 10);
  EXPECT_EQ(metric("dropped_full"), 20);
  host->advance(11min);
  EXPECT_EQ(metric("queued"), 0);
  EXPECT_EQ(metric("dropped_old"), 10);
  broken = false;
  single(1, 2, 31);
  host->advance(2min);
  EXPECT_EQ(told().back(), 31u);
}

}  // namespace
}  // namespace push_delivery

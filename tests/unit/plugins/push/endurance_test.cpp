// What waits when the plugin is replaced, the night comes, the database is away, a group is large.
#include <poll.h>

#include <ctime>
#include <filesystem>

#include "delivery_fixture.hpp"

namespace push_delivery {
namespace {

TEST_F(pushes, survive_a_reload) {
  start(refusing_while_broken());
  single(1, 2, 1);
  host->advance(200ms);
  const auto first = receiver->requests().at(0);
  single(1, 3, 2);
  ASSERT_TRUE(host->reload("push"));
  host->advance(30s);
  broken = false;
  host->advance(2min);
  const auto all = receiver->requests();
  ASSERT_GE(all.size(), 3u);
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    EXPECT_EQ(all[i].header("x-parley-delivery"), first.header("x-parley-delivery"));
    EXPECT_EQ(all[i].body, first.body);
  }
  EXPECT_EQ(told().back(), 2u);
  EXPECT_FALSE(host->reload("push", host->data() + "/none.so"));
  single(1, 2, 3);
  host->advance(1s);
  EXPECT_EQ(told().back(), 3u);
}

TEST_F(pushes, wait_as_long_as_asked_over_a_reload) {
  start([](std::size_t number, const webhook_request&) {
    return number == 0 ? webhook_answer{429, "", "Retry-After: 60\r\n", false} : webhook_answer{};
  });
  single(1, 2, 1);
  host->advance(200ms);
  ASSERT_EQ(receiver->count(), 1u);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(host->reload("push"));
    host->advance(15s);
    single(1, 2, 2);
    EXPECT_EQ(receiver->count(), 1u) << "it was asked to wait";
  }
  EXPECT_FALSE(host->reload("push", host->data() + "/none.so"));
  host->advance(14s);
  EXPECT_EQ(receiver->count(), 1u);
  host->advance(2s);
  EXPECT_EQ(receiver->count(), 3u);
}

TEST_F(pushes, of_a_large_group_reach_all_and_leave_others_their_place) {
  start(refusing_while_broken(), {{"queue", "20"}, {"batch", "100"}});
  for (std::uint32_t i = 1; i <= 8; ++i) single(1, 2, i);
  sql("INSERT INTO IMUser(id, name, departId, created, updated) WITH RECURSIVE n(i) AS (SELECT 101 UNION ALL SELECT "
      "i + 1 FROM n WHERE i < 5100) SELECT i, 'member' || i, 1, 1, 1 FROM n");
  sql("INSERT INTO device_token(user_id, client_type, token, updated) SELECT id, 18, 'token' || id, 1 FROM IMUser "
      "WHERE id > 100");
  sql("INSERT INTO IMGroupMember(groupId, userId, status) SELECT 44, id, 0 FROM IMUser WHERE id > 100");
  group(1, 44, 99);
  EXPECT_EQ(metric("queued"), 18) << "half of the queue";
  EXPECT_EQ(metric("dropped_full"), 4990);
  broken = false;
  host->advance(2s);
  const auto all = told();
  EXPECT_EQ(std::count(all.begin(), all.end(), 8u), 1);
  EXPECT_EQ(std::count(all.begin(), all.end(), 99u), 10);
}

TEST_F(pushes, that_waited_into_the_night_are_left_out) {
  const auto minute = [](std::time_t when) {
    std::tm local{};
    localtime_r(&when, &local);
    char text[6];
    std::strftime(text, sizeof text, "%H:%M", &local);
    return std::string(text);
  };
  constexpr std::time_t begin = 1'700'000'000;
  start(refusing_while_broken(), {{"quiet_from", minute(begin + 600)}, {"quiet_to", minute(begin + 3600)}});
  ASSERT_EQ(host->unix_ms() / 1000, static_cast<std::uint64_t>(begin));
  sql("UPDATE IMUser SET push_shield_status = 1 WHERE id = 2");
  single(1, 3, 1);
  host->advance(1s);
  single(1, 2, 2);
  single(1, 4, 3);
  ASSERT_TRUE(host->reload("push"));
  host->advance(15min);
  broken = false;
  host->advance(2min);
  EXPECT_EQ(told().back(), 3u);
  const auto all = told();
  EXPECT_EQ(std::count(all.begin(), all.end(), 2u), 0);
  EXPECT_EQ(metric("dropped_quiet"), 1);
}

TEST_F(pushes, wait_for_the_database) {
  start([](auto, const auto&) { return webhook_answer{}; }, {{"keep", "1m"}});
  const auto file = host->database();
  std::filesystem::rename(file, file + ".away");
  single(1, 2, 1);
  host->advance(80s);
  EXPECT_EQ(receiver->count(), 0u);
  EXPECT_EQ(metric("dropped_old"), 1) << "longer than a notification is news";
  single(1, 2, 2);
  host->advance(10s);
  std::filesystem::rename(file + ".away", file);
  // The pool finds it again in real time.
  for (int i = 0; i < 300 && told().empty(); ++i) {
    poll(nullptr, 0, 50);
    host->advance(100ms);
  }
  EXPECT_EQ(told(), (std::vector<std::uint32_t>{2}));
  EXPECT_EQ(metric("dropped_unknown"), 0);
}

TEST_F(pushes, go_on_when_the_recipients_of_one_cannot_be_looked_up) {
  start();
  sql("ALTER TABLE IMGroupMember RENAME TO members");
  sql("CREATE VIEW IMGroupMember AS SELECT groupId, userId, CASE WHEN groupId = 66 THEN "
      "abs(-9223372036854775807 - 1 + userId * 0) ELSE status END AS status FROM members");
  for (const char* group : {"44", "66"}) {
    sql(std::string("INSERT INTO members(groupId, userId, status) VALUES (") + group + ",2,0)");
  }
  group(1, 66, 1);
  group(1, 44, 2);
  single(1, 3, 3);
  group(1, 66, 4);
  single(1, 3, 5);
  host->advance(15s);
  EXPECT_EQ(told(), (std::vector<std::uint32_t>{3, 2, 5})) << "a single chat's before a group's";
  EXPECT_EQ(metric("dropped_unknown"), 2);
}

TEST(push_config, is_checked) {
  core idle(with_push("", {{"secret", ""}}));
  parley::events::MessageCommitted e;
  e.set_kind(1);
  idle.publish("message.committed", e);
  EXPECT_THROW(core(with_push("http://127.0.0.1:1/", {{"secret", ""}})), parley::testing::failure);
  EXPECT_THROW(core(with_push("ftp://127.0.0.1/")), parley::testing::failure);
  EXPECT_THROW(core(with_push("not a url")), parley::testing::failure);
  EXPECT_THROW(core(with_push("http://127.0.0.1:1/", {{"quiet_to", "8"}})), parley::testing::failure);
  EXPECT_THROW(core(with_push("http://127.0.0.1:1/", {{"zone", "Asia/Shanghai"}})), parley::testing::failure);
  EXPECT_THROW(core(with_push("http://127.0.0.1:1/", {{"content_key", "short"}})), parley::testing::failure);
}

}  // namespace
}  // namespace push_delivery

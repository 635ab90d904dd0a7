// From the event to a real receiver.
#include <gtest/gtest.h>
#include <poll.h>

#include <parley/testing.hpp>

#include <algorithm>
#include <ctime>
#include <filesystem>

#include "events/message.pb.h"
#include "support/database.hpp"
#include "support/webhook_receiver.hpp"

namespace {

using namespace std::chrono_literals;
using parley::test::webhook_answer;
using parley::test::webhook_receiver;
using parley::test::webhook_request;
using parley::testing::core;

constexpr std::uint32_t windows = 1, android = 0x12;
constexpr char hello[] = "nnZSBwfPCz60q69ddmfIJA==";  // as clients encrypt it

parley::testing::options with_push(const std::string& url, std::map<std::string, std::string> more = {}) {
  more.insert({{"url", url}, {"secret", "the secret"}, {"quiet_from", "00:00"}, {"quiet_to", "00:00"}});
  parley::testing::options o;
  o.plugins = {{"login", "", {{"password_cost", "low"}}}, {"message", ""}, {"push", PARLEY_PLUGIN_FILE, more}};
  o.worker_pools = {"cpu", "push"};
  o.events = {"message.committed"};
  o.log_level = "error";
  return o;
}

class pushes : public testing::Test {
 protected:
  void start(
      webhook_receiver::answerer answer = [](auto, const auto&) { return webhook_answer{}; },
      std::map<std::string, std::string> more = {}) {
    receiver = std::make_unique<webhook_receiver>(std::move(answer));
    host = std::make_unique<core>(with_push(receiver->url(), std::move(more)));
    for (std::uint32_t id = 1; id <= 5; ++id) user(id);
  }
  void sql(const std::string& text) { parley::test::database(host->database()).run(text); }
  std::string ask_sql(const std::string& text) { return parley::test::database(host->database()).run(text); }
  void user(std::uint32_t id) {
    const auto n = std::to_string(id);
    sql("INSERT INTO IMUser(id, name, nick, departId, created, updated) VALUES (" + n + ",'name" + n + "','nick" + n +
        "',1,1,1)");
    sql("INSERT INTO device_token(user_id, client_type, token, updated) VALUES (" + n + ",18,'token" + n + "',1)");
  }
  parley::events::MessageCommitted event(std::uint32_t from, std::uint32_t msg_id) {
    parley::events::MessageCommitted e;
    e.set_author_id(from);
    e.set_msg_id(msg_id);
    e.set_created(static_cast<std::uint32_t>(host->unix_ms() / 1000));
    e.set_msg_data(hello);
    return e;
  }
  void single(std::uint32_t from, std::uint32_t to, std::uint32_t msg_id) {
    auto e = event(from, msg_id);
    e.set_kind(1);
    e.set_a(std::min(from, to));
    e.set_b(std::max(from, to));
    e.set_msg_type(0x01);
    host->publish("message.committed", e);
  }
  void group(std::uint32_t from, std::uint32_t id, std::uint32_t msg_id) {
    auto e = event(from, msg_id);
    e.set_kind(2);
    e.set_group_id(id);
    e.set_msg_type(0x11);
    host->publish("message.committed", e);
  }
  double metric(const std::string& name) {
    const auto text = host->get("/metrics").body;
    const auto at = text.find("\nparley_push_" + name + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 14));
  }
  std::vector<std::uint32_t> told() const {
    std::vector<std::uint32_t> ids;
    for (const auto& request : receiver->requests()) {
      for (const auto& one : request.records()) ids.push_back(one["msg"]["msg_id"]);
    }
    return ids;
  }
  std::unique_ptr<webhook_receiver> receiver;
  std::unique_ptr<core> host;
};

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

TEST_F(pushes, rest_at_night_for_who_wants_that) {
  start([](auto, const auto&) { return webhook_answer{}; }, {{"quiet_from", "00:00"}, {"quiet_to", "23:59"}});
  sql("UPDATE IMUser SET push_shield_status = 1 WHERE id = 2");
  single(1, 2, 1);
  single(1, 3, 2);
  host->advance(1s);
  EXPECT_EQ(told(), (std::vector<std::uint32_t>{2}));
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
  std::atomic<bool> broken = true;
  start(
      [&](auto, const auto&) {
        return webhook_answer{broken ? 503 : 200, "", "", false};
      },
      {{"queue", "10"}, {"keep", "10m"}, {"batch", "2"}});
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

TEST_F(pushes, survive_a_reload) {
  std::atomic<bool> broken = true;
  start([&](auto, const auto&) { return webhook_answer{broken ? 503 : 200, "", "", false}; });
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
  std::atomic<bool> broken = true;
  start(
      [&](auto, const auto&) {
        return webhook_answer{broken ? 503 : 200, "", "", false};
      },
      {{"queue", "20"}, {"batch", "100"}});
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
  std::atomic<bool> broken = true;
  constexpr std::time_t begin = 1'700'000'000;
  start(
      [&](auto, const auto&) {
        return webhook_answer{broken ? 503 : 200, "", "", false};
      },
      {{"quiet_from", minute(begin + 600)}, {"quiet_to", minute(begin + 3600)}});
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
  EXPECT_EQ(told(), (std::vector<std::uint32_t>{2, 3, 5}));
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
  EXPECT_THROW(core(with_push("http://127.0.0.1:1/", {{"content_key", "short"}})), parley::testing::failure);
}

}  // namespace

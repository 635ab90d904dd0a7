#include "messenger_test.hpp"
#include "support/mariadb.hpp"

namespace message_test {
namespace {

using batch_test = messenger_test;

TEST_F(batch_test, numbers_messages_in_the_order_they_were_sent) {
  std::vector<std::size_t> numbers;
  for (int i = 0; i < 30; ++i) {
    numbers.push_back(start(i % 2 ? ben : anna, text(i % 2 ? 1 : 2, "m" + std::to_string(i))));
    start(anna, text(3, "between"));
  }
  host.run();
  for (std::uint32_t i = 0; i < 30; ++i) EXPECT_EQ(ack(numbers[i]).msg_id(), i + 1);
  std::uint32_t last = 0;
  for (const auto& one : host.take_pushes()) {
    const auto seen = parsed<IMMsgData>(one.body);
    if (one.user != 2 || seen.to_session_id() == 3) continue;
    EXPECT_EQ(seen.msg_id(), ++last);
  }
  EXPECT_EQ(last, 30u);
}

TEST_F(batch_test, is_one_transaction) {
  send(anna, text(2, "known"));
  send(anna, text(3, "known"));
  const int before = host.db().commits();
  for (int i = 0; i < 100; ++i) start(anna, text(2 + i % 2, "m"));
  host.run();
  EXPECT_EQ(host.db().commits(), before + 1);
}

TEST_F(batch_test, new_conversations_are_made_in_one_transaction_before_it) {
  const int before = host.db().commits();
  start(anna, text(2, "hi"));
  start(carl, text(2, "hi"));
  start(ben, text(1, "hi"));
  start(anna, text(4, "hi"));
  host.run();
  EXPECT_EQ(host.db().commits(), before + 2);
  EXPECT_EQ(count("conversation"), "3");
  EXPECT_EQ(count("IMRelationShip"), "3");
  EXPECT_EQ(count("IMRecentSession"), "6");
}

TEST_F(batch_test, a_lone_message_costs_three_statements) {
  send(anna, text(2, "first of its second"));
  host.db().take_log();
  send(anna, text(2, "second"));
  const auto log = host.db().take_log();
  ASSERT_EQ(log.size(), 3u);
  EXPECT_EQ(log[0].find("SELECT kind, a, b, relate_id, last_msg_id"), 0u);
  EXPECT_EQ(log[1].find("INSERT INTO IMMessage_"), 0u);
  EXPECT_EQ(log[2].find("INSERT INTO conversation"), 0u);
}

TEST_F(batch_test, a_client_id_costs_one_more_and_a_new_second_another) {
  send(anna_1, text(2, "first"));
  host.db().take_log();
  send(anna_1, text(2, "same second", "id-1"));
  EXPECT_EQ(host.db().take_log().size(), 4u);
  host.now_ms += 1000;
  send(anna_1, text(2, "next second", "id-2"));
  EXPECT_EQ(host.db().take_log().size(), 5u);
}

TEST_F(batch_test, a_full_batch_of_one_conversation_costs_as_many_statements_as_one_message) {
  send(anna_1, text(2, "first"));
  host.db().take_log();
  for (int i = 0; i < 512; ++i) start(anna_1, text(2, "m", "id-" + std::to_string(i)));
  host.run();
  EXPECT_EQ(host.db().take_log().size(), 4u);
  EXPECT_EQ(count("message_key"), "512");
}

TEST_F(batch_test, brings_many_sessions_up_to_date_with_few_statements) {
  for (int i = 20; i < 120; ++i) host.db().run("INSERT INTO IMUser(id) VALUES (" + std::to_string(i) + ")");
  for (std::uint32_t i = 20; i < 120; ++i) send(anna, text(i, "hi"));
  host.now_ms += 1000;
  host.db().take_log();
  for (std::uint32_t i = 20; i < 120; ++i) start(anna, text(i, "again"));
  host.run();
  int updates = 0;
  for (const auto& one : host.db().take_log()) updates += one.find("UPDATE IMRecentSession") == 0;
  EXPECT_EQ(updates, 4);
  EXPECT_EQ(host.db().run("SELECT COUNT(*) FROM IMRecentSession WHERE status = 0 AND updated = 1700000001"), "200");
}

TEST_F(batch_test, locks_many_conversations_with_few_statements) {
  for (int i = 20; i < 120; ++i) host.db().run("INSERT INTO IMUser(id) VALUES (" + std::to_string(i) + ")");
  std::vector<std::size_t> numbers;
  for (int round = 0; round < 2; ++round) {
    host.db().take_log();
    for (std::uint32_t i = 119; i >= 20; --i) numbers.push_back(start(anna, text(i, "hi")));
    host.run();
  }
  int locks = 0;
  for (const auto& one : host.db().take_log()) locks += one.find("SELECT kind, a, b, relate_id") == 0;
  EXPECT_EQ(locks, 2);
  for (std::size_t i = 0; i < 200; ++i) EXPECT_EQ(ack(numbers[i]).msg_id(), i < 100 ? 1u : 2u) << i;
}

TEST_F(batch_test, finds_each_conversation_by_its_whole_key) {
  if (parley::test::on_mariadb()) GTEST_SKIP() << "the plan of SQLite, which has no statistics to go by";
  for (int i = 20; i < 120; ++i) host.db().run("INSERT INTO IMUser(id) VALUES (" + std::to_string(i) + ")");
  for (std::uint32_t i = 20; i < 120; ++i) start(anna, text(i, "hi"));
  host.run();
  int reads = 0;
  for (auto one : host.db().take_log()) {
    if (one.find("FROM conversation") == one.npos) continue;
    ++reads;
    if (const auto at = one.find("{for_update}"); at != one.npos) one.erase(at);
    const auto steps = host.db().plan(one);
    EXPECT_NE(steps.find("(kind=? AND a=? AND b=?)"), steps.npos) << one << "\n" << steps;
    EXPECT_EQ(steps.find("(kind=?)"), steps.npos) << one << "\n" << steps;
    EXPECT_EQ(steps.find("SCAN"), steps.npos) << one << "\n" << steps;
  }
  EXPECT_GT(reads, 100);
}

TEST_F(batch_test, only_the_guilty_message_fails) {
  send(anna, text(2, "first"));
  host.db().fail("guilty", PARLEY_DATA_ERROR, 100);
  std::vector<std::size_t> numbers;
  for (int i = 0; i < 50; ++i) numbers.push_back(start(anna, text(2, i == 20 ? "guilty" : "m" + std::to_string(i))));
  host.run();
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(host.verdict(numbers[i]), i == 20 ? PARLEY_DATA_ERROR : PARLEY_OK) << i;
    if (i == 20) continue;
    EXPECT_EQ(ack(numbers[i]).msg_id(), i < 20 ? i + 2 : i + 1);
  }
  EXPECT_TRUE(host.replies(numbers[20]).empty());
  EXPECT_EQ(history(anna, 2).size(), 50u);
}

TEST_F(batch_test, a_stranger_in_the_batch_fails_alone) {
  const auto good = start(anna, text(2, "hi"));
  const auto bad = start(anna, text(5, "hi"));
  const auto left = start(anna, text(9, "hi"));
  const auto second = start(anna, text(2, "hi"));
  host.run();
  EXPECT_EQ(ack(good).msg_id(), 1u);
  EXPECT_EQ(ack(second).msg_id(), 2u);
  EXPECT_EQ(host.verdict(bad), PARLEY_NO_TARGET);
  EXPECT_EQ(host.verdict(left), PARLEY_NO_TARGET);
  EXPECT_EQ(host.explanation(), "");
}

TEST_F(batch_test, tries_again_after_a_deadlock) {
  send(anna, text(2, "first"));
  host.db().fail("INSERT INTO IMMessage_", PARLEY_RETRY, 3);
  EXPECT_EQ(send(anna, text(2, "second")), 2u);
  EXPECT_EQ(count("IMMessage_1"), "2");
}

TEST_F(batch_test, nothing_is_acked_while_the_database_is_away) {
  send(anna, text(2, "first"));
  host.take_pushes();
  for (const char* at : {"BEGIN", "SELECT relate_id", "COMMIT"}) {
    host.db().fail(at, PARLEY_UNAVAILABLE);
    const auto one = start(anna, text(2, "lost"));
    const auto other = start(anna, text(2, "lost too"));
    host.run();
    EXPECT_EQ(host.verdict(one), PARLEY_UNAVAILABLE) << at;
    EXPECT_EQ(host.verdict(other), PARLEY_UNAVAILABLE) << at;
    EXPECT_TRUE(host.replies(one).empty());
  }
  EXPECT_TRUE(host.take_pushes().empty());
  EXPECT_EQ(send(anna, text(2, "back")), 2u);
}

TEST_F(batch_test, a_new_conversation_fails_as_a_whole_while_the_database_is_away) {
  host.db().fail("FROM IMUser", PARLEY_UNAVAILABLE);
  EXPECT_EQ(host.serve(anna, cid::msg_data, text(2, "hi")), PARLEY_UNAVAILABLE);
  host.db().fail("IMRelationShip", PARLEY_UNAVAILABLE);
  EXPECT_EQ(host.serve(anna, cid::msg_data, text(2, "hi")), PARLEY_UNAVAILABLE);
  EXPECT_EQ(count("conversation"), "0");
  EXPECT_EQ(send(anna, text(2, "hi")), 1u);
}

TEST_F(batch_test, a_vanished_conversation_is_made_anew_for_the_next_message) {
  send(anna, text(2, "one"));
  send(anna, text(2, "two"));
  host.db().run("DELETE FROM conversation");
  EXPECT_EQ(host.serve(anna, cid::msg_data, text(2, "three")), PARLEY_UNAVAILABLE);
  EXPECT_EQ(send(anna, text(2, "three")), 3u);
}

}  // namespace
}  // namespace message_test

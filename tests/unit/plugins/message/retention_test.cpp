// What is removed because it is old, and what stays right about the rest.
#include "store.hpp"

#include "messenger_test.hpp"

#include <parley/edge.hpp>

#include <cstring>

#include "support/mariadb.hpp"

namespace message_test {
namespace {

namespace store = message::store;
using message::conversation_key;
using message::conversation_kind;

/// An edge that has a database and nothing else.
parley::sql sql_of(plugin_test::database& db) {
  static const auto get_interface = [](parley_generation*, const char* id) -> const void* {
    static const std::uint64_t nothing[64]{sizeof nothing};
    return std::strcmp(id, PARLEY_SQL_1) == 0 ? static_cast<const void*>(&plugin_test::database::functions()) : nothing;
  };
  static const parley_host only_sql{
      sizeof(parley_host), PARLEY_ABI_MAJOR, PARLEY_ABI_MINOR, get_interface, nullptr, nullptr, nullptr};
  static parley_generation generation{nullptr};
  static const parley::edge edge(&generation, &only_sql);
  return {&edge, db.connection()};
}

class retention_test : public messenger_test {
 protected:
  /// Twelve from anna to ben, those up to `old` of long ago.
  void talk(int old) {
    for (int i = 1; i <= 12; ++i) send(anna_1, text(2, "text " + std::to_string(i), "m" + std::to_string(i)));
    const auto id = host.db().run("SELECT relate_id FROM conversation WHERE a = 1 AND b = 2");
    place_ = {conversation_kind::single, static_cast<std::uint32_t>(std::stoul(id))};
    table_ = "IMMessage_" + std::to_string(place_.relate_id % 8);
    host.db().run("UPDATE " + table_ + " SET created = 1000 WHERE relateId = " + id +
                  " AND msgId <= " + std::to_string(old));
  }
  std::size_t remove(std::uint32_t before, std::uint32_t most = 200) {
    auto db = sql_of(host.db());
    return store::remove_old(db, {place_, conversation_key::single(1, 2)}, before, most, 5000);
  }
  store::place place_;
  std::string table_;
};

TEST_F(retention_test, removes_the_oldest_with_their_keys_and_no_others) {
  talk(7);
  EXPECT_EQ(remove(2000), 7u);
  EXPECT_EQ(count(table_), "5");
  EXPECT_EQ(count("message_key"), "5");
  EXPECT_EQ(host.db().run("SELECT MIN(msgId) FROM " + table_), "8");
  EXPECT_EQ(host.db().run("SELECT MIN(msg_id) FROM message_key"), "8");
  EXPECT_EQ(remove(2000), 0u);
}

TEST_F(retention_test, a_portion_takes_no_more_than_it_should_and_the_oldest_first) {
  talk(7);
  EXPECT_EQ(remove(2000, 3), 3u);
  EXPECT_EQ(remove(2000, 3), 3u);
  EXPECT_EQ(remove(2000, 3), 1u);
  EXPECT_EQ(count(table_), "5");
}

TEST_F(retention_test, numbers_are_not_given_again) {
  talk(12);
  EXPECT_EQ(remove(2000), 12u);
  EXPECT_TRUE(history(ben, 1).empty());
  EXPECT_EQ(send(anna, text(2, "and on")), 13u);
  EXPECT_EQ(history(ben, 1).size(), 1u);
}

TEST_F(retention_test, what_is_gone_is_not_unread) {
  talk(7);
  EXPECT_EQ(unread(ben).total_cnt(), 12u);
  remove(2000);
  EXPECT_EQ(unread(ben).total_cnt(), 5u);
  remove(4'000'000'000);
  EXPECT_EQ(unread(ben).total_cnt(), 0u);
  EXPECT_EQ(unread(ben).unreadinfo_list_size(), 0);
  EXPECT_TRUE(recent(ben).empty()) << "a session without a message";
  send(anna, text(2, "news"));
  EXPECT_EQ(unread(ben).total_cnt(), 1u);
}

TEST_F(retention_test, what_is_removed_elsewhere_is_not_touched) {
  talk(12);
  send(anna, text(3, "to carl"));
  EXPECT_EQ(remove(2000), 12u);
  EXPECT_EQ(history(carl, 1).size(), 1u);
  EXPECT_EQ(unread(carl).total_cnt(), 1u);
}

TEST_F(retention_test, a_recording_goes_with_its_message) {
  talk(12);
  send(anna, audio(2, "bytes of a voice"));
  EXPECT_EQ(count("audio_blob"), "1");
  remove(2000);
  EXPECT_EQ(count("audio_blob"), "1");
  EXPECT_EQ(remove(4'000'000'000), 1u);
  EXPECT_EQ(count("audio_blob"), "0");
  EXPECT_EQ(count("IMAudio"), "0");
}

TEST_F(retention_test, of_teamtalk_s_history_the_counter_is_made_before_it_goes) {
  auto& db = host.db();
  db.run("INSERT INTO IMRelationShip(id, smallId, bigId, status, created, updated) VALUES (12, 1, 2, 0, 1, 1)");
  for (int i = 1; i <= 3; ++i) {
    db.run(
        "INSERT INTO IMMessage_4(relateId, fromId, toId, msgId, content, type, status, updated, created) VALUES (12, "
        "1, 2, " +
        std::to_string(i) + ", 'old', 1, " + std::to_string(i % 2) + ", 1000, 1000)");
  }
  place_ = {conversation_kind::single, 12};
  EXPECT_EQ(remove(2000), 3u) << "whatever their status";
  EXPECT_EQ(send(anna, text(2, "new")), 4u);
}

TEST_F(retention_test, conversations_are_found_page_by_page_and_only_those_with_something_old) {
  talk(7);
  send(anna, text(3, "to carl"));
  auto db = sql_of(host.db());
  const auto first = store::relations_behind(db, conversation_kind::single, 0, 1);
  ASSERT_EQ(first.size(), 1u);
  const auto rest = store::relations_behind(db, conversation_kind::single, first[0].where.relate_id, 10);
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].key, conversation_key::single(1, 3));
  const auto old = store::with_old(db, {first[0], rest[0]}, 2000);
  ASSERT_EQ(old.size(), 1u);
  EXPECT_EQ(old[0].key, conversation_key::single(1, 2));
  EXPECT_EQ(store::relations_of(db, conversation_key::single(1, 2)).size(), 1u);
}

TEST_F(retention_test, every_statement_has_its_index) {
  if (parley::test::on_mariadb()) GTEST_SKIP() << "plans are SQLite's";
  talk(3);
  const auto plan = host.db().plan("SELECT id, msgId, type, content FROM " + table_ +
                                   " WHERE relateId = 1 AND status = 0 AND created < 5 ORDER BY created LIMIT 3");
  EXPECT_NE(plan.find(table_ + "_relate_created"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
}

}  // namespace
}  // namespace message_test

#include "messenger_test.hpp"

namespace message_test {
namespace {

/// A database that TeamTalk has written: anna and ben have talked, relation 12, shard 4.
class adoption_test : public messenger_test {
 protected:
  adoption_test() {
    auto& db = host.db();
    db.run("INSERT INTO IMRelationShip(id, smallId, bigId, status, created, updated) VALUES (12, 1, 2, 0, 1, 1)");
    for (int i = 1; i <= 3; ++i) {
      const auto n = std::to_string(i);
      db.run(
          "INSERT INTO IMMessage_4(relateId, fromId, toId, msgId, content, type, status, updated, created) VALUES (12, "
          "1, 2, " +
          n + ", 'old" + n + "', 1, 0, 1000" + n + ", 1000" + n + ")");
    }
    db.run(
        "INSERT INTO IMMessage_4(relateId, fromId, toId, msgId, content, type, status, updated, created) "
        "VALUES (12, 1, 2, 4294967295, 'lost', 1, 0, 2000000000, 2000000000)");
    db.run(
        "INSERT INTO IMRecentSession(id, userId, peerId, type, status, created, updated) VALUES "
        "(5, 1, 2, 1, 0, 1, 10003), (6, 2, 1, 1, 1, 1, 10003), (7, 1, 2, 1, 0, 1, 10001)");
  }
};

TEST_F(adoption_test, history_is_read_before_anybody_writes) {
  EXPECT_EQ(history(ben, 1).size(), 3u);
  EXPECT_EQ(recent(anna).size(), 1u);
  EXPECT_EQ(recent(anna)[0].latest_msg_data(), "old3");
  EXPECT_TRUE(recent(ben).empty());
  EXPECT_EQ(unread(ben).total_cnt(), 0u);
  EXPECT_EQ(count("conversation"), "0");
}

TEST_F(adoption_test, a_read_ack_is_passed_on_and_a_removal_works) {
  EXPECT_EQ(read(ben, 1, 3), PARLEY_OK);
  EXPECT_EQ(host.take_pushes().size(), 1u);
  EXPECT_EQ(remove(anna, 2), 0u);
  EXPECT_TRUE(recent(anna).empty());
}

TEST_F(adoption_test, numbers_go_on_behind_the_highest_valid_one) {
  EXPECT_EQ(send(ben, text(1, "new")), 4u);
  EXPECT_EQ(host.db().run("SELECT relate_id FROM conversation"), "12");
  EXPECT_EQ(count("IMRelationShip"), "1");
  EXPECT_EQ(count("IMRecentSession"), "3");
  EXPECT_EQ(recent(ben).size(), 1u);
  EXPECT_EQ(recent(anna).size(), 1u);
  EXPECT_EQ(history(anna, 2).size(), 4u);
}

TEST_F(adoption_test, old_history_counts_as_read) {
  send(anna, text(2, "new"));
  EXPECT_EQ(unread(ben).total_cnt(), 1u);
  EXPECT_EQ(unread(anna).total_cnt(), 0u);
  EXPECT_EQ(read(ben, 1, 1), PARLEY_OK);
}

TEST_F(adoption_test, an_imported_position_tells_what_was_unread) {
  send(ben, text(1, "new"));
  host.db().run("INSERT INTO read_position(user_id, kind, relate_id, msg_id, updated) VALUES (2, 1, 12, 1, 1)");
  EXPECT_EQ(unread(ben).total_cnt(), 2u);
}

TEST_F(adoption_test, the_oldest_live_relation_is_taken) {
  auto& db = host.db();
  db.run("INSERT INTO IMRelationShip(id, smallId, bigId, status) VALUES (20, 1, 3, 1), (22, 1, 3, 0), (21, 1, 3, 0)");
  send(anna, text(3, "hi"));
  EXPECT_EQ(db.run("SELECT relate_id FROM conversation"), "21");
}

TEST_F(adoption_test, an_ended_relation_is_taken_up_again) {
  auto& db = host.db();
  db.run("INSERT INTO IMRelationShip(id, smallId, bigId, status) VALUES (20, 1, 3, 1), (24, 1, 3, 1)");
  EXPECT_TRUE(history(anna, 3).empty());
  send(anna, text(3, "hi"));
  EXPECT_EQ(db.run("SELECT relate_id FROM conversation"), "20");
  EXPECT_EQ(db.run("SELECT status FROM IMRelationShip WHERE id = 20"), "0");
}

}  // namespace
}  // namespace message_test

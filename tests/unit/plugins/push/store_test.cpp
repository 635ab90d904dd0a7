// The statements, on SQLite and on MariaDB.
#include "store.hpp"

#include <gtest/gtest.h>

#include "../sql_only.hpp"
#include "host/pool/dialect.hpp"
#include "plugins/login/schema.hpp"
#include "plugins/message/schema.hpp"
#include "support/mariadb.hpp"

namespace {

class push_store : public testing::Test {
 protected:
  push_store() : sql(edge.on(db)) {
    db.migrate(login::schema::users);
    db.migrate(login::schema::devices);
    db.migrate(message::schema::groups);
    db.migrate(message::schema::teamtalk);
    db.migrate(message::schema::conversations);
    db.migrate(message::schema::single_messages.data());
    db.migrate(message::schema::group_messages.data());
    for (int id = 1; id <= 5; ++id) user(id);
    db.run("UPDATE IMUser SET status = 3 WHERE id = 5");
    db.run("UPDATE IMUser SET nick = '' WHERE id = 2");
    db.run("UPDATE IMUser SET push_shield_status = 1 WHERE id = 3");
  }
  void user(int id) {
    const auto n = std::to_string(id);
    db.run("INSERT INTO IMUser(id, name, nick, departId, created, updated) VALUES (" + n + ",'name" + n + "','nick" +
           n + "',1,1,1)");
    db.run("INSERT INTO device_token(user_id, client_type, token, updated) VALUES (" + n + ",17,'token" + n + "',1)");
  }
  void member(int group, int user, int status = 0) {
    db.run("INSERT INTO IMGroupMember(groupId, userId, status) VALUES (" + std::to_string(group) + "," +
           std::to_string(user) + "," + std::to_string(status) + ")");
  }
  std::vector<std::uint32_t> users_of(std::uint32_t group) {
    std::vector<std::uint32_t> out;
    for (const auto& one : push::store::member_devices(sql, group)) out.push_back(one.user);
    return out;
  }
  /// `count` messages from one of a pair, behind those that are there, as message stores them.
  void talk(int from, int to, int count) {
    const int a = std::min(from, to), b = std::max(from, to), relation = a * 100 + b;
    const auto pair = " WHERE kind = 1 AND a = " + std::to_string(a) + " AND b = " + std::to_string(b);
    if (db.run("SELECT COUNT(*) FROM conversation" + pair) == "0") {
      db.run("INSERT INTO conversation(kind, a, b, relate_id) VALUES (1," + std::to_string(a) + "," +
             std::to_string(b) + "," + std::to_string(relation) + ")");
      for (const auto& [me, peer] : {std::pair(a, b), std::pair(b, a)}) {
        db.run("INSERT INTO IMRecentSession(userId, peerId, type, status) VALUES (" + std::to_string(me) + "," +
               std::to_string(peer) + ",1,0)");
      }
    }
    int last = std::stoi(db.run("SELECT last_msg_id FROM conversation" + pair));
    for (int i = 0; i < count; ++i) {
      ++last;
      db.run("INSERT INTO IMMessage_" + std::to_string(relation % 8) +
             "(relateId, fromId, toId, msgId, content, type, status, updated, created) VALUES (" +
             std::to_string(relation) + "," + std::to_string(from) + "," + std::to_string(to) + "," +
             std::to_string(last) + ",'x',1,0,1,1)");
    }
    db.run("UPDATE conversation SET last_msg_id = " + std::to_string(last) + ", last_" + (from == a ? "a" : "b") +
           " = " + std::to_string(last) + pair);
  }
  void group_talk(int from, int group, int count) {
    const auto g = std::to_string(group);
    const auto of = " WHERE kind = 2 AND a = 0 AND b = " + g;
    if (db.run("SELECT COUNT(*) FROM conversation" + of) == "0") {
      db.run("INSERT INTO conversation(kind, a, b, relate_id) VALUES (2,0," + g + "," + g + ")");
      db.run("INSERT INTO IMGroup(id, status) VALUES (" + g + ",0)");
    }
    int last = std::stoi(db.run("SELECT last_msg_id FROM conversation" + of));
    for (int i = 0; i < count; ++i) {
      ++last;
      db.run("INSERT INTO IMGroupMessage_" + std::to_string(group % 8) +
             "(groupId, userId, msgId, content, type, status, updated, created) VALUES (" + g + "," +
             std::to_string(from) + "," + std::to_string(last) + ",'x',17,0,1,1)");
    }
    db.run("UPDATE conversation SET last_msg_id = " + std::to_string(last) + of);
  }
  void read_up_to(int user, int kind, int relation, int msg_id) {
    db.run("INSERT INTO read_position(user_id, kind, relate_id, msg_id, updated) VALUES (" + std::to_string(user) +
           "," + std::to_string(kind) + "," + std::to_string(relation) + "," + std::to_string(msg_id) + ",1)");
  }
  /// On this connection so far; SQLite does not count them.
  std::int64_t rows_read() {
    std::int64_t rows = 0;
    if (!parley::test::on_mariadb()) return rows;
    sql.each<std::string_view, std::string_view>(
        "SHOW SESSION STATUS LIKE 'Handler_read%'", {},
        [&](std::string_view, std::string_view value) { rows += std::stoll(std::string(value)); });
    return rows;
  }
  std::uint32_t badge(std::uint32_t user) {
    const std::uint32_t one[] = {user};
    return push::store::badges(sql, one).at(user);
  }
  plugin_test::sql_only edge;
  plugin_test::database db;
  parley::sql sql;
};

TEST_F(push_store, finds_devices_of_who_has_not_left) {
  const std::uint32_t wanted[] = {1, 3, 5, 77};
  const auto found = push::store::devices(sql, wanted);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found.at(1).token, "token1");
  EXPECT_EQ(found.at(1).client_type, 17u);
  EXPECT_FALSE(found.at(1).shielded);
  EXPECT_TRUE(found.at(3).shielded);
}

TEST_F(push_store, finds_live_members_who_have_not_muted_the_group) {
  for (int id = 1; id <= 5; ++id) member(44, id);
  member(44, 1);  // as TeamTalk may
  member(45, 1);
  db.run("UPDATE IMGroupMember SET status = 1 WHERE userId = 2");
  db.run("INSERT INTO group_shield(group_id, user_id, updated) VALUES (44,3,1),(45,4,1)");
  EXPECT_EQ(users_of(44), (std::vector<std::uint32_t>{1, 4}));
  EXPECT_EQ(users_of(45), (std::vector<std::uint32_t>{1}));
  EXPECT_TRUE(users_of(46).empty());
}

TEST_F(push_store, finds_names) {
  std::vector<std::uint32_t> wanted;
  for (std::uint32_t id = 1; id <= 70; ++id) wanted.push_back(id);
  const auto found = push::store::names(sql, wanted);
  EXPECT_EQ(found.size(), 5u);
  EXPECT_EQ(found.at(1), "nick1");
  EXPECT_EQ(found.at(2), "name2");
}

TEST_F(push_store, forgets_a_token_unless_there_is_another) {
  const std::pair<std::uint32_t, std::string> gone[] = {{1, "token1"}, {2, "an older one"}, {9, "token3"}};
  push::store::forget_tokens(sql, gone);
  EXPECT_EQ(db.run("SELECT COUNT(*) FROM device_token"), "4");
  EXPECT_EQ(db.run("SELECT COUNT(*) FROM device_token WHERE user_id = 1"), "0");
}

TEST_F(push_store, counts_what_others_wrote_behind_the_position) {
  talk(1, 2, 3);
  talk(2, 1, 1);
  talk(1, 2, 2);
  talk(3, 2, 4);
  EXPECT_EQ(badge(1), 1u);
  EXPECT_EQ(badge(2), 9u);
  EXPECT_EQ(badge(3), 0u);
  EXPECT_EQ(badge(77), 0u);
  read_up_to(2, 1, 102, 2);
  EXPECT_EQ(badge(2), 7u) << "the third of the first pair's, two behind its own, and the other's four";
  db.run("UPDATE conversation SET read_floor = 4 WHERE relate_id = 203");
  EXPECT_EQ(badge(2), 3u);
  db.run("UPDATE IMRecentSession SET status = 1 WHERE userId = 2 AND peerId = 1");
  EXPECT_EQ(badge(2), 0u) << "taken off the list";
}

TEST_F(push_store, counts_groups_since_joining) {
  for (int id = 1; id <= 4; ++id) member(44, id);
  group_talk(1, 44, 5);
  group_talk(2, 44, 1);
  group_talk(1, 44, 2);
  EXPECT_EQ(badge(1), 1u);
  EXPECT_EQ(badge(2), 7u);
  EXPECT_EQ(badge(3), 8u);
  read_up_to(3, 2, 44, 6);
  EXPECT_EQ(badge(3), 2u);
  db.run("INSERT INTO group_join(group_id, user_id, since_msg_id, since_created) VALUES (44,4,7,0)");
  EXPECT_EQ(badge(4), 1u);
  db.run("UPDATE group_join SET since_created = 2 WHERE user_id = 4");
  EXPECT_EQ(badge(4), 0u);
  db.run("UPDATE IMGroupMember SET status = 1 WHERE userId = 3");
  EXPECT_EQ(badge(3), 0u);
  db.run("UPDATE IMGroup SET status = 1");
  EXPECT_EQ(badge(2), 0u);
}

TEST_F(push_store, counts_many_by_their_numbers_and_no_session_beyond_999) {
  talk(1, 2, 100);
  talk(2, 1, 1);
  EXPECT_EQ(badge(2), 100u);
  db.run("UPDATE conversation SET last_msg_id = 5000, last_a = 5000");
  EXPECT_EQ(badge(2), 999u);
  read_up_to(2, 1, 102, 4890);
  EXPECT_EQ(badge(2), 110u);
}

// As message counts, for all of a batch at once.
TEST_F(push_store, counts_for_many_users_in_two_statements) {
  std::vector<std::uint32_t> wanted;
  for (std::uint32_t id = 1; id <= 64; ++id) {
    wanted.push_back(id);
    member(44, static_cast<int>(id));
  }
  group_talk(1, 44, 3);
  talk(2, 3, 2);
  member(44, 9);  // as TeamTalk may
  db.take_log();
  const auto found = push::store::badges(sql, wanted);
  EXPECT_EQ(db.take_log().size(), 2u);
  ASSERT_EQ(found.size(), 64u);
  EXPECT_EQ(found.at(1), 0u);
  EXPECT_EQ(found.at(3), 5u);
  EXPECT_EQ(found.at(9), 3u);
}

// However long a conversation is: what was read of it long ago is not read again.
TEST_F(push_store, counts_without_walking_through_a_conversation) {
  talk(1, 2, 1);
  member(44, 2);
  group_talk(1, 44, 1);
  const std::string many = " WITH RECURSIVE s(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM s WHERE i < 20000) SELECT ";
  db.run("INSERT INTO IMMessage_6(relateId, fromId, toId, msgId, content, type, status, updated, created)" + many +
         "102, 1, 2, i, 'x', 1, 0, 1, 1 FROM s");
  db.run("INSERT INTO IMGroupMessage_4(groupId, userId, msgId, content, type, status, updated, created)" + many +
         "44, 1, i, 'x', 17, 0, 1, 1 FROM s");
  db.run("UPDATE conversation SET last_msg_id = 20000, last_a = 20000");
  read_up_to(2, 1, 102, 19997);
  read_up_to(2, 2, 44, 19998);
  // As it does by itself some seconds later; until then it takes the tables for empty, and any index for as good.
  if (parley::test::on_mariadb()) db.run("ANALYZE TABLE IMMessage_6, IMGroupMessage_4");
  const auto before = rows_read();
  EXPECT_EQ(badge(2), 5u);
  EXPECT_LT(rows_read() - before, 5000);
}

TEST_F(push_store, uses_indexes) {
  if (parley::test::on_mariadb()) GTEST_SKIP() << "a plan of SQLite";
  db.take_log();
  const std::uint32_t wanted[] = {1, 3};
  push::store::devices(sql, wanted);
  push::store::names(sql, wanted);
  push::store::member_devices(sql, 44);
  push::store::badges(sql, wanted);
  for (auto statement : db.take_log()) {
    for (std::size_t at; (at = statement.find('?')) != std::string::npos;) statement.replace(at, 1, "1");
    const auto plan = db.plan(*parley::host::expand_sql(parley::host::sql_kind::sqlite, statement));
    if (statement.find("IMMessage_0") != std::string::npos) {
      EXPECT_NE(plan.find("relateId=? AND status=? AND msgId=?"), std::string::npos) << plan;
    }
    if (statement.find("IMGroupMessage_0") != std::string::npos) {
      EXPECT_NE(plan.find("groupId=? AND msgId=? AND status=?"), std::string::npos) << plan;
    }
    EXPECT_NE(plan.find("SEARCH"), std::string::npos) << plan;
    // The numbers that badges look up are no table.
    for (std::size_t at = 0; (at = plan.find("SCAN", at)) != std::string::npos; ++at) {
      EXPECT_TRUE(plan.compare(at, 6, "SCAN n") == 0 || plan.compare(at, 8, "SCAN CON") == 0) << plan;
    }
  }
}

}  // namespace

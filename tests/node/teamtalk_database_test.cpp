// A database that TeamTalk made, opened as it is.
#include "node/fixture.hpp"
#include "node/stored.hpp"

#include "support/teamtalk.hpp"

namespace parley::test {
namespace {

TEST_F(node_test, a_teamtalk_database_is_opened_as_it_is) {
  mariadb db;
  options_.environment["PARLEY_SQL"] = db.url();
  auto sql = teamtalk_tables();
  for (const std::string name : {"ann", "bob", "bob "}) {
    sql += "INSERT INTO IMUser(name, nick, password, salt, departId, created, updated) VALUES ('" + name + "', '" +
           name + "', '" + teamtalk_password(name + "-secret", "1234") + "', '1234', 1, 1, 1);\n";
  }
  sql += "INSERT INTO IMRelationShip(id, smallId, bigId, status, created, updated) VALUES (9, 1, 2, 0, 1, 1);\n";
  for (const std::string id : {"1", "2", "3", "4294967295"}) {
    sql += "INSERT INTO IMMessage_1(relateId, fromId, toId, msgId, content, updated, created) VALUES (9, 1, 2, " + id +
           ", 'x', 1, 1);\n";
  }
  sql +=
      "INSERT INTO IMGroup(id, name, creator, userCnt, status, version, updated, created) VALUES (7, 'climbers', 1, "
      "9, 0, 1, 5, 5);\n"
      "INSERT INTO IMGroupMember(groupId, userId, status, created, updated) VALUES (7, 1, 0, 5, 5), (7, 2, 0, 5, 5), "
      "(7, 3, 1, 5, 5);\n";
  db.run(sql, "parley");
  const auto keys = [&](const std::string& table) {
    return db.run(
        "SELECT GROUP_CONCAT(DISTINCT index_name ORDER BY index_name) FROM information_schema.statistics WHERE "
        "table_schema = 'parley' AND table_name = '" +
        table + "'");
  };
  const auto messages = keys("IMMessage_1"), sessions = keys("IMRecentSession"), relations = keys("IMRelationShip");

  node();
  EXPECT_EQ(keys("IMMessage_1"), messages);
  EXPECT_EQ(keys("IMRecentSession"), sessions);
  EXPECT_EQ(keys("IMRelationShip"), relations);
  EXPECT_EQ(db.run("SELECT CONCAT(userCnt, ' ', updated) FROM IMGroup", "parley"), "2 5");
  chat_client ann, bob;
  ann.log_in(node().pdu_port(), "ann");
  bob.log_in(node().pdu_port(), "bob");
  EXPECT_EQ(bob.id(), 2u) << "\"bob\" is not \"bob \"";
  const auto got = ann.say(bob.id(), "after the move", "m1");
  ASSERT_TRUE(got.acked());
  EXPECT_EQ(got.msg_id, 4u) << "counting on behind the highest valid id";
  EXPECT_EQ(db.run("SELECT relate_id FROM conversation", "parley"), "9");
  EXPECT_EQ(ann.history(bob.id()).msg_list_size(), 4);
}

}  // namespace
}  // namespace parley::test

// A database that TeamTalk made, opened as it is.
#include "node/fixture.hpp"
#include "node/stored.hpp"

#include "client/digest.hpp"

namespace parley::test {
namespace {

/// Tables and indexes as spec'd for TeamTalk: its own index names, utf8mb4_bin, no keys but the primary ones.
std::string teamtalk_tables() {
  std::string sql = R"(
CREATE TABLE IMUser(id int(11) unsigned NOT NULL AUTO_INCREMENT, sex tinyint(1) unsigned NOT NULL DEFAULT 0,
  name varchar(32) COLLATE utf8mb4_bin NOT NULL DEFAULT '', domain varchar(32) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  nick varchar(32) COLLATE utf8mb4_bin NOT NULL DEFAULT '', password varchar(32) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  salt varchar(4) COLLATE utf8mb4_bin NOT NULL DEFAULT '', phone varchar(11) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  email varchar(64) COLLATE utf8mb4_bin NOT NULL DEFAULT '', avatar varchar(255) COLLATE utf8mb4_bin DEFAULT '',
  departId int(11) unsigned NOT NULL, status tinyint(2) unsigned DEFAULT 0, created int(11) unsigned NOT NULL,
  updated int(11) unsigned NOT NULL, push_shield_status tinyint(1) unsigned NOT NULL DEFAULT 0,
  sign_info varchar(128) COLLATE utf8mb4_bin NOT NULL DEFAULT '', PRIMARY KEY (id), KEY idx_domain (domain),
  KEY idx_name (name), KEY idx_phone (phone)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE IMRelationShip(id int(11) unsigned NOT NULL AUTO_INCREMENT, smallId int(11) unsigned NOT NULL,
  bigId int(11) unsigned NOT NULL, status tinyint(1) unsigned DEFAULT 0, created int(11) unsigned NOT NULL DEFAULT 0,
  updated int(11) unsigned NOT NULL DEFAULT 0, PRIMARY KEY (id),
  KEY idx_smallId_bigId_status_updated (smallId, bigId, status, updated)) ENGINE=InnoDB DEFAULT CHARSET=utf8;
CREATE TABLE IMRecentSession(id int(11) unsigned NOT NULL AUTO_INCREMENT, userId int(11) unsigned NOT NULL,
  peerId int(11) unsigned NOT NULL, type tinyint(1) unsigned DEFAULT 0, status tinyint(1) unsigned DEFAULT 0,
  created int(11) unsigned NOT NULL DEFAULT 0, updated int(11) unsigned NOT NULL DEFAULT 0, PRIMARY KEY (id),
  KEY idx_userId_peerId_status_updated (userId, peerId, status, updated),
  KEY idx_userId_peerId_type (userId, peerId, type)) ENGINE=InnoDB DEFAULT CHARSET=utf8;
)";
  for (char shard = '0'; shard < '8'; ++shard) {
    sql += std::string("CREATE TABLE IMMessage_") + shard + R"((id int(11) unsigned NOT NULL AUTO_INCREMENT,
  relateId int(11) unsigned NOT NULL, fromId int(11) unsigned NOT NULL, toId int(11) unsigned NOT NULL,
  msgId int(11) unsigned NOT NULL, content varchar(4096) COLLATE utf8mb4_bin DEFAULT '',
  type tinyint(2) unsigned NOT NULL DEFAULT 1, status tinyint(1) unsigned NOT NULL DEFAULT 0,
  updated int(11) unsigned NOT NULL, created int(11) unsigned NOT NULL, PRIMARY KEY (id),
  KEY idx_relateId_status_created (relateId, status, created),
  KEY idx_relateId_status_msgId_created (relateId, status, msgId, created),
  KEY idx_fromId_toId_status (fromId, toId, status)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
)";
  }
  return sql;
}

/// TeamTalk's IMUser.password of a plain one.
std::string stored_password(const std::string& plain, const std::string& salt) {
  return client::md5_hex(client::md5_hex(plain) + salt);
}

TEST_F(node_test, a_teamtalk_database_is_opened_as_it_is) {
  mariadb db;
  options_.environment["PARLEY_SQL"] = db.url();
  auto sql = teamtalk_tables();
  for (const std::string name : {"ann", "bob", "bob "}) {
    sql += "INSERT INTO IMUser(name, nick, password, salt, departId, created, updated) VALUES ('" + name + "', '" +
           name + "', '" + stored_password(name + "-secret", "1234") + "', '1234', 1, 1, 1);\n";
  }
  sql += "INSERT INTO IMRelationShip(id, smallId, bigId, status, created, updated) VALUES (9, 1, 2, 0, 1, 1);\n";
  for (const std::string id : {"1", "2", "3", "4294967295"}) {
    sql += "INSERT INTO IMMessage_1(relateId, fromId, toId, msgId, content, updated, created) VALUES (9, 1, 2, " + id +
           ", 'x', 1, 1);\n";
  }
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

// The statements, on SQLite and on MariaDB.
#include "store.hpp"

#include <gtest/gtest.h>

#include "../sql_only.hpp"
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

TEST_F(push_store, uses_indexes) {
  if (parley::test::on_mariadb()) GTEST_SKIP() << "a plan of SQLite";
  db.take_log();
  const std::uint32_t wanted[] = {1, 3};
  push::store::devices(sql, wanted);
  push::store::names(sql, wanted);
  push::store::member_devices(sql, 44);
  for (auto statement : db.take_log()) {
    for (std::size_t at; (at = statement.find('?')) != std::string::npos;) statement.replace(at, 1, "1");
    const auto plan = db.plan(statement);
    EXPECT_NE(plan.find("SEARCH"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("SCAN"), std::string::npos) << plan;
  }
}

}  // namespace

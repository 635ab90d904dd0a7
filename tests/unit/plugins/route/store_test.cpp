// The statements, on SQLite and on MariaDB.
#include "store.hpp"

#include <gtest/gtest.h>

#include "../sql_only.hpp"
#include "plugins/login/schema.hpp"
#include "plugins/message/schema.hpp"
#include "support/mariadb.hpp"

namespace {

using list = std::vector<std::uint32_t>;

class route_store : public testing::Test {
 protected:
  route_store() {
    db.migrate(login::schema::users);
    db.migrate(login::schema::relations);
    db.migrate(message::schema::teamtalk);
  }
  void befriend(std::uint32_t user, std::uint32_t peer, int status = 0) {
    db.run("INSERT INTO friend(user_id, peer_id, status, revision, created, updated) VALUES (" + std::to_string(user) +
           "," + std::to_string(peer) + "," + std::to_string(status) + ",1,1,1)");
  }
  void talked(std::uint32_t user, std::uint32_t peer, std::uint32_t when, int type = 1, int status = 0) {
    db.run("INSERT INTO IMRecentSession(userId, peerId, type, status, created, updated) VALUES (" +
           std::to_string(user) + "," + std::to_string(peer) + "," + std::to_string(type) + "," +
           std::to_string(status) + ",1," + std::to_string(when) + ")");
  }
  route::store::relations known(const list& users, bool with_peers = true) {
    auto sql = edge.on(db);
    return route::store::relations_of(sql, users, with_peers);
  }
  plugin_test::sql_only edge;
  plugin_test::database db;
};

TEST_F(route_store, finds_friends_and_who_was_talked_with_once_each) {
  befriend(1, 2);
  befriend(1, 3, 1);
  befriend(2, 1);
  talked(1, 2, 5);
  talked(1, 4, 6);
  talked(1, 5, 7, 2);
  talked(1, 6, 8, 1, 1);
  EXPECT_EQ(known({1}).peers[1], (list{2, 4}));
  const auto both = known({1, 2, 3});
  EXPECT_EQ(both.peers.at(1), (list{2, 4}));
  EXPECT_EQ(both.peers.at(2), (list{1}));
  EXPECT_FALSE(both.peers.contains(3));
}

TEST_F(route_store, takes_the_newest_sessions_of_each) {
  for (std::uint32_t peer = 1000; peer < 1150; ++peer) {
    talked(1, peer, peer);
    talked(2, peer, 5000 - peer);
  }
  auto found = known({1, 2});
  ASSERT_EQ(found.peers[1].size(), 100u);
  EXPECT_EQ(found.peers[1].front(), 1050u);
  ASSERT_EQ(found.peers[2].size(), 100u);
  EXPECT_EQ(found.peers[2].back(), 1099u);
}

TEST_F(route_store, knows_whom_a_user_has_blocked) {
  db.run("INSERT INTO block(user_id, peer_id, created) VALUES (1,2,1),(1,3,1),(2,1,1)");
  befriend(1, 2);
  const auto found = known({1, 2}, false);
  EXPECT_EQ(found.blocked.at(1), (std::unordered_set<std::uint32_t>{2, 3}));
  EXPECT_EQ(found.blocked.at(2), (std::unordered_set<std::uint32_t>{1}));
  EXPECT_TRUE(found.peers.empty());
}

TEST_F(route_store, asks_for_many_with_few_statements) {
  list users;
  for (std::uint32_t user = 1; user <= 70; ++user) {
    users.push_back(user);
    befriend(user, user + 1000);
  }
  db.take_log();
  const auto found = known(users);
  EXPECT_EQ(found.peers.size(), 70u);
  for (const auto user : users) EXPECT_EQ(found.peers.at(user), list{user + 1000});
  EXPECT_EQ(db.take_log().size(), 6u);
  known({1});
  const auto one = db.take_log();
  known({2});
  EXPECT_EQ(one, db.take_log());
}

TEST_F(route_store, uses_indexes) {
  if (parley::test::on_mariadb()) GTEST_SKIP() << "a plan of SQLite";
  db.take_log();
  known({1, 2});
  for (auto statement : db.take_log()) {
    for (std::size_t at; (at = statement.find('?')) != std::string::npos;) statement.replace(at, 1, "1");
    const auto plan = db.plan(statement);
    EXPECT_NE(plan.find("SEARCH"), std::string::npos) << plan;
    for (const char* table : {"SCAN friend", "SCAN block", "SCAN IMRecentSession"}) {
      EXPECT_EQ(plan.find(table), std::string::npos) << plan;
    }
  }
}

TEST_F(route_store, finds_users_by_name_or_id) {
  db.run("INSERT INTO IMUser(id, name, departId, created, updated) VALUES (7,'ada',1,1,1)");
  db.run("INSERT INTO IMUser(id, name, departId, status, created, updated) VALUES (8,'ben',1,3,1,1)");
  auto sql = edge.on(db);
  EXPECT_EQ(route::store::find_user(sql, "ada")->id, 7u);
  EXPECT_EQ(route::store::find_user(sql, "8")->name, "ben");
  EXPECT_FALSE(route::store::find_user(sql, "ben"));
  EXPECT_FALSE(route::store::find_user(sql, "9"));
  EXPECT_FALSE(route::store::find_user(sql, ""));
  db.run("INSERT INTO IMUser(id, name, departId, created, updated) VALUES (9,'7',1,1,1)");
  EXPECT_EQ(route::store::find_user(sql, "7")->id, 9u) << "a name of digits";
  EXPECT_EQ(route::store::find_user(sql, "9")->name, "7");
}

}  // namespace

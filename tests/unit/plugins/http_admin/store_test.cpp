// The statements, on SQLite and on MariaDB.
#include "store.hpp"

#include <gtest/gtest.h>

#include "../sql_only.hpp"
#include "plugins/http_admin/schema.hpp"
#include "plugins/login/schema.hpp"

namespace http_admin::store {
namespace {

class http_admin_store : public testing::Test {
 protected:
  http_admin_store() : sql(edge.on(db)) {
    db.migrate(login::schema::users);
    db.migrate(schema::app_keys);
    db.migrate(schema::discovery);
    db.run(
        "INSERT INTO IMUser(id, name, departId, status, created, updated) VALUES (1,'ann',1,0,1,1), (2,'bea',1,3,1,1)");
  }
  static std::string digest(char of) { return std::string(64, of); }

  plugin_test::sql_only edge;
  plugin_test::database db;
  parley::sql sql;
};

TEST_F(http_admin_store, a_key_is_found_by_its_digest_alone) {
  EXPECT_TRUE(add_key(sql, digest('a'), {"site", 1, "CreateGroup", "10.0.0.0/8", 5}));
  const auto found = find_key(sql, digest('a'));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "site");
  EXPECT_EQ(found->user, 1u);
  EXPECT_EQ(found->calls, "CreateGroup");
  EXPECT_EQ(found->addresses, "10.0.0.0/8");
  EXPECT_EQ(found->created, 5u);
  EXPECT_FALSE(find_key(sql, digest('A'))) << "bytes, not letters";
  EXPECT_FALSE(find_key(sql, "site"));
}

TEST_F(http_admin_store, names_of_keys_are_unique) {
  EXPECT_TRUE(add_key(sql, digest('a'), {"site", 0, "", "", 5}));
  EXPECT_FALSE(add_key(sql, digest('b'), {"site", 0, "", "", 5}));
  EXPECT_FALSE(find_key(sql, digest('b')));
}

TEST_F(http_admin_store, a_removed_key_is_found_no_more) {
  add_key(sql, digest('a'), {"site", 0, "", "", 5});
  add_key(sql, digest('b'), {"app", 0, "", "", 5});
  const auto all = list_keys(sql, 10);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].name, "app");
  EXPECT_TRUE(remove_key(sql, "site"));
  EXPECT_FALSE(remove_key(sql, "site"));
  EXPECT_FALSE(find_key(sql, digest('a')));
  EXPECT_TRUE(find_key(sql, digest('b')));
}

TEST_F(http_admin_store, a_user_is_an_active_one) {
  EXPECT_EQ(find_user(sql, "ann"), 1u);
  EXPECT_FALSE(find_user(sql, "bea"));
  EXPECT_FALSE(find_user(sql, "nobody"));
}

TEST_F(http_admin_store, links_come_by_priority_and_go) {
  const auto second = add_link(sql, {0, "wiki", "https://wiki.example", 2}, 5);
  const auto first = add_link(sql, {0, "新闻", "https://news.example", 1}, 6);
  auto all = list_links(sql, 10);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].id, first);
  EXPECT_EQ(all[0].name, "新闻");
  EXPECT_EQ(all[1].url, "https://wiki.example");
  EXPECT_EQ(list_links(sql, 1).size(), 1u);
  EXPECT_TRUE(remove_link(sql, first, 9));
  EXPECT_FALSE(remove_link(sql, first, 9));
  all = list_links(sql, 10);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].id, second);
  EXPECT_EQ(db.run("SELECT status FROM IMDiscovery WHERE id = " + std::to_string(first)), "1");
}

}  // namespace
}  // namespace http_admin::store

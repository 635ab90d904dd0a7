// The audit log, on SQLite and on MariaDB.
#include "store_audit.hpp"

#include <gtest/gtest.h>

#include "../sql_only.hpp"
#include "plugins/http_admin/schema.hpp"

namespace http_admin::store {
namespace {

class http_admin_store_audit : public testing::Test {
 protected:
  http_admin_store_audit() : sql(edge.on(db)) { db.migrate(schema::audit); }
  number add(const std::string& admin, const std::string& action, number at = 5) {
    return add_audit(sql, {0, at, admin, "operator", "10.0.0.1", action, "7", "begun", "nick=\xE4\xBD\xA0"});
  }

  plugin_test::sql_only edge;
  plugin_test::database db;
  parley::sql sql;
};

TEST_F(http_admin_store_audit, begins_and_ends) {
  const auto id = add("ann", "users.edit");
  EXPECT_EQ(list_audit(sql, "", "", 0, 10).rows.at(0).result, "begun");
  end_audit(sql, id, "ok", "");
  const auto row = list_audit(sql, "", "", 0, 10).rows.at(0);
  EXPECT_EQ(row.id, id);
  EXPECT_EQ(row.at, 5u);
  EXPECT_EQ(row.admin, "ann");
  EXPECT_EQ(row.role, "operator");
  EXPECT_EQ(row.address, "10.0.0.1");
  EXPECT_EQ(row.action, "users.edit");
  EXPECT_EQ(row.target, "7");
  EXPECT_EQ(row.result, "ok");
  EXPECT_EQ(row.detail, "nick=\xE4\xBD\xA0");
  end_audit(sql, id, "conflict", "12 bea");
  EXPECT_EQ(list_audit(sql, "", "", 0, 10).rows.at(0).target, "12 bea");
}

TEST_F(http_admin_store_audit, is_listed_newest_first_by_admin_and_action) {
  for (int i = 0; i < 3; ++i) {
    add("ann", "users.edit");
    add("ann", "login");
    add("bea", "login");
  }
  const auto all = list_audit(sql, "", "", 0, 4);
  EXPECT_EQ(all.total, 9u);
  ASSERT_EQ(all.rows.size(), 4u);
  EXPECT_GT(all.rows[0].id, all.rows[1].id);
  EXPECT_EQ(list_audit(sql, "", "", 8, 4).rows.size(), 1u);
  EXPECT_EQ(list_audit(sql, "ann", "", 0, 100).total, 6u);
  EXPECT_EQ(list_audit(sql, "", "login", 0, 100).rows.size(), 6u);
  const auto both = list_audit(sql, "ann", "login", 0, 2);
  EXPECT_EQ(both.total, 3u);
  EXPECT_EQ(both.rows.size(), 2u);
  EXPECT_EQ(both.rows[0].admin + both.rows[0].action, "annlogin");
  EXPECT_EQ(list_audit(sql, "nobody", "", 0, 2).total, 0u);
}

TEST_F(http_admin_store_audit, old_rows_go_a_few_at_a_time) {
  for (number at = 1; at <= 10; ++at) add("ann", "login", at);
  EXPECT_EQ(expire_audit(sql, 8, 4), 4u);
  EXPECT_EQ(expire_audit(sql, 8, 4), 3u);
  EXPECT_EQ(expire_audit(sql, 8, 4), 0u);
  EXPECT_EQ(list_audit(sql, "", "", 0, 100).rows.back().at, 8u);
}

}  // namespace
}  // namespace http_admin::store

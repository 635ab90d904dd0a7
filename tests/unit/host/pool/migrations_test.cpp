#include "host/pool/migrations.hpp"

#include "tests/unit/host/pool/support.hpp"

namespace parley::host {
namespace {

class migrations : public connection_test {
 protected:
  const migration first_{1, "users", "\nCREATE TABLE u(id {id}, name {text:8});\nCREATE INDEX u_name ON u(name);\n"};
  const migration second_{2, "age", "ALTER TABLE u ADD COLUMN age {u8};\n-- nothing more\n"};
};

TEST_F(migrations, each_number_runs_once) {
  auto done = migrate(db(), "login", {first_});
  ASSERT_TRUE(done) << done.text();
  EXPECT_EQ(*done, 1);
  done = migrate(db(), "login", {second_, first_});
  ASSERT_TRUE(done) << done.text();
  EXPECT_EQ(*done, 1);
  EXPECT_EQ(*migrate(db(), "login", {first_, second_}), 0);
  EXPECT_EQ(select(db(), "SELECT plugin, number, name FROM schema_migration ORDER BY number", {}, "sis"),
            (rows{{"login", "1", "users"}, {"login", "2", "age"}}));
  EXPECT_FALSE(db().in_transaction());
}

TEST_F(migrations, plugins_have_numbers_of_their_own) {
  ASSERT_TRUE(migrate(db(), "a", {{1, "x", "CREATE TABLE a(x)"}}));
  ASSERT_TRUE(migrate(db(), "b", {{1, "x", "CREATE TABLE b(x)"}}));
  EXPECT_EQ(one(db(), "SELECT count(*) FROM schema_migration", {}, "i"), "2");
}

TEST_F(migrations, one_that_fails_leaves_nothing_of_itself_and_keeps_those_before) {
  const migration broken{2, "broken", "CREATE TABLE half(x);\nALTER TABLE u ADD COLUMN name {text:8};\n"};
  const auto done = migrate(db(), "login", {first_, broken, {3, "never", "CREATE TABLE never(x)"}});
  ASSERT_FALSE(done);
  for (const char* word : {"login", "migration 2", "broken", "ADD COLUMN name", "duplicate column"}) {
    EXPECT_NE(done.text().find(word), std::string::npos) << word << " in " << done.text();
  }
  EXPECT_FALSE(db().in_transaction());
  EXPECT_EQ(one(db(),
                "SELECT group_concat(name) FROM (SELECT name FROM sqlite_master WHERE type = 'table' AND name IN "
                "('u', 'half', 'never'))"),
            "u");
  EXPECT_EQ(*migrate(db(), "login", {first_, second_}), 1);
}

TEST_F(migrations, a_downgrade_leaves_newer_numbers_alone) {
  ASSERT_TRUE(migrate(db(), "login", {first_, second_}));
  std::uint64_t newest = 0;
  const auto done = migrate(db(), "login", {first_}, &newest);
  ASSERT_TRUE(done);
  EXPECT_EQ(*done, 0);
  EXPECT_EQ(newest, 2u);
}

TEST_F(migrations, another_process_holds_the_lock) {
  ASSERT_TRUE(migrate(db(), "login", {first_}));
  auto other = open(connection_role::writer);
  ASSERT_EQ(other->begin(), PARLEY_OK);
  const auto done = migrate(db(), "login", {first_, second_});
  EXPECT_EQ(done.code(), status::unavailable);
  EXPECT_NE(done.text().find("locked"), std::string::npos) << done.text();
}

/// On MariaDB statements commit one by one.
class stepwise_migrations : public any_connection_test {
 protected:
  std::string tables() {
    return one(db(), "SELECT group_concat(table_name ORDER BY table_name) FROM information_schema.tables WHERE "
                     "table_schema = database() AND table_name LIKE 'm!_%' ESCAPE '!'");
  }
  const migration first_{1, "users", "CREATE TABLE m_u(id {id}, name {text:8}) {table};\nINSERT INTO m_u(name) VALUES ('a');\n"};
};

TEST_P(stepwise_migrations, each_number_runs_once) {
  ASSERT_TRUE(migrate(db(), "login", {first_}));
  EXPECT_EQ(*migrate(db(), "login", {first_}), 0);
  EXPECT_EQ(one(db(), "SELECT count(*) FROM m_u", {}, "i"), "1");
}

TEST_P(stepwise_migrations, one_that_failed_half_way_goes_on_where_it_stopped) {
  const migration broken{1, "two", "CREATE TABLE m_a(x {u8}) {table};\nINSERT INTO m_a VALUES (1);\nCREATE TABLE m_b(x nonsense) {table};\n"};
  const auto failed = migrate(db(), "login", {broken});
  ASSERT_FALSE(failed);
  for (const char* word : {"login", "migration 1", "m_b", "2 of 3 statements", "start again"}) {
    EXPECT_NE(failed.text().find(word), std::string::npos) << word << " in " << failed.text();
  }
  EXPECT_EQ(tables(), "m_a");
  const migration mended{1, "two", "CREATE TABLE m_a(x {u8}) {table};\nINSERT INTO m_a VALUES (1);\nCREATE TABLE m_b(x {u8}) {table};\n"};
  const auto done = migrate(db(), "login", {mended});
  ASSERT_TRUE(done) << done.text();
  EXPECT_EQ(*done, 1);
  EXPECT_EQ(tables(), "m_a,m_b");
  EXPECT_EQ(one(db(), "SELECT count(*) FROM m_a", {}, "i"), "1") << "a statement ran twice";
}

TEST_P(stepwise_migrations, without_the_privilege_it_says_what_to_grant) {
  auto& server = test::shared_mariadb();
  const auto database = one(db(), "SELECT database()");
  server.run("CREATE USER IF NOT EXISTS poor@'%' IDENTIFIED BY 'p';\nGRANT SELECT, INSERT, UPDATE, DELETE ON " + database +
             ".* TO poor@'%'");
  ASSERT_TRUE(migrate(db(), "login", {first_}));
  sql_pool_config config;
  config.url = "mysql://poor:p@127.0.0.1:" + std::to_string(server.port()) + "/" + database;
  auto backend = std::move(*make_sql_backend(config));
  auto poor = backend->connect(connection_role::writer);
  ASSERT_TRUE(poor) << poor.text();
  const auto failed = migrate(**poor, "buddy", {{1, "more", "CREATE TABLE m_more(x {u8}) {table}"}});
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.text().find("GRANT"), std::string::npos) << failed.text();
}

INSTANTIATE_TEST_SUITE_P(mariadb, stepwise_migrations, testing::Values(sql_kind::mysql));

}  // namespace
}  // namespace parley::host

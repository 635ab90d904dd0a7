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
  const auto done = migrate(db(), "login", {first_});
  ASSERT_TRUE(done);
  EXPECT_EQ(*done, 0);
}

TEST_F(migrations, another_process_holds_the_lock) {
  ASSERT_TRUE(migrate(db(), "login", {first_}));
  auto other = open(connection_role::writer);
  ASSERT_EQ(other->begin(), PARLEY_OK);
  const auto done = migrate(db(), "login", {first_, second_});
  EXPECT_EQ(done.code(), status::unavailable);
  EXPECT_NE(done.text().find("locked"), std::string::npos) << done.text();
}

}  // namespace
}  // namespace parley::host

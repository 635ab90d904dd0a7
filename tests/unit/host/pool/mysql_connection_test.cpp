// What is MySQL's own: locks, lost connections, commits whose outcome has to be looked up.
#include <thread>

#include "host/pool/mysql_backend.hpp"
#include "support/commit_proxy.hpp"
#include "tests/unit/host/pool/support.hpp"

namespace parley::host {
namespace {

class mysql_connections : public testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    const auto database = test::fresh_mariadb_database();
    config_.name = "test";
    config_.lock_timeout = milliseconds(1000);
    config_.deadline = milliseconds(3000);
    direct_ = test::shared_mariadb().url(database);
    config_.url = test::mariadb::url_at(proxy_.port(), database);
    backend_ = std::move(*make_sql_backend(config_));
    const auto prepared = backend_->prepare();
    ASSERT_TRUE(prepared) << prepared.text();
    writer_ = open();
    other_ = open();
    execute(db(), "CREATE TABLE t(id {id}, name {text:8} NOT NULL, n {u64}, UNIQUE(name)) {table}");
  }
  std::unique_ptr<sql_connection> open(connection_role role = connection_role::writer) {
    auto made = backend_->connect(role);
    EXPECT_TRUE(made) << made.text();
    return made ? std::move(*made) : nullptr;
  }
  sql_connection& db() { return *writer_; }
  parley_status insert(sql_connection& on, const char* name) {
    const parley_sql_value values[] = {text(name)};
    return on.execute("INSERT INTO t(name, n) VALUES (?, 1)", values);
  }
  std::string count() { return one(*other_, "SELECT count(*) FROM t", {}, "i"); }
  void end_session_of(sql_connection& which) {
    test::shared_mariadb().run("KILL " + one(which, "SELECT connection_id()"));
  }

  test::commit_proxy proxy_{test::shared_mariadb().port()};
  sql_pool_config config_;
  std::string direct_;
  std::unique_ptr<sql_backend> backend_;
  std::unique_ptr<sql_connection> writer_, other_;
};

using cut = test::commit_proxy::cut;

TEST_P(mysql_connections, a_commit_whose_answer_is_lost_is_found_to_have_taken_place) {
  ASSERT_EQ(db().begin(), PARLEY_OK);
  ASSERT_EQ(insert(db(), "a"), PARLEY_OK);
  proxy_.cut_next(cut::after, 1);
  EXPECT_EQ(db().commit(), PARLEY_OK) << db().error();
  EXPECT_EQ(proxy_.cuts(), 1);
  EXPECT_TRUE(db().usable());
  EXPECT_EQ(count(), "1");
}

TEST_P(mysql_connections, a_commit_that_never_arrived_is_to_be_tried_again) {
  ASSERT_EQ(db().begin(), PARLEY_OK);
  ASSERT_EQ(insert(db(), "a"), PARLEY_OK);
  proxy_.cut_next(cut::before, 1);
  EXPECT_EQ(db().commit(), PARLEY_RETRY);
  EXPECT_EQ(db().rollback(), PARLEY_OK);
  EXPECT_EQ(count(), "0");
  ASSERT_EQ(db().begin(), PARLEY_OK);
  ASSERT_EQ(insert(db(), "a"), PARLEY_OK);
  EXPECT_EQ(db().commit(), PARLEY_OK);
  EXPECT_EQ(count(), "1");
}

TEST_P(mysql_connections, the_commit_of_the_lookup_may_be_cut_as_well) {
  for (const auto where : {cut::after, cut::before}) {
    ASSERT_EQ(db().begin(), PARLEY_OK);
    ASSERT_EQ(insert(db(), where == cut::after ? "a" : "b"), PARLEY_OK);
    proxy_.cut_next(where, 3);
    EXPECT_EQ(db().commit(), where == cut::after ? PARLEY_OK : PARLEY_RETRY) << db().error();
    proxy_.cut_commits(cut::never);
    db().rollback();
  }
  EXPECT_EQ(count(), "1");
}

TEST_P(mysql_connections, an_outcome_that_cannot_be_looked_up_is_never_ok) {
  ASSERT_EQ(db().begin(), PARLEY_OK);
  ASSERT_EQ(insert(db(), "a"), PARLEY_OK);
  proxy_.cut_commits(cut::after);
  EXPECT_EQ(db().commit(), PARLEY_UNAVAILABLE);
  EXPECT_NE(std::string(db().error()).find("not known"), std::string::npos) << db().error();
  EXPECT_TRUE(db().dead());
}

TEST_P(mysql_connections, a_statement_alone_is_looked_up_too) {
  proxy_.cut_next(cut::after, 1);
  EXPECT_EQ(insert(db(), "a"), PARLEY_OK) << db().error();
  proxy_.cut_next(cut::before, 1);
  EXPECT_EQ(insert(db(), "b"), PARLEY_OK) << db().error();
  EXPECT_EQ(count(), "2");
}

TEST_P(mysql_connections, a_session_that_died_in_the_pool_is_replaced_unnoticed) {
  ASSERT_EQ(insert(db(), "a"), PARLEY_OK);
  end_session_of(db());
  EXPECT_EQ(one(db(), "SELECT count(*) FROM t", {}, "i"), "1");
  end_session_of(db());
  EXPECT_EQ(insert(db(), "b"), PARLEY_OK) << db().error();
  EXPECT_EQ(count(), "2");
}

TEST_P(mysql_connections, a_session_that_dies_in_a_transaction_takes_it_along) {
  ASSERT_EQ(db().begin(), PARLEY_OK);
  ASSERT_EQ(insert(db(), "a"), PARLEY_OK);
  end_session_of(db());
  EXPECT_EQ(insert(db(), "b"), PARLEY_RETRY);
  EXPECT_EQ(insert(db(), "c"), PARLEY_RETRY) << "it must not be committed alone";
  EXPECT_EQ(db().commit(), PARLEY_RETRY);
  EXPECT_EQ(db().rollback(), PARLEY_OK);
  EXPECT_EQ(count(), "0");
  EXPECT_EQ(insert(db(), "d"), PARLEY_OK);
}

TEST_P(mysql_connections, of_two_that_wait_for_each_other_one_is_to_try_again) {
  insert(db(), "a");
  insert(db(), "b");
  ASSERT_EQ(db().begin(), PARLEY_OK);
  ASSERT_EQ(other_->begin(), PARLEY_OK);
  execute(db(), "UPDATE t SET n = 2 WHERE name = 'a'");
  execute(*other_, "UPDATE t SET n = 3 WHERE name = 'b'");
  parley_status first = PARLEY_OK;
  std::thread waits([&] { first = db().execute("UPDATE t SET n = 2 WHERE name = 'b'", {}); });
  const auto second = other_->execute("UPDATE t SET n = 3 WHERE name = 'a'", {});
  waits.join();
  EXPECT_TRUE((first == PARLEY_RETRY) != (second == PARLEY_RETRY)) << first << " " << second;
  auto& loser = first == PARLEY_RETRY ? db() : *other_;
  EXPECT_EQ(insert(loser, "alone"), PARLEY_RETRY) << "the server has rolled back";
  EXPECT_EQ(db().rollback(), PARLEY_OK);
  EXPECT_EQ(other_->rollback(), PARLEY_OK);
  EXPECT_EQ(count(), "2");
}

TEST_P(mysql_connections, a_row_that_stays_locked_is_unavailable_in_the_end) {
  insert(db(), "a");
  ASSERT_EQ(other_->begin(), PARLEY_OK);
  execute(*other_, "UPDATE t SET n = 2 WHERE name = 'a'");
  ASSERT_EQ(db().begin(), PARLEY_OK);
  EXPECT_EQ(db().execute("UPDATE t SET n = 3 WHERE name = 'a'", {}), PARLEY_RETRY);
  EXPECT_EQ(db().rollback(), PARLEY_OK);
  ASSERT_EQ(db().begin(), PARLEY_OK);
  EXPECT_EQ(db().execute("UPDATE t SET n = 3 WHERE name = 'a'", {}), PARLEY_UNAVAILABLE);
  EXPECT_TRUE(db().usable());
  EXPECT_EQ(db().rollback(), PARLEY_OK);
}

TEST_P(mysql_connections, errors_name_columns_and_keys_but_no_values) {
  insert(db(), "se'cret");
  EXPECT_EQ(insert(db(), "se'cret"), PARLEY_CONFLICT);
  EXPECT_EQ(std::string(db().error()).find("cret"), std::string::npos) << db().error();
  EXPECT_NE(std::string(db().error()).find("for key 'name'"), std::string::npos) << db().error();
  EXPECT_EQ(insert(db(), "cret\xff"), PARLEY_DATA_ERROR);
  EXPECT_EQ(std::string(db().error()).find("cret"), std::string::npos) << db().error();
  EXPECT_NE(std::string(db().error()).find("name"), std::string::npos) << db().error();
  const parley_sql_value values[] = {text("secret")};
  EXPECT_EQ(db().execute("INSERT INTO t(name n) VALUES (?)", values), PARLEY_FAULT);
  EXPECT_EQ(std::string(db().error()).find("secret"), std::string::npos) << db().error();
  EXPECT_NE(std::string(db().error()).find("name n"), std::string::npos) << db().error();
}

TEST_P(mysql_connections, rows_are_as_many_statements_as_the_server_s_packets_take) {
  execute(db(), "CREATE TABLE large(id {id}, data {blob}) {table}");
  const std::string half(700'000, 'h');
  std::vector<parley_sql_value> values(5, text(half));
  ASSERT_EQ(db().begin(), PARLEY_OK);
  ASSERT_EQ(db().insert_rows("INSERT INTO large(data) VALUES", "", 1, values, 5), PARLEY_OK) << db().error();
  ASSERT_EQ(db().commit(), PARLEY_OK);
  EXPECT_EQ(one(*other_, "SELECT count(*) FROM large WHERE length(data) = 700000", {}, "i"), "5");
  const std::string huge(17 << 20, 'x');
  const parley_sql_value one_huge[] = {text(huge)};
  EXPECT_EQ(db().execute("INSERT INTO large(data) VALUES (?)", one_huge), PARLEY_TOO_LARGE);
  EXPECT_NE(std::string(db().error()).find("max_allowed_packet"), std::string::npos) << db().error();
  EXPECT_TRUE(db().usable());
}

TEST_P(mysql_connections, indexes_that_are_there_under_another_name_are_not_made_twice) {
  execute(db(), "CREATE TABLE old(id {id}, a {u32}, b {u32}, KEY idx_ab (a, b)) {table}");
  ASSERT_EQ(db().change_schema("CREATE INDEX IF NOT EXISTS old_pair ON old(a, b)"), PARLEY_OK) << db().error();
  ASSERT_EQ(db().change_schema("CREATE INDEX IF NOT EXISTS old_b ON old(b)"), PARLEY_OK) << db().error();
  EXPECT_EQ(one(db(), "SELECT group_concat(DISTINCT index_name ORDER BY index_name) FROM information_schema.statistics "
                      "WHERE table_schema = database() AND table_name = 'old'"),
            "idx_ab,old_b,PRIMARY");
}

TEST_P(mysql_connections, the_schema_is_changed_by_one_at_a_time) {
  ASSERT_EQ(db().lock_schema(), PARLEY_OK) << db().error();
  EXPECT_EQ(other_->lock_schema(), PARLEY_UNAVAILABLE);
  EXPECT_NE(std::string(other_->error()).find("another node"), std::string::npos) << other_->error();
  ASSERT_EQ(db().unlock_schema(true), PARLEY_OK);
  EXPECT_EQ(other_->lock_schema(), PARLEY_OK) << other_->error();
  EXPECT_EQ(other_->unlock_schema(true), PARLEY_OK);
}

TEST_P(mysql_connections, a_server_that_has_become_read_only_is_left) {
  auto reader = open(connection_role::reader);
  test::shared_mariadb().run("SET GLOBAL read_only = 1");
  EXPECT_EQ(insert(db(), "a"), PARLEY_UNAVAILABLE);
  EXPECT_NE(std::string(db().error()).find("read"), std::string::npos) << db().error();
  EXPECT_TRUE(db().dead());
  EXPECT_EQ(reader->check(), PARLEY_UNAVAILABLE);
  EXPECT_FALSE(backend_->connect(connection_role::reader));
  test::shared_mariadb().run("SET GLOBAL read_only = 0");
  EXPECT_TRUE(backend_->connect(connection_role::writer));
}

TEST_P(mysql_connections, the_first_host_that_serves_is_used) {
  auto config = config_;
  const auto at = direct_.find("127.0.0.1:");
  config.url = direct_.substr(0, at) + "127.0.0.1:1," + direct_.substr(at);
  auto backend = std::move(*make_sql_backend(config));
  auto made = backend->connect(connection_role::writer);
  ASSERT_TRUE(made) << made.text();
  EXPECT_EQ(insert(**made, "a"), PARLEY_OK);
  config.url = direct_.substr(0, at) + "127.0.0.1:1,127.0.0.1:2" + direct_.substr(direct_.find('/', at));
  made = std::move(*make_sql_backend(config))->connect(connection_role::writer);
  ASSERT_FALSE(made);
  EXPECT_NE(made.text().find("127.0.0.1:1: "), std::string::npos) << made.text();
  EXPECT_NE(made.text().find("127.0.0.1:2: "), std::string::npos) << made.text();
  EXPECT_EQ(made.text().find("cr\\et"), std::string::npos) << made.text();
}

TEST_P(mysql_connections, settings_that_lose_commits_are_told_with_a_remedy) {
  EXPECT_TRUE(backend_->durability(db()).durable) << backend_->durability(db()).text;
  test::shared_mariadb().run("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
  const auto weak = backend_->durability(db());
  EXPECT_FALSE(weak.durable);
  for (const char* word : {"innodb_flush_log_at_trx_commit is 2", "SET GLOBAL innodb_flush_log_at_trx_commit = 1"}) {
    EXPECT_NE(weak.text.find(word), std::string::npos) << weak.text;
  }
  test::shared_mariadb().run("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
}

INSTANTIATE_TEST_SUITE_P(mariadb, mysql_connections, testing::Values(0));

}  // namespace
}  // namespace parley::host

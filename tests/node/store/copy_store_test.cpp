// parleyctl copy-store: from SQLite to MariaDB, and back.
#include "node/fixture.hpp"
#include "node/stored.hpp"
#include "support/database.hpp"

namespace parley::test {
namespace {

class copy_store : public testing::Test {
 protected:
  std::string file(const std::string& name = "first") { return (scratch_.path() / name / "parley.db").string(); }
  std::string sqlite(const std::string& name = "first") { return "sqlite://" + file(name); }
  server::options on(const std::string& url, const std::string& name) {
    server::options options;
    options.environment["PARLEY_SQL"] = url;
    options.data = (scratch_.path() / name).string();
    return options;
  }

  /// Texts of four bytes a character, many rows, a blob with every byte, ids above 2^31, an id that was given and is
  /// gone.
  void fill() {
    server node(on(sqlite(), "first"));
    for (const std::string name : {"ann", "bob", "cyd"}) ids_[name] = node.add_user(name);
    chat_client ann, bob;
    ann.log_in(node.pdu_port(), "ann");
    bob.log_in(node.pdu_port(), "bob");
    for (int i = 1; i <= 150; ++i) {
      const auto text = "\xf0\x9f\x98\x80 number " + std::to_string(i);
      const auto got = (i % 2 ? ann : bob).say(i % 2 ? bob.id() : ann.id(), text, "m" + std::to_string(i));
      ASSERT_TRUE(got.acked());
      said_[got.msg_id] = text;
    }
    ASSERT_TRUE(ann.say(ids_["cyd"], "just once", "c1").acked());
    std::string every_byte;
    for (int i = 0; i < 256; ++i) every_byte += "0123456789abcdef"[i >> 4], every_byte += "0123456789abcdef"[i & 15];
    node.run_sql("INSERT INTO audio_blob(audio_id, bytes) VALUES (5000000000, x'" + every_byte + "')");
    node.run_sql("INSERT INTO audio_blob(audio_id, bytes) VALUES (5000000001, randomblob(3000000))");
    node.run_sql(
        "INSERT INTO IMUser(id, name, nick, departId, created, updated) VALUES (3000000000, 'far', "
        "'\xf0\x9f\x8c\x8d', 1, 4000000000, 4000000000)");
    node.run_sql("INSERT INTO IMUser(id, name, departId, created, updated) VALUES (3000000007, 'gone', 1, 1, 1)");
    node.run_sql("DELETE FROM IMUser WHERE id = 3000000007");
    // As a database has them that was TeamTalk's.
    node.run_sql(
        "CREATE TABLE SiteNews(id INTEGER PRIMARY KEY AUTOINCREMENT, itemName TEXT, itemUrl TEXT NOT NULL, priority "
        "INTEGER)");
    node.run_sql("INSERT INTO SiteNews VALUES (4, 'news', 'http://x/\xf0\x9f\x98\x80', NULL), (9, NULL, '', -5)");
    EXPECT_EQ(node.terminate().code, 0);
  }
  outcome copy(const std::string& from, const std::string& to, const std::vector<std::string>& more = {},
               const std::map<std::string, std::string>& environment = {}) {
    std::vector<std::string> words{parleyctl(), "copy-store", "--from", from, "--to", to};
    words.insert(words.end(), more.begin(), more.end());
    return run(words, environment, milliseconds(120000));
  }
  void expect_copied(const std::string& from, const std::string& to) {
    const auto got = copy(from, to);
    ASSERT_EQ(got.end.code, 0) << got.output;
  }
  void expect_refused(const outcome& got, const std::string& sentence, int code = 2) {
    EXPECT_EQ(got.end.code, code) << got.output;
    EXPECT_NE(got.output.find(sentence), std::string::npos) << sentence << " is not in " << got.output;
  }
  /// Whatever was said is there, and goes on.
  void expect_alive_on(const std::string& url, const std::string& name) {
    server node(on(url, name));
    chat_client ann, bob;
    ann.log_in(node.pdu_port(), "ann");
    bob.log_in(node.pdu_port(), "bob");
    expect_stored(ann, bob.id(), said_);
    const auto again = bob.say(ann.id(), said_.rbegin()->second, "m150");
    EXPECT_TRUE(again.duplicate) << "a client_msg_id was forgotten";
    EXPECT_EQ(again.msg_id, said_.rbegin()->first);
    EXPECT_EQ(node.add_user("new"), 3000000008u) << "an id that was somebody's was given to another";
    EXPECT_EQ(node.terminate().code, 0);
  }

  temp_dir scratch_;
  mariadb db_{{.arguments = {"--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync"}}};
  std::map<std::string, std::uint32_t> ids_;
  texts said_;
};

TEST_F(copy_store, to_mariadb_and_back_everything_is_the_same) {
  ASSERT_NO_FATAL_FAILURE(fill());
  const auto got = copy(sqlite(), db_.url(), {"--json"});
  ASSERT_EQ(got.end.code, 0) << got.output;
  const auto report = json::parse(got.output.substr(got.output.find('{')));
  EXPECT_EQ(report.at("same"), true);
  std::map<std::string, std::uint64_t> rows;
  for (const auto& table : report.at("tables")) rows[table.at("name")] = table.at("rows");
  EXPECT_EQ(rows["IMUser"], 4u);
  EXPECT_EQ(rows["SiteNews"], 2u);
  EXPECT_EQ(rows["audio_blob"], 2u);
  EXPECT_EQ(got.output.find("parley-secret"), std::string::npos);
  EXPECT_EQ(db_.run("SELECT HEX(nick) FROM IMUser WHERE id = 3000000000", "parley"), "F09F8C8D");
  EXPECT_EQ(db_.run("SELECT LENGTH(bytes) FROM audio_blob WHERE audio_id = 5000000001", "parley"), "3000000");
  EXPECT_EQ(db_.run("SELECT COUNT(*) FROM SiteNews WHERE id = 9 AND itemName IS NULL AND itemUrl = '' AND priority = "
                    "-5",
                    "parley"),
            "1");

  ASSERT_NO_FATAL_FAILURE(expect_copied(db_.url(), sqlite("second")));
  // There and back: what the first said, the second says, byte by byte.
  for (const std::string table : {"IMUser", "IMMessage_1", "audio_blob", "message_key", "conversation", "credential",
                                  "SiteNews", "read_position", "IMRecentSession", "IMRelationShip"}) {
    const auto all = [&](const std::string& name) {
      database db(file(name));
      const auto columns =
          db.run("SELECT group_concat('quote(' || name || ')', '||') FROM pragma_table_info('" + table + "')");
      return db.run("SELECT group_concat(x) FROM (SELECT hex(" + columns + ") AS x FROM " + table + " ORDER BY 1)");
    };
    // A blob that a node writes is text to SQLite; this one was written by SQL.
    if (table != "audio_blob") {
      EXPECT_EQ(all("first"), all("second")) << table;
    }
  }
  EXPECT_EQ(database(file("second")).run("SELECT hex(CAST(bytes AS BLOB)) FROM audio_blob WHERE audio_id = 5000000000"),
            database(file("first")).run("SELECT hex(bytes) FROM audio_blob WHERE audio_id = 5000000000"));
  expect_alive_on(db_.url(), "on_mariadb");
  expect_alive_on(sqlite("second"), "second");
}

TEST_F(copy_store, killed_at_every_point_it_goes_on_to_the_same_end) {
  ASSERT_NO_FATAL_FAILURE(fill());
  // In the first three nothing is copied yet; then the points of tables and their portions. Each goes on from the last.
#ifdef PARLEY_SANITIZED
  const std::vector<int> points{1, 3, 40};
#else
  const std::vector<int> points{1, 2, 3, 9};
#endif
  std::size_t killed = 0;
  for (;; ++killed) {
    ASSERT_LT(killed, 100u) << "it does not go on";
    const auto point = killed < points.size() ? points[killed] : points.back() + static_cast<int>(killed % 3);
    const auto got = copy(sqlite(), db_.url(), {}, {{"PARLEY_TEST_COPY_KILL", std::to_string(point)}});
    if (got.end.signal == SIGKILL) continue;
    ASSERT_EQ(got.end.code, 0) << got.output;
    break;
  }
  const auto verified = copy(sqlite(), db_.url(), {"--verify"});
  EXPECT_EQ(verified.end.code, 0) << verified.output;
  EXPECT_GE(killed, points.size());
}

TEST_F(copy_store, half_a_copy_is_served_by_nobody) {
  ASSERT_NO_FATAL_FAILURE(fill());
  EXPECT_EQ(copy(sqlite(), db_.url(), {}, {{"PARLEY_TEST_COPY_KILL", "20"}}).end.signal, SIGKILL);
  try {
    server node(on(db_.url(), "on_mariadb"));
    ADD_FAILURE() << "a node serves half a database";
  } catch (const failure& e) {
    EXPECT_NE(std::string(e.what()).find("that is not finished"), std::string::npos) << e.what();
  }
  ASSERT_NO_FATAL_FAILURE(expect_copied(sqlite(), db_.url()));
  expect_alive_on(db_.url(), "on_mariadb");
}

TEST_F(copy_store, what_differs_is_named) {
  ASSERT_NO_FATAL_FAILURE(fill());
  ASSERT_NO_FATAL_FAILURE(expect_copied(sqlite(), db_.url()));
  const auto relation = db_.run("SELECT id FROM IMRelationShip WHERE smallId = " + std::to_string(ids_["ann"]) +
                                    " AND bigId = " + std::to_string(ids_["bob"]),
                                "parley");
  const auto shard = "IMMessage_" + std::to_string(std::stoul(relation) % 8);
  const auto where = " WHERE relateId = " + relation + " AND msgId = 17";
  const auto content = db_.run("SELECT content FROM " + shard + where, "parley");
  db_.run("UPDATE " + shard + " SET content = 'x'" + where, "parley");
  const auto named =
      "number " + relation + ", of users " + std::to_string(ids_["ann"]) + " and " + std::to_string(ids_["bob"]);
  const auto got = copy(sqlite(), db_.url(), {"--verify"});
  expect_refused(got, "table " + shard + " differs", 3);
  expect_refused(got, named, 3);
  db_.run("UPDATE " + shard + " SET content = '" + content + "'" + where, "parley");
  EXPECT_EQ(copy(sqlite(), db_.url(), {"--verify"}).end.code, 0);
  db_.run("DELETE FROM credential WHERE user_id = " + std::to_string(ids_["bob"]), "parley");
  expect_refused(copy(sqlite(), db_.url(), {"--verify"}), "table credential differs: 3 rows", 3);
}

TEST_F(copy_store, refuses_what_it_may_not_touch) {
  expect_refused(copy(sqlite("nowhere"), db_.url()), "there is no such file");
  {
    server node(on(sqlite(), "first"));
    node.add_user("ann");
    expect_refused(copy(sqlite(), db_.url()), "has it open");
    EXPECT_EQ(db_.run("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'parley'"), "0");
    EXPECT_EQ(node.terminate().code, 0);
  }
  expect_refused(copy(sqlite(), sqlite("second")), "parleyctl backup");
  db_.run("CREATE TABLE theirs(id INT PRIMARY KEY);\nINSERT INTO theirs VALUES (1)", "parley");
  expect_refused(copy(sqlite(), db_.url()), "it is not empty, table theirs");
  db_.run("DROP TABLE theirs", "parley");
  database(file()).run("INSERT INTO schema_migration VALUES ('stranger', 1, 'x', 1)");
  expect_refused(copy(sqlite(), db_.url()), "migration 1 of plugin stranger");
  database(file()).run("DELETE FROM schema_migration WHERE plugin = 'stranger'");
  ASSERT_NO_FATAL_FAILURE(expect_copied(sqlite(), db_.url()));
  expect_refused(copy(sqlite(), db_.url()), "is complete");
  {
    server node(on(db_.url(), "on_mariadb"));
    expect_refused(copy(db_.url(), sqlite("second")), "other connections are open there");
    EXPECT_EQ(node.terminate().code, 0);
  }
}

TEST_F(copy_store, takes_little_memory_however_large_the_values) {
#ifdef PARLEY_SANITIZED
  GTEST_SKIP() << "what a program takes is measured without sanitizers";
#endif
  {
    server node(on(sqlite(), "first"));
    EXPECT_EQ(node.terminate().code, 0);
  }
  database(file()).run(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 96) INSERT INTO audio_blob(audio_id, "
      "bytes) SELECT i, randomblob(1000000) FROM n");
  const auto got = run({"/bin/sh", "-c", "ulimit -d 98304; exec \"$@\"", "sh", parleyctl(), "copy-store", "--from",
                        sqlite(), "--to", db_.url()},
                       {}, milliseconds(120000));
  EXPECT_EQ(got.end.code, 0) << got.output;
  EXPECT_EQ(db_.run("SELECT SUM(LENGTH(bytes)) FROM audio_blob", "parley"), "96000000");
}

}  // namespace
}  // namespace parley::test

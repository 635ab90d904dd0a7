// An import that is killed, and one that cannot begin.
#include "node/import/fixture.hpp"

#include <algorithm>
#include <random>
#include <thread>

namespace parley::test {
namespace {

struct interrupted_import : import_test {
  /// What comes of it when nothing happens.
  std::string uninterrupted() {
    db_.run("CREATE DATABASE whole CHARACTER SET utf8mb4");
    deployment_.fill_database(db_, "whole");
    expect_done(import("whole"));
    return fingerprint(db_, "whole");
  }
  void expect_refused(const std::vector<std::string>& words, std::initializer_list<const char*> sentences) {
    const auto before = fingerprint(db_, "parley");
    const auto got = run(words);
    EXPECT_EQ(got.end.code, 2) << got.output;
    for (const char* one : sentences) EXPECT_NE(got.output.find(one), std::string::npos) << one << " in " << got.output;
    EXPECT_EQ(got.output.find("cr\\et"), std::string::npos) << "the password is told: " << got.output;
    EXPECT_EQ(fingerprint(db_, "parley"), before);
  }
};

/// The parameter is a step's name.
struct cut_step : interrupted_import, testing::WithParamInterface<const char*> {};

TEST_P(cut_step, killed_at_any_point_it_goes_on_to_the_same_end) {
  const auto whole = uninterrupted();
  // Before the step's first change, at the end of each of its transactions, behind each of them.
  // Under a sanitizer, where the importer alone takes seconds, at some of them.
  constexpr int most_points = 40;
#ifdef PARLEY_SANITIZED
  constexpr int step = 5;
#else
  constexpr int step = 1;
#endif
  int point = 0;
  for (bool killed = true; killed && point < most_points; point += step) {
    const auto name = "cut_" + std::to_string(point);
    db_.run("CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
    deployment_.fill_database(db_, name);
    const auto got = run(command(name), {{"PARLEY_TEST_IMPORT_KILL", GetParam() + (":" + std::to_string(point))}},
                         milliseconds(60000));
    killed = got.end.signal == SIGKILL;
    if (killed) expect_done(import(name));
    EXPECT_EQ(fingerprint(db_, name), whole) << "killed at " << point << got.output;
    db_.run("DROP DATABASE " + name);
  }
  EXPECT_GT(point, step) << "the step was never entered";
  EXPECT_LT(point, most_points);
}

INSTANTIATE_TEST_SUITE_P(, cut_step,
                         testing::Values("tables", "users", "conversations", "group conversations", "counters",
                                         "group members", "read positions", "group read positions", "device tokens",
                                         "push shields", "recordings"),
                         [](const auto& one) {
                           std::string name = one.param;
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name;
                         });

TEST_F(interrupted_import, killed_at_random_again_and_again_it_comes_to_the_same_end) {
  const auto whole = uninterrupted();
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  temp_dir scratch;
  int kills = 0;
  for (int round = 0; round < 12; ++round) {
    process running({command(), {}, scratch.path() / "log"});
    // Each gets a little further, until one has done it all.
    const milliseconds time(std::uniform_int_distribution<int>(1, 30 * (round + 1))(random));
    if (!running.ended_within(time)) ++kills;
  }
  EXPECT_GT(kills, 0);
  expect_done(import());
  EXPECT_EQ(fingerprint(db_, "parley"), whole);
}

TEST_F(interrupted_import, a_database_that_dies_under_it_is_gone_on_with) {
  const auto whole = uninterrupted();
  temp_dir scratch;
  const auto log = scratch.path() / "log";
  {
    process running({command(), {}, log});
    ASSERT_TRUE(eventually([&] { return read_file(log).find("conversations ...") != std::string::npos; }));
    db_.kill9();
    const auto end = running.ended_within(patience(milliseconds(60000)));
    ASSERT_TRUE(end) << read_file(log);
    // It may have been done already.
    if (end->code != 0) {
      EXPECT_EQ(end->code, 1) << read_file(log);
      EXPECT_NE(read_file(log).find("run the same command again"), std::string::npos) << read_file(log);
    }
  }
  db_.start();
  expect_done(import());
  EXPECT_EQ(fingerprint(db_, "parley"), whole);
}

TEST_F(interrupted_import, a_node_serves_what_a_cut_import_left) {
  const auto killed = run(command(), {{"PARLEY_TEST_IMPORT_KILL", "conversations:2"}}, milliseconds(60000));
  ASSERT_EQ(killed.end.signal, SIGKILL) << killed.output;
  chat_client ann, bob;
  ann.log_in(node().pdu_port(), "ann");
  bob.log_in(node().pdu_port(), "bob");
  EXPECT_EQ(ann.history(bob.id()).msg_list_size(), 7);
  EXPECT_TRUE(ann.say(bob.id(), "in between", "m1").acked());
  expect_done(import());
  EXPECT_EQ(ann.history(bob.id()).msg_list_size(), 8);
}

TEST_F(interrupted_import, what_cannot_begin_says_why_and_changes_nothing) {
  const auto with = [&](const std::string& mysql, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {parleyctl(), "import-teamtalk", "--mysql", mysql});
    return more;
  };
  expect_refused(with("mysql://somewhere"), {"--mysql"});
  expect_refused(with("sqlite:///tmp/x.db"), {"TeamTalk had no other database"});
  expect_refused(with("mysql://parley:wrong@127.0.0.1:" + std::to_string(db_.port()) + "/parley"),
                 {"check user and password"});
  expect_refused(with(mariadb::url_at(1, "parley")), {"does it run, and at this address"});
  expect_refused(with(db_.url("nowhere")), {"nowhere"});
  expect_refused(with(db_.url(), {"--redis", "redis://127.0.0.1:1"}), {"does it run, and at this address"});
  redis_server empty;
  expect_refused(with(db_.url(), {"--redis", empty.url()}), {"no key of TeamTalk's"});
  expect_refused(with(db_.url(), {"--msfs", "/nowhere/at/all"}), {"is no directory"});
  expect_refused(with(db_.url(), {"--surprise"}), {"unknown argument --surprise"});

  db_.run("CREATE DATABASE other CHARACTER SET utf8mb4");
  expect_refused(with(db_.url("other")), {"no TeamTalk database", "IMUser"});
  db_.run("ALTER TABLE IMUser CONVERT TO CHARACTER SET latin1", "parley");
  expect_refused(with(db_.url()), {"IMUser.name is latin1", "ALTER TABLE IMUser CONVERT TO CHARACTER SET utf8mb4"});
  db_.run("ALTER TABLE IMUser CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "parley");
  db_.run("ALTER TABLE IMUser DROP COLUMN sign_info", "parley");
  expect_refused(with(db_.url()), {"lacks IMUser.sign_info"});
}

TEST_F(interrupted_import, missing_privileges_are_named_before_anything_is_done) {
  db_.run(
      "CREATE USER reader@'%' IDENTIFIED BY 'r';\nGRANT SELECT ON parley.* TO reader@'%';\n"
      "CREATE USER half@'%' IDENTIFIED BY 'h';\nGRANT SELECT, INSERT, UPDATE, CREATE, ALTER, INDEX ON parley.* TO "
      "half@'%'");
  const auto url = [&](const std::string& who) {
    return "mysql://" + who + "@127.0.0.1:" + std::to_string(db_.port()) + "/parley";
  };
  const auto dry = run({parleyctl(), "import-teamtalk", "--dry-run", "--mysql", url("reader:r")});
  EXPECT_EQ(dry.end.code, 0) << "to look needs no more: " << dry.output;
  expect_refused({parleyctl(), "import-teamtalk", "--mysql", url("reader:r")}, {"denied", "GRANT"});
  const auto half = run({parleyctl(), "import-teamtalk", "--mysql", url("half:h")});
  EXPECT_EQ(half.end.code, 2) << half.output;
  EXPECT_NE(half.output.find("DELETE"), std::string::npos) << half.output;
  EXPECT_EQ(db_.run("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_NAME = 'conversation'"), "0");
}

TEST_F(interrupted_import, a_newer_schema_is_left_to_a_newer_import) {
  expect_done(import());
  db_.run("INSERT INTO schema_migration(plugin, number, name, applied) VALUES ('message', 99, 'future', 1)", "parley");
  expect_refused(command(), {"a newer Parley has changed this database", "message, migration 99"});
}

TEST_F(interrupted_import, a_half_finished_migration_is_finished) {
  const auto whole = uninterrupted();
  db_.run(
      "CREATE TABLE schema_migration(plugin VARCHAR(64) NOT NULL, number INT UNSIGNED NOT NULL, name VARCHAR(128) NOT "
      "NULL, applied BIGINT UNSIGNED NOT NULL, PRIMARY KEY(plugin, number)) CHARSET=utf8mb4;\n"
      "CREATE TABLE device_token(user_id INT UNSIGNED NOT NULL PRIMARY KEY, client_type INT UNSIGNED NOT NULL, token "
      "VARCHAR(256) NOT NULL, updated INT UNSIGNED NOT NULL) CHARSET=utf8mb4",
      "parley");
  expect_done(import());
  EXPECT_EQ(fingerprint(db_, "parley"), whole);
}

TEST_F(interrupted_import, two_at_once_are_refused) {
  // The lock is the database's: held here as an import holds it.
  const auto lock =
      std::make_unique<process>(process::options{{"mariadb", "--no-defaults", "--user=root", "--socket=" + db_.socket(),
                                                  "-e", "SELECT GET_LOCK('parley import parley', 0); SELECT SLEEP(60)"},
                                                 {},
                                                 "/dev/null"});
  ASSERT_TRUE(eventually([&] { return db_.run("SELECT IS_USED_LOCK('parley import parley') IS NOT NULL") == "1"; }));
  const auto got = import();
  EXPECT_EQ(got.end.code, 2) << got.output;
  EXPECT_NE(got.output.find("another import is at work"), std::string::npos) << got.output;
}

}  // namespace
}  // namespace parley::test

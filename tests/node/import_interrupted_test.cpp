// An import that is killed, and one that cannot begin.
#include "node/import_fixture.hpp"

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

TEST_F(interrupted_import, killed_at_every_point_of_every_step_it_goes_on_to_the_same_end) {
  const auto whole = uninterrupted();
  int kills = 0;
  for (const std::string step : {"tables", "users", "conversations", "group conversations", "counters", "group members",
                                 "read positions", "group read positions", "device tokens", "push shields",
                                 "recordings"}) {
    // Before a step's first change, within each of its transactions, behind each of them; then on to the next point.
    for (int point = 0;; ++point) {
      const auto got = run(command(), {{"PARLEY_TEST_IMPORT_KILL", step + ":" + std::to_string(point)}},
                           milliseconds(60000));
      if (got.end.signal != SIGKILL) {
        ASSERT_EQ(got.end.code, 0) << got.output;
        break;
      }
      ++kills;
      if (point > 20) break;
    }
    if (step == "conversations") break;  // it is all done by then: the other steps below, each in a fresh database
  }
  EXPECT_EQ(fingerprint(db_, "parley"), whole);
  EXPECT_GT(kills, 6);
}

TEST_F(interrupted_import, killed_in_each_later_step_it_goes_on_to_the_same_end) {
  const auto whole = uninterrupted();
  int number = 0;
  for (const std::string point : {"group conversations:1", "counters:1", "counters:3", "group members:1", "group members:2",
                                  "read positions:1", "group read positions:1", "device tokens:1", "push shields:1",
                                  "recordings:1", "recordings:2"}) {
    const auto name = "cut_" + std::to_string(++number);
    db_.run("CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
    deployment_.fill_database(db_, name);
    const auto killed = run(command(name), {{"PARLEY_TEST_IMPORT_KILL", point}}, milliseconds(60000));
    EXPECT_EQ(killed.end.signal, SIGKILL) << point << killed.output;
    expect_done(import(name));
    EXPECT_EQ(fingerprint(db_, name), whole) << point;
    db_.run("DROP DATABASE " + name);
  }
}

TEST_F(interrupted_import, killed_at_random_again_and_again_it_comes_to_the_same_end) {
  const auto whole = uninterrupted();
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  temp_dir scratch;
  bool ended = false;
  for (int i = 0; i < 200 && !ended; ++i) {
    process running({command(), {}, scratch.path() / "log"});
    const milliseconds time(std::uniform_int_distribution<int>(20, 400 + 20 * i)(random));
    if (const auto end = running.ended_within(time)) {
      EXPECT_EQ(end->code, 0) << read_file(scratch.path() / "log");
      ended = true;
    } else {
      running.kill9();
    }
  }
  EXPECT_TRUE(ended);
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
  db_.run("CREATE USER reader@'%' IDENTIFIED BY 'r';\nGRANT SELECT ON parley.* TO reader@'%';\n"
          "CREATE USER half@'%' IDENTIFIED BY 'h';\nGRANT SELECT, INSERT, UPDATE, CREATE, ALTER, INDEX ON parley.* TO half@'%'");
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
  db_.run("CREATE TABLE schema_migration(plugin VARCHAR(64) NOT NULL, number INT UNSIGNED NOT NULL, name VARCHAR(128) NOT "
          "NULL, applied BIGINT UNSIGNED NOT NULL, PRIMARY KEY(plugin, number)) CHARSET=utf8mb4;\n"
          "CREATE TABLE device_token(user_id INT UNSIGNED NOT NULL PRIMARY KEY, client_type INT UNSIGNED NOT NULL, token "
          "VARCHAR(256) NOT NULL, updated INT UNSIGNED NOT NULL) CHARSET=utf8mb4",
          "parley");
  expect_done(import());
  EXPECT_EQ(fingerprint(db_, "parley"), whole);
}

TEST_F(interrupted_import, two_at_once_are_refused) {
  process holder({{parleyctl(), "import-teamtalk", "--mysql", db_.url(), "--msfs", msfs_.path().string()}, {}, "/dev/null"});
  // The lock is the database's: held here as the import holds it.
  if (!holder.ended_within(milliseconds(60000))) FAIL() << "the first did not end";
  const auto lock = std::make_unique<process>(process::options{
      {"mariadb", "--no-defaults", "--user=root", "--socket=" + db_.socket(), "-e",
       "SELECT GET_LOCK('parley import parley', 0); SELECT SLEEP(60)"},
      {},
      "/dev/null"});
  ASSERT_TRUE(eventually([&] { return db_.run("SELECT IS_USED_LOCK('parley import parley') IS NOT NULL") == "1"; }));
  const auto got = import();
  EXPECT_EQ(got.end.code, 2) << got.output;
  EXPECT_NE(got.output.find("another import is at work"), std::string::npos) << got.output;
}

}  // namespace
}  // namespace parley::test

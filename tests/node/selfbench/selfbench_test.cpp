// parleyd selfbench: numbers, and nothing left behind.
#include "node/fixture.hpp"

#include <csignal>

namespace parley::test {
namespace {

namespace fs = std::filesystem;

struct selfbench : testing::Test {
  std::vector<std::string> command(std::vector<std::string> more) {
    more.insert(more.begin(), {parleyd(), "selfbench", "--directory", place_.path().string()});
    return more;
  }
  outcome bench(const std::vector<std::string>& more) { return run(command(more), mark(), milliseconds(90000)); }
  /// By which what it starts is known.
  std::map<std::string, std::string> mark() const { return {{"PARLEY_SELFBENCH_MARK", place_.path().string()}}; }
  /// What stands in the place, and processes that work there.
  void expect_gone() {
    EXPECT_TRUE(fs::is_empty(place_.path()));
    EXPECT_TRUE(eventually([&] { return workers().empty(); })) << workers();
  }
  std::string workers() {
    std::string found;
    for (const auto& one : fs::directory_iterator("/proc")) {
      const auto command = read_file(one.path() / "cmdline");
      const auto environment = read_file(one.path() / "environ");
      const bool of_ours = environment.find("PARLEY_SELFBENCH_MARK=" + place_.path().string()) != std::string::npos;
      if (of_ours) found += one.path().filename().string() + " " + command.substr(0, 200) + "\n";
    }
    return found;
  }

  temp_dir place_;
};

json numbers_of(const outcome& got) {
  const auto begin = got.output.find("{\n");
  return json::parse(begin == std::string::npos ? got.output : got.output.substr(begin));
}

void expect_numbers(const json& found) {
  for (const char* key : {"acks_per_s", "ack_p50_ms", "ack_p99_ms", "bytes_per_idle_session"}) {
    EXPECT_GT(found.at(key).get<double>(), 0) << key;
  }
  EXPECT_GE(found.at("ack_p99_ms").get<double>(), found.at("ack_p50_ms").get<double>());
}

TEST_F(selfbench, a_second_gives_numbers_and_leaves_nothing) {
  const auto got = bench({"--seconds", "1", "--sessions", "200", "--pairs", "5", "--json"});
  ASSERT_EQ(got.end.code, 0) << got.output;
  expect_numbers(numbers_of(got));
  expect_gone();
  const auto table = bench({"--seconds", "1", "--sessions", "50", "--pairs", "2"});
  ASSERT_EQ(table.end.code, 0) << table.output;
  for (const char* line : {"acks per second", "ack, 99 of 100 within", "an idle session", "durable"}) {
    EXPECT_NE(table.output.find(line), std::string::npos) << line << table.output;
  }
}

TEST_F(selfbench, measures_an_empty_database_and_leaves_it_empty) {
  mariadb db;
  const auto got = bench({"--seconds", "1", "--sessions", "50", "--pairs", "5", "--json", "--sql", db.url()});
  ASSERT_EQ(got.end.code, 0) << got.output;
  expect_numbers(numbers_of(got));
  EXPECT_EQ(got.output.find("cr\\et"), std::string::npos) << "the password is told";
  EXPECT_EQ(db.run("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'parley'"), "0");
  expect_gone();
}

TEST_F(selfbench, refuses_a_database_that_holds_data) {
  mariadb db;
  db.run("CREATE TABLE precious(id INT)", "parley");
  const auto got = bench({"--seconds", "1", "--sql", db.url()});
  EXPECT_EQ(got.end.code, 2) << got.output;
  EXPECT_NE(got.output.find("holds data (table precious)"), std::string::npos) << got.output;
  EXPECT_EQ(db.run("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'parley'"), "1");

  db.run("DROP TABLE precious", "parley");
  db.run(
      "CREATE USER keeps@'%' IDENTIFIED BY 'k';\nGRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX ON "
      "parley.* "
      "TO keeps@'%'");
  const auto keeps = bench({"--sql", "mysql://keeps:k@127.0.0.1:" + std::to_string(db.port()) + "/parley"});
  EXPECT_EQ(keeps.end.code, 2) << keeps.output;
  EXPECT_NE(keeps.output.find("the user needs DROP"), std::string::npos) << keeps.output;
  EXPECT_EQ(db.run("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'parley'"), "0");

  write_file(place_.path() / "there.db", "text");
  const auto file = bench({"--sql", "sqlite://" + (place_.path() / "there.db").string()});
  EXPECT_EQ(file.end.code, 2) << file.output;
  EXPECT_EQ(read_file(place_.path() / "there.db"), "text");
}

TEST_F(selfbench, says_what_is_wrong_with_its_arguments) {
  EXPECT_EQ(bench({"--seconds", "0"}).end.code, 2);
  EXPECT_EQ(bench({"--surprise"}).end.code, 2);
  const auto help = bench({"--help"});
  EXPECT_EQ(help.end.code, 0);
  EXPECT_NE(help.output.find("usage: parleyd selfbench"), std::string::npos);
}

TEST_F(selfbench, stopped_or_killed_it_takes_its_processes_with_it) {
  for (const int signal : {SIGTERM, SIGKILL}) {
    process running({command({"--seconds", "60", "--pairs", "5"}), mark(), "/dev/null"});
    ASSERT_TRUE(eventually([&] { return workers().find("parley-bench") != std::string::npos; }, milliseconds(20000)))
        << workers();
    running.signal(signal);
    ASSERT_TRUE(running.ended_within(patience(milliseconds(30000))));
    EXPECT_TRUE(eventually([&] { return workers().empty(); }, milliseconds(20000))) << workers();
    if (signal == SIGTERM) expect_gone();
  }
}

}  // namespace
}  // namespace parley::test

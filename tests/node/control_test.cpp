// The operator's verbs, over the control socket and through parleyctl.
#include "node/fixture.hpp"

#include <signal.h>

namespace parley::test {
namespace {

struct control : node_test {
  outcome parleyctl_says(std::vector<std::string> words) {
    words.insert(words.begin(), {parleyctl(), "--socket", (node(), node().socket_path())});
    return run(words);
  }
};

TEST_F(control, status_says_what_a_script_needs) {
  auto alice = user("alice");
  const auto status = node().status();
  EXPECT_TRUE(status.at("ready"));
  EXPECT_EQ(status.at("durable"), !lies_in_memory(node().data()));
  EXPECT_EQ(status.at("sessions"), 1);
  EXPECT_TRUE(status.at("version").is_string());
  EXPECT_TRUE(status.at("uptime_ms").is_number());
  EXPECT_EQ(status.at("listeners").size(), 2u);
}

TEST_F(control, verbs_describe_themselves) {
  const auto verbs = node().ask("verbs");
  std::map<std::string, json> by_name;
  for (const auto& verb : verbs) by_name[verb.at("name")] = verb;
  for (const auto* name :
       {"status", "plugins", "sessions", "kick", "pools", "users add", "users list", "users import"}) {
    ASSERT_TRUE(by_name.contains(name)) << name;
    EXPECT_FALSE(by_name[name].at("help").get<std::string>().empty()) << name;
  }
}

TEST_F(control, plugins_are_listed) {
  std::vector<std::string> names;
  for (const auto& plugin : node().ask("plugins")) {
    EXPECT_EQ(plugin.at("state"), "active");
    names.push_back(plugin.at("name"));
  }
  EXPECT_EQ(names, (std::vector<std::string>{"echo", "login", "message", "group", "buddy", "route", "push", "file",
                                             "msfs", "http_admin"}));
}

TEST_F(control, sessions_are_listed_and_kicked) {
  auto alice = user("alice"), bob = user("bob");
  const auto sessions = node().ask("sessions", {{"user", alice.id()}});
  ASSERT_EQ(sessions.size(), 1u);
  EXPECT_EQ(sessions.at(0).at("user"), alice.id());
  node().ask("kick", {{"session", sessions.at(0).at("session")}});
  EXPECT_TRUE(alice.wire().closed_within(answer_time));
  EXPECT_TRUE(bob.wire().alive());
  EXPECT_EQ(node().control().call("kick", {{"user", 4000000000u}}).ok, false);
}

TEST_F(control, nonsense_is_answered_with_a_sentence) {
  auto line = (node(), node().control());
  for (const std::string text :
       {"", "{}", "[]", "null", "not json", "{\"verb\":5}", "{\"verb\":\"no such verb\"}", "{\"verb\":\"users add\"}",
        "{\"verb\":\"users add\",\"args\":{\"name\":\"x\",\"password\":\"y\",\"colour\":\"red\"}}"}) {
    const auto answer = json::parse(line.raw(text));
    EXPECT_FALSE(answer.at("ok")) << text;
    EXPECT_FALSE(answer.at("error").get<std::string>().empty()) << text;
    EXPECT_FALSE(answer.at("code").get<std::string>().empty()) << text;
  }
  EXPECT_TRUE(node().status().at("ready"));
}

TEST_F(control, arguments_that_are_no_plain_values_are_refused) {
  auto line = (node(), node().control());
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  for (const std::string value : {"[1,2]", "{\"a\":1}", deep.c_str()}) {
    for (const std::string argument : {"\"users list\",\"args\":{\"search\":", "\"kick\",\"args\":{\"user\":"}) {
      const auto answer = json::parse(line.raw("{\"verb\":" + argument + value + "}}"));
      EXPECT_EQ(answer.at("code"), "malformed") << argument << value.substr(0, 20);
    }
  }
  EXPECT_FALSE(line.call("users add", {{"name", nullptr}, {"password", "x"}}).ok);
  EXPECT_TRUE(node().status().at("ready"));
}

TEST_F(control, a_client_that_goes_away_in_the_middle_harms_nobody) {
  for (int i = 0; i < 50; ++i) {
    auto line = (node(), stream_socket::local(node().socket_path()));
    line.write_all(
        "{\"verb\":\"users add\",\"args\":{\"name\":\"u" + std::to_string(i) + "\",\"password\":\"p\"}}\n{\"ver",
        steady::now() + answer_time);
  }
  EXPECT_TRUE(node().status().at("ready"));
}

TEST_F(control, users_are_added_changed_disabled_and_listed) {
  auto line = (node(), node().control());
  EXPECT_EQ(line.ask("users add", {{"name", "alice"}, {"password", "one"}}).at("name"), "alice");
  const auto twice = line.call("users add", {{"name", "alice"}, {"password", "two"}});
  EXPECT_FALSE(twice.ok);
  EXPECT_NE(twice.error.find("alice"), std::string::npos);
  chat_client alice;
  EXPECT_NO_THROW(alice.log_in(node().pdu_port(), "alice", {.password = "one"}));
  line.ask("users passwd", {{"name", "alice"}, {"password", "three"}});
  EXPECT_THROW(alice.log_in(node().pdu_port(), "alice", {.password = "one"}), failure);
  EXPECT_NO_THROW(alice.log_in(node().pdu_port(), "alice", {.password = "three"}));
  line.ask("users disable", {{"name", "alice"}});
  EXPECT_TRUE(alice.wire().closed_within(answer_time));
  EXPECT_THROW(alice.log_in(node().pdu_port(), "alice", {.password = "three"}), failure);
  line.ask("users enable", {{"name", "alice"}});
  EXPECT_NO_THROW(alice.log_in(node().pdu_port(), "alice", {.password = "three"}));
  EXPECT_EQ(line.ask("users list").size(), 1u);
}

TEST_F(control, parleyctl_shows_people_tables_and_scripts_json) {
  node().add_user("alice");
  const auto table = parleyctl_says({"users", "list"});
  EXPECT_EQ(table.end.code, 0) << table.output;
  EXPECT_NE(table.output.find("alice"), std::string::npos);
  const auto script = parleyctl_says({"--json", "users", "list"});
  EXPECT_EQ(json::parse(script.output).at(0).at("name"), "alice");
  EXPECT_EQ(json::parse(parleyctl_says({"--json", "status"}).output).at("ready"), true);
  for (const std::string verb : {"status", "plugins", "sessions", "pools", "verbs"}) {
    const auto got = parleyctl_says({verb});
    EXPECT_EQ(got.end.code, 0) << verb << ": " << got.output;
    EXPECT_FALSE(got.output.empty() && verb != "sessions") << verb;
  }
}

TEST_F(control, parleyctl_adds_and_imports_users) {
  const auto added = parleyctl_says({"users", "add", "alice", "--password", "secret"});
  EXPECT_EQ(added.end.code, 0) << added.output;
  temp_dir scratch;
  const auto good = (scratch.path() / "users.csv").string();
  write_file(good,
             "name,password,nick,department\r\nbob,\"se\"\"cret, really\",Bobby,Sales\r\ncarol,x1,\"Carol\",Sales\r\n");
  const auto imported = parleyctl_says({"users", "import", good});
  EXPECT_EQ(imported.end.code, 0) << imported.output;
  chat_client bob;
  EXPECT_NO_THROW(bob.log_in(node().pdu_port(), "bob", {.password = "se\"cret, really"}));

  const auto bad = (scratch.path() / "bad.csv").string();
  write_file(bad, "name,password\ndave,x\nbob,again\n,nobody\nerin\n");
  const auto refused = parleyctl_says({"users", "import", bad});
  EXPECT_EQ(refused.end.code, 1);
  for (const std::string line : {"line 3", "line 4", "line 5"})
    EXPECT_NE(refused.output.find(line), std::string::npos) << refused.output;
  EXPECT_EQ(node().ask("users list").size(), 3u) << "half a file was imported";

  write_file(bad, "name,password\nzo\xeb,x\n");
  const auto latin = parleyctl_says({"users", "import", bad});
  EXPECT_NE(latin.end.code, 0);
  EXPECT_NE(latin.output.find(bad + " is not UTF-8"), std::string::npos) << latin.output;
  const auto directory = parleyctl_says({"users", "import", scratch.path().string()});
  EXPECT_NE(directory.output.find("is a directory"), std::string::npos) << directory.output;
}

TEST_F(control, parleyctl_fails_with_words) {
  const auto unknown = parleyctl_says({"frobnicate"});
  EXPECT_NE(unknown.end.code, 0);
  EXPECT_NE(unknown.output.find("frobnicate"), std::string::npos) << unknown.output;
  EXPECT_NE(parleyctl_says({"users", "add", "x"}).end.code, 0);
  const auto nobody = run({parleyctl(), "--socket", "/nowhere/parleyd.sock", "status"});
  EXPECT_EQ(nobody.end.code, 2);
  EXPECT_NE(nobody.output.find("/nowhere/parleyd.sock"), std::string::npos) << nobody.output;
}

TEST_F(control, parleyctl_tap_shows_pdus_decoded) {
  auto alice = user("alice"), bob = user("bob");
  temp_dir scratch;
  const auto output = (scratch.path() / "tap").string();
  process tap({{parleyctl(), "--socket", node().socket_path(), "tap"}, {}, output});
  const bool seen = eventually([&] {
    alice.say(bob.id(), "look at me");
    return read_file(output).find("msg_id") != std::string::npos;
  });
  EXPECT_TRUE(seen) << read_file(output);
  tap.signal(SIGTERM);
  EXPECT_TRUE(alice.wire().alive());
}

}  // namespace
}  // namespace parley::test

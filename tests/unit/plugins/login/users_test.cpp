#include "login_flow.hpp"

namespace login_test {
namespace {

TEST_F(login_flow, names_are_unique_among_active_users) {
  EXPECT_EQ(host.verb("users add", {"alice", "x"}).code, PARLEY_CONFLICT);
  EXPECT_EQ(host.verb("users disable", {"alice"}).code, PARLEY_OK);
  EXPECT_EQ(host.verb("users add", {"alice", "x"}).text, R"({"id":2,"name":"alice"})");
  EXPECT_EQ(host.verb("users enable", {"alice"}).code, PARLEY_CONFLICT);
}

TEST_F(login_flow, disabling_ends_terminals_and_logins_under_way) {
  const auto on = login("alice", "12345");
  const auto coming = begin("alice", "12345", phone);
  EXPECT_EQ(host.verb("users disable", {"alice"}).code, PARLEY_OK);
  EXPECT_EQ(host.at(on).closed, "kicked");
  EXPECT_FALSE(host.at(coming).closed.empty());
  EXPECT_EQ(code(login("alice", "12345")), REFUSE_REASON_DB_VALIDATE_FAILED);
  EXPECT_EQ(host.verb("users enable", {"alice"}).code, PARLEY_OK);
  EXPECT_TRUE(in(login("alice", "12345")));
}

// As when the generation that is checking is not the one that is told.
TEST_F(login_flow, who_is_disabled_or_gets_another_password_during_the_check_is_not_let_in) {
  for (const char* change : {"UPDATE IMUser SET status = 3", "UPDATE credential SET hash = 'another'"}) {
    host.stall_workers(true);
    const auto coming = begin("alice", "12345");
    host.run();
    host.db.run(change);
    host.stall_workers(false);
    host.run();
    EXPECT_FALSE(in(coming)) << change;
    host.db.run("UPDATE IMUser SET status = 0");
  }
}

TEST_F(login_flow, a_list_shows_who_is_online) {
  login("alice", "12345", phone);
  EXPECT_EQ(
      host.verb("users list", {"lic"}).text,
      R"([{"id":1,"name":"alice","nick":"alice","department":"","status":"active","algorithm":"argon2id","online":"ios"}])");
  EXPECT_EQ(host.verb("users list", {"%"}).text, "[]");
}

TEST_F(login_flow, a_list_ends_where_it_is_told_to_and_says_so) {
  host.verb("users add", {"bob", "x"});
  const auto one = host.verb("users list", {"", "1"});
  EXPECT_EQ(one.text.find("bob"), std::string::npos) << one.text;
  EXPECT_EQ(one.progress.size(), 1u);
  const auto both = host.verb("users list", {"", "2"});
  EXPECT_NE(both.text.find("bob"), std::string::npos) << both.text;
  EXPECT_TRUE(both.progress.empty());
  for (const char* limit : {"0", "-1", "many", "4294967296", "2 "})
    EXPECT_EQ(host.verb("users list", {"", limit}).code, PARLEY_MALFORMED) << limit;
}

TEST_F(login_flow, an_import_is_all_or_nothing) {
  const auto end = host.verb("users import", {"name,password\nbob,x\nalice,x\n,x\n"});
  EXPECT_EQ(end.code, PARLEY_MALFORMED);
  EXPECT_NE(end.text.find("line 3: user 1 is called alice already"), std::string::npos) << end.text;
  EXPECT_NE(end.text.find("line 4: the name is empty"), std::string::npos) << end.text;
  EXPECT_EQ(host.db.run("SELECT count(*) FROM IMUser"), "1");
}

TEST_F(login_flow, an_import_reports_each_of_many_faults_as_a_line) {
  std::string file = "name,password\n";
  for (int i = 0; i < 100; ++i) file += "bob,\n";
  EXPECT_EQ(host.verb("users import", {file.c_str()}).progress.size(), 100u);
}

TEST_F(login_flow, an_import_makes_departments_and_users_who_can_log_in) {
  std::string file = "department,name,password\n";
  for (int i = 0; i < 1200; ++i) file += "D" + std::to_string(i % 3) + ",u" + std::to_string(i) + ",pw\n";
  file += ",alice,other\n";
  const auto end = host.verb("users import", {file.c_str(), ""});
  EXPECT_EQ(end.text, R"({"imported":1200,"skipped":1})");
  EXPECT_EQ(end.progress.size(), 3u);
  EXPECT_EQ(host.db.run("SELECT count(*) FROM IMDepart"), "3");
  EXPECT_EQ(host.db.run("SELECT count(*) FROM credential"), "1201");
  EXPECT_TRUE(in(login("u1199", "pw")));
  EXPECT_TRUE(in(login("alice", "12345")));
}

TEST_F(login_flow, the_dispatch_names_a_node_or_says_why_not) {
  EXPECT_EQ(
      host.get("/msg_server", "im.example:8080"),
      "{\n   \"code\" : 0,\n   \"msg\" : \"\",\n   \"priorIP\" : \"192.0.2.1\",\n   \"backupIP\" : \"192.0.2.1\",\n"
      "   \"port\" : \"8000\",\n   \"msfsPrior\" : \"http://im.example:8080/\",\n"
      "   \"msfsBackup\" : \"http://im.example:8080/\",\n"
      "   \"discovery\" : \"http://im.example:8080/api/discovery\"\n}\n");
  EXPECT_EQ(host.get("/msg_server", "<script>").find("script"), std::string::npos);
  host.node_verdict = PARLEY_UNAVAILABLE;
  EXPECT_EQ(host.get("/msg_server", ""), "{\n   \"code\" : 1,\n   \"msg\" : \"没有msg_server\"\n}\n");
  host.node_verdict = PARLEY_BUSY;
  EXPECT_EQ(host.get("/msg_server", ""), "{\n   \"code\" : 2,\n   \"msg\" : \"负载过高\"\n}\n");
  const auto id = host.connect();
  host.serve(id, cid::login_req_msgserver, "");
  EXPECT_EQ(host.at(id).got.at(0).as<IMMsgServRsp>().result_code(), REFUSE_REASON_MSG_SERVER_FULL);
  EXPECT_EQ(host.at(id).closed, "dispatched");
}

}  // namespace
}  // namespace login_test

#include "login_flow.hpp"

namespace login_test {
namespace {

// The example of TeamTalk's own documents: password 12345, salt 7777.
constexpr const char* legacy_row =
    "INSERT INTO IMUser(name, password, salt, departId, created, updated) "
    "VALUES ('old', 'b0c507a60841971e3899270c3751e02b', '7777', 0, 1, 1)";

TEST_F(login_flow, md5_moves_to_argon2id_at_login) {
  host.db.run(legacy_row);
  EXPECT_EQ(code(login("old", "x")), REFUSE_REASON_DB_VALIDATE_FAILED);
  EXPECT_TRUE(in(login("old", "12345")));
  EXPECT_EQ(host.db.run("SELECT password || salt FROM IMUser WHERE name = 'old'"), "");
  EXPECT_EQ(host.db.run("SELECT c.algorithm FROM credential c JOIN IMUser u ON u.id = c.user_id WHERE u.name = 'old'"),
            "argon2id");
  const int checks = host.worker_jobs;
  EXPECT_TRUE(in(login("old", "12345")));
  EXPECT_EQ(host.worker_jobs, checks);
}

TEST_F(login_flow, md5_that_a_legacy_tool_sets_counts) {
  host.db.run("UPDATE IMUser SET password = 'b0c507a60841971e3899270c3751e02b', salt = '7777' WHERE name = 'alice'");
  host.db.run("UPDATE credential SET hash = 'stale'");
  EXPECT_TRUE(in(login("alice", "12345")));
  EXPECT_EQ(host.db.run("SELECT password FROM IMUser WHERE name = 'alice'"), "");
  EXPECT_TRUE(in(login("alice", "12345")));
}

TEST(keep_md5, leaves_and_writes_what_teamtalk_can_read) {
  small_host host(std::map<std::string, std::string>{{"keep_md5", "true"}});
  host.db.run(legacy_row);
  EXPECT_EQ(host.verb("users add", {"new", "12345"}).code, PARLEY_OK);
  for (const char* name : {"old", "new"}) {
    const auto id = host.connect();
    host.serve(id, cid::login_req_userlogin, login_body(name, "12345"));
    EXPECT_EQ(host.at(id).got.at(0).as<IMLoginRes>().result_code(), REFUSE_REASON_NONE) << name;
  }
  EXPECT_EQ(host.db.run("SELECT password FROM IMUser WHERE name = 'old'"), "b0c507a60841971e3899270c3751e02b");
  EXPECT_EQ(host.db.run("SELECT length(password) FROM IMUser WHERE name = 'new'"), "32");
}

TEST(password_cost, a_cheap_hash_is_renewed_at_login) {
  small_host host(std::map<std::string, std::string>{{"password_cost", "standard"}});
  host.verb("users add", {"alice", "12345"});
  host.db.run("UPDATE credential SET hash = '" + login::argon2_hash(login::secret_of("12345"), login::cost::low) + "'");
  host.serve(host.connect(), cid::login_req_userlogin, login_body("alice", "12345"));
  EXPECT_EQ(host.db.run("SELECT substr(hash, 1, 31) FROM credential"), "$argon2id$v=19$m=19456,t=2,p=1$");
}

}  // namespace
}  // namespace login_test

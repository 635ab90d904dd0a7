// announce: everybody gets a message of its own, whatever happens in between.
#include <set>

#include "codec.hpp"
#include "messenger_test.hpp"

namespace message_test {
namespace {

constexpr const char* none = nullptr;

class announce_test : public messenger_test {
 protected:
  void add_users(int from, int to, int department = 0) {
    for (int id = from; id <= to; ++id) {
      host.db().run("INSERT INTO IMUser(id, name, departId) VALUES (" + std::to_string(id) + ", 'u" +
                    std::to_string(id) + "', " + std::to_string(department) + ")");
    }
  }
  std::string announce(const std::vector<const char*>& values) {
    const auto end = host.verb("announce", values);
    EXPECT_EQ(end.code, PARLEY_OK) << end.text;
    return end.text;
  }
  /// Until nothing is on its way.
  void finish() {
    for (int i = 0; i < 200 && host.db().run("SELECT COUNT(*) FROM announcement WHERE finished = 0") != "0"; ++i) {
      host.pass(250);
    }
    EXPECT_EQ(host.db().run("SELECT COUNT(*) FROM announcement WHERE finished = 0"), "0");
  }
  std::string messages() {
    int total = 0;
    for (int i = 0; i < 8; ++i) total += std::stoi(count("IMMessage_" + std::to_string(i)));
    return std::to_string(total);
  }
  const message::text_codec codec{"12345678901234567890123456789012"};
};

TEST_F(announce_test, everybody_gets_it_once_from_an_account_of_its_own) {
  EXPECT_EQ(announce({"Lunch <i>now</i>"}), R"({"id":1,"author":10,"total":4})");
  EXPECT_EQ(host.db().run("SELECT name FROM IMUser WHERE id = 10"), "announcements");
  finish();
  EXPECT_EQ(messages(), "4");
  const auto got = history(ben, 10);
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(codec.decrypt(got[0].msg_data()), "Lunch <i>now</i>");
  EXPECT_EQ(got[0].from_session_id(), 10u);
  EXPECT_EQ(unread(ben).total_cnt(), 1u);
  std::multiset<std::uint64_t> pushed;
  for (const auto& one : host.take_pushes()) {
    if (one.command == cid::msg_data && one.which.min_level == 1) pushed.insert(one.user);
  }
  for (const std::uint64_t user : {1, 2, 3, 4}) EXPECT_EQ(pushed.count(user), 1u) << user;
  EXPECT_EQ(
      host.verb("announcements list", {}).text,
      R"({"total":1,"items":[{"id":1,"text":"Lunch <i>now</i>","author":10,"audience":"everybody","department":0,)"
      R"("created":1700000000,"total":4,"sent":4,"skipped":0,"finished":1700000000}]})");
  EXPECT_EQ(announce({"Dinner"}), R"({"id":2,"author":10,"total":4})") << "the same account";
  finish();
  EXPECT_EQ(messages(), "8");
  EXPECT_NE(host.verb("announcements list", {"2", "1"}).text.find("Lunch"), std::string::npos);
}

TEST_F(announce_test, a_name_that_is_taken_is_nobody_s) {
  host.db().run("INSERT INTO IMUser(id, name) VALUES (5, 'announcements')");
  announce({"x"});
  EXPECT_EQ(host.db().run("SELECT name FROM IMUser WHERE id = (SELECT user_id FROM announcer)"), "announcements-2");
  host.db().run("UPDATE IMUser SET status = 3 WHERE name = 'announcements-2'");
  EXPECT_EQ(host.verb("announce", {"x"}).code, PARLEY_CONFLICT);
}

TEST_F(announce_test, departments_and_single_users_are_told_alone) {
  add_users(20, 24, 3);
  EXPECT_NE(announce({"x", "3"}).find(R"("total":5)"), std::string::npos);
  finish();
  EXPECT_EQ(messages(), "5");
  EXPECT_NE(announce({"y", none, "2,1,2,9,4711"}).find(R"("total":2)"), std::string::npos);
  finish();
  EXPECT_EQ(messages(), "7");
  EXPECT_NE(host.verb("announcements list", {}).text.find(R"("sent":2,"skipped":2)"), std::string::npos)
      << "who has left and who never was";
}

TEST_F(announce_test, who_blocks_the_announcer_is_left_out) {
  announce({"x"});
  finish();
  host.db().run("INSERT INTO block(user_id, peer_id) VALUES (2, 10)");
  host.pass(61'000);  // that nobody is blocked is known for a minute
  announce({"y"});
  finish();
  EXPECT_EQ(messages(), "7");
  EXPECT_NE(host.verb("announcements list", {}).text.find(R"("sent":3,"skipped":1)"), std::string::npos);
}

TEST_F(announce_test, it_goes_on_after_a_reload_and_nobody_gets_it_twice) {
  add_users(100, 299);
  announce({"x"});
  host.pass(250);
  host.pass(250);
  const auto sent = std::stoi(messages());
  EXPECT_GT(sent, 0);
  EXPECT_LE(sent, 100) << "so many a second";
  ASSERT_EQ(host.reload(host.saved()), PARLEY_OK);
  host.pass(250);
  EXPECT_GT(std::stoi(messages()), sent) << "at once";
  finish();
  EXPECT_EQ(messages(), "204");
  EXPECT_NE(host.verb("announcements list", {}).text.find(R"("total":204,"sent":204,"skipped":0)"), std::string::npos);
}

TEST_F(announce_test, after_a_crash_nobody_gets_it_twice_either) {
  add_users(100, 180);
  announce({"x"});
  host.pass(250);
  // Committed, but how far it came was not written.
  host.db().run("UPDATE announcement SET after_user = 0, sent = 0");
  ASSERT_EQ(host.reload(std::string("\7\0\0\0", 4)), PARLEY_OK);
  host.pass(250);
  EXPECT_NE(messages(), "85") << "another one holds it for some seconds";
  finish();
  EXPECT_EQ(messages(), "85");
  EXPECT_NE(host.verb("announcements list", {}).text.find(R"("sent":85)"), std::string::npos);
}

TEST_F(announce_test, it_waits_for_a_database_that_is_away) {
  announce({"x"});
  host.enqueue_verdict = PARLEY_BUSY;
  host.pass(250);
  EXPECT_EQ(messages(), "0");
  EXPECT_NE(host.verb("announcements list", {}).text.find(R"("sent":0,"skipped":0,"finished":0)"), std::string::npos);
  host.enqueue_verdict = PARLEY_OK;
  finish();
  EXPECT_EQ(messages(), "4");
}

TEST_F(announce_test, what_cannot_be_announced_is_refused) {
  const std::string long_text(3069, 'x');
  for (const auto& values : std::vector<std::vector<const char*>>{{""},
                                                                  {long_text.c_str()},
                                                                  {"\xff"},
                                                                  {"x", "0"},
                                                                  {"x", "Sales"},
                                                                  {"x", "1", "1"},
                                                                  {"x", none, ""},
                                                                  {"x", none, "1,"},
                                                                  {"x", none, "1,,2"},
                                                                  {"x", none, "1;2"},
                                                                  {"x", none, "0"},
                                                                  {"x", none, "-1"}}) {
    EXPECT_EQ(host.verb("announce", values).code, PARLEY_MALFORMED);
  }
  EXPECT_EQ(host.verb("announce", {"x", "77"}).code, PARLEY_NO_TARGET);
  EXPECT_EQ(host.verb("announce", {"x", none, "4711"}).code, PARLEY_NO_TARGET);
  EXPECT_EQ(host.verb("announcements list", {"0"}).code, PARLEY_MALFORMED);
  EXPECT_EQ(host.verb("announcements list", {"1", "201"}).code, PARLEY_MALFORMED);
  EXPECT_EQ(count("announcement"), "0");
}

}  // namespace
}  // namespace message_test

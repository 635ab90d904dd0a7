// Pages of users, one user, changes of a profile, unlocking.
#include "login_flow.hpp"

namespace login_test {
namespace {

class people : public login_flow {
 protected:
  std::string page(const std::vector<const char*>& values) {
    const auto end = host.verb("users list", values);
    EXPECT_EQ(end.code, PARLEY_OK) << end.text;
    return end.text;
  }
  /// The total and the names of a page: "2 alice bob".
  std::string names(const std::vector<const char*>& values) {
    const auto text = page(values);
    auto out = text.substr(9, text.find(',') - 9);
    for (std::size_t at = 0; (at = text.find("\"name\":\"", at)) != text.npos;) {
      at += 8;
      out += ' ' + text.substr(at, text.find('"', at) - at);
    }
    return out;
  }
  /// users edit ID NICK SEX DEPARTMENT EMAIL PHONE SIGNATURE AVATAR
  verb_end edit(const std::vector<const char*>& values) { return host.verb("users edit", values); }
};

constexpr const char* none = nullptr;

TEST_F(people, an_item_says_everything) {
  host.verb("departments add", {"Sales"});
  host.verb("users add", {"bob", "x", "Bobby", "1", "bob@example.org", "123", "1"});
  const auto on = login("bob", "x", phone, "192.0.2.7");
  EXPECT_EQ(
      page({"bob", none, none, none, none, "1"}),
      R"({"total":1,"items":[{"id":2,"name":"bob","nick":"Bobby","sex":1,"department":1,"department_name":"Sales",)"
      R"("email":"bob@example.org","phone":"123","signature":"","avatar":"","disabled":false,"algorithm":"argon2id",)"
      R"("created":1700000000,"updated":1700000000,"terminals":[{"session":)" +
          std::to_string(on) + R"(,"tag":17,"type":"ios","address":"192.0.2.7","since":1700000000}]}]})");
  const auto shown = host.verb("users show", {"2"}).text;
  EXPECT_EQ(host.verb("users show", {"bob"}).text, shown);
  EXPECT_NE(shown.find(R"("address":"192.0.2.7")"), std::string::npos) << shown;
  EXPECT_EQ(host.verb("users show", {"nobody"}).code, PARLEY_NO_TARGET);
  EXPECT_EQ(host.verb("users show", {"4711"}).code, PARLEY_NO_TARGET);
  EXPECT_EQ(host.verb("users show", {""}).code, PARLEY_NO_TARGET);
}

TEST_F(people, pages_hold_what_was_asked_for) {
  for (const char* name : {"bob", "carl", "dora", "eve"}) host.verb("users add", {name, "x"});
  EXPECT_EQ(names({none, none, none, none, none, "1", "2"}), "5 alice bob");
  EXPECT_EQ(names({none, none, none, none, none, "3", "2"}), "5 eve");
  EXPECT_EQ(names({none, none, none, none, none, "4", "2"}), "5");
  EXPECT_EQ(names({none, none, none, none, none, "10000000", "200"}), "5");
  EXPECT_EQ(names({none, none, none, none, none, none, "3"}), "5 alice bob carl");
  EXPECT_EQ(names({"R", none, none, none, none, "1"}), "2 carl dora") << "upper and lower case are the same";
  EXPECT_EQ(names({"%", none, none, none, none, "1"}), "0");
  EXPECT_EQ(names({"_", none, none, none, none, "1"}), "0");
}

TEST_F(people, are_found_by_department_state_and_terminals) {
  for (const char* name : {"bob", "carl", "dora"}) host.verb("users add", {name, "x", none, "Sales"});
  host.verb("users disable", {"carl"});
  login("dora", "x");
  EXPECT_EQ(names({none, none, "Sales"}), "3 bob carl dora");
  EXPECT_EQ(names({none, none, "1"}), "3 bob carl dora");
  EXPECT_EQ(names({none, none, "0"}), "1 alice");
  EXPECT_EQ(names({none, none, none, "yes"}), "1 carl");
  EXPECT_EQ(names({none, none, none, "no"}), "3 alice bob dora");
  EXPECT_EQ(names({none, none, none, none, "yes"}), "1 dora");
  EXPECT_EQ(names({none, none, none, none, "no"}), "3 alice bob carl");
  EXPECT_EQ(names({none, none, none, "no", "no", "2", "1"}), "2 bob");
  EXPECT_EQ(names({"o", none, "Sales", "no", "no"}), "1 bob");
  EXPECT_EQ(names({"a", none, none, none, "yes"}), "1 dora");
  EXPECT_EQ(host.verb("users list", {none, none, "Nowhere"}).code, PARLEY_NO_TARGET);
}

TEST_F(people, a_page_that_cannot_be_is_refused) {
  const std::string long_text(65, 'x');
  for (const auto& values : std::vector<std::vector<const char*>>{{none, none, none, "maybe"},
                                                                  {none, none, none, none, "1"},
                                                                  {none, none, none, none, none, "0"},
                                                                  {none, none, none, none, none, "-1"},
                                                                  {none, none, none, none, none, "99999999999"},
                                                                  {none, none, none, none, none, "1", "0"},
                                                                  {none, none, none, none, none, "1", "201"},
                                                                  {long_text.c_str(), none, none, none, none, "1"},
                                                                  {"\xff", none, none, none, none, "1"}}) {
    EXPECT_EQ(host.verb("users list", values).code, PARLEY_MALFORMED);
  }
  host.sql_verdict = PARLEY_UNAVAILABLE;
  EXPECT_EQ(host.verb("users list", {none, none, none, none, none, "1"}).code, PARLEY_UNAVAILABLE);
}

TEST_F(people, an_edit_changes_what_it_says_and_is_told) {
  host.verb("departments add", {"Sales"});
  host.told.clear();
  host.pass(5000);
  const auto end = edit({"1", "Alice", "2", "Sales", "a@b", "12", "hello", "/g0/a.png"});
  EXPECT_EQ(end.code, PARLEY_OK);
  EXPECT_NE(
      end.text.find(R"("nick":"Alice","sex":2,"department":1,"department_name":"Sales","email":"a@b","phone":"12",)"
                    R"("signature":"hello","avatar":"/g0/a.png")"),
      std::string::npos)
      << end.text;
  EXPECT_NE(end.text.find(R"("created":1700000000,"updated":1700000005)"), std::string::npos) << end.text;
  EXPECT_EQ(host.told, (std::vector<std::string>{"user.changed", "user.changed"})) << "one of them with the texts";
  host.told.clear();
  host.pass(5000);
  EXPECT_NE(edit({"1", "Alice", none, "1"}).text.find(R"("updated":1700000005)"), std::string::npos)
      << "nothing is new";
  EXPECT_TRUE(host.told.empty());
  EXPECT_NE(edit({"1", "", none, ""}).text.find(R"("nick":"alice","sex":2,"department":0)"), std::string::npos);
}

TEST_F(people, an_edit_that_cannot_be_changes_nothing) {
  const std::string long_nick(33, 'x'), long_signature(129, 'x'), long_avatar(256, 'x');
  const auto before = host.db.run("SELECT nick || sex || departId || email || phone || sign_info FROM IMUser");
  for (const auto& values :
       std::vector<std::vector<const char*>>{{"1"},
                                             {"alice", "x"},
                                             {"1", long_nick.c_str()},
                                             {"1", "a\nb"},
                                             {"1", "\xff"},
                                             {"1", "good", "3"},
                                             {"1", "good", "female"},
                                             {"1", none, none, none, none, "123456789012"},
                                             {"1", none, none, none, none, none, long_signature.c_str()},
                                             {"1", none, none, none, none, none, none, long_avatar.c_str()}}) {
    EXPECT_EQ(edit(values).code, PARLEY_MALFORMED) << (values.size() > 1 && values[1] ? values[1] : "");
  }
  EXPECT_EQ(edit({"1", "good", none, "Nowhere"}).code, PARLEY_NO_TARGET);
  EXPECT_EQ(edit({"1", "good", none, "4711"}).code, PARLEY_NO_TARGET);
  EXPECT_EQ(edit({"4711", "good"}).code, PARLEY_NO_TARGET);
  EXPECT_EQ(host.db.run("SELECT nick || sex || departId || email || phone || sign_info FROM IMUser"), before);
}

TEST_F(people, of_one_name_are_told_apart_by_id) {
  host.verb("users disable", {"alice"});
  host.verb("users add", {"alice", "new"});
  host.verb("users disable", {"alice"});
  EXPECT_EQ(host.verb("users enable", {"alice", "1"}).text, R"({"id":1,"name":"alice"})") << "not the newest";
  EXPECT_EQ(host.verb("users passwd", {"alice", "x", "2"}).code, PARLEY_NO_TARGET);
  EXPECT_EQ(host.verb("users disable", {"alice", "2"}).code, PARLEY_NO_TARGET);
  EXPECT_EQ(host.verb("users disable", {"alice", "one"}).code, PARLEY_MALFORMED);
  EXPECT_EQ(host.verb("users passwd", {"alice", "x", "1"}).code, PARLEY_OK);
  EXPECT_TRUE(in(login("alice", "x")));
}

TEST_F(people, who_is_locked_out_is_let_in_again) {
  for (int i = 0; i < 10; ++i) login("alice", "wrong");
  EXPECT_FALSE(in(login("alice", "12345")));
  EXPECT_EQ(host.verb("users unlock", {"nobody"}).code, PARLEY_NO_TARGET);
  EXPECT_EQ(host.verb("users unlock", {"alice"}).text, R"({"id":1,"name":"alice","addresses":1})");
  EXPECT_TRUE(in(login("alice", "12345")));
}

TEST_F(people, are_added_to_departments_by_id_or_name) {
  host.verb("departments add", {"Sales"});
  host.told.clear();
  EXPECT_EQ(host.verb("users add", {"bob", "x", none, "1"}).code, PARLEY_OK);
  EXPECT_EQ(host.verb("users add", {"carl", "x", none, "Sales"}).code, PARLEY_OK);
  EXPECT_EQ(host.verb("users add", {"dora", "x", none, "4711"}).code, PARLEY_NO_TARGET);
  EXPECT_EQ(host.verb("users add", {"eve", "x", none, none, none, none, "9"}).code, PARLEY_MALFORMED);
  EXPECT_EQ(host.db.run("SELECT COUNT(*) FROM IMUser WHERE departId = 1"), "2");
  EXPECT_EQ(host.db.run("SELECT COUNT(*) FROM IMUser"), "3");
  EXPECT_EQ(host.told, (std::vector<std::string>{"user.changed", "user.changed"}));
  EXPECT_EQ(host.verb("users add", {"dora", "x", none, "Law"}).code, PARLEY_OK);
  EXPECT_EQ(host.told[2], "department.changed") << "it was made";
}

}  // namespace
}  // namespace login_test

#include "login_flow.hpp"

namespace login_test {
namespace {

using departments = login_flow;
constexpr const char* none = nullptr;

TEST_F(departments, are_made_changed_listed_and_removed) {
  EXPECT_EQ(host.verb("departments list", {}).text, "[]");
  host.told.clear();
  EXPECT_EQ(host.verb("departments add", {" Sales ", none, "7"}).text, R"({"id":1,"name":"Sales"})");
  EXPECT_EQ(host.verb("departments add", {"Europe", "1"}).text, R"({"id":2,"name":"Europe"})");
  EXPECT_EQ(host.told, (std::vector<std::string>{"department.changed", "department.changed"}));
  host.verb("users add", {"bob", "x", none, "Europe"});
  EXPECT_EQ(host.verb("departments list", {}).text,
            R"([{"id":2,"name":"Europe","parent":1,"priority":0,"users":1,"created":1700000000,"updated":1700000000},)"
            R"({"id":1,"name":"Sales","parent":0,"priority":7,"users":0,"created":1700000000,"updated":1700000000}])");
  host.pass(3000);
  host.told.clear();
  EXPECT_EQ(host.verb("departments edit", {"2", "欧洲", "0", "9"}).text,
            R"({"id":2,"name":"欧洲","parent":0,"priority":9,"users":1,"created":1700000000,"updated":1700000003})");
  EXPECT_EQ(host.told.size(), 1u);
  EXPECT_EQ(host.verb("departments edit", {"2", "欧洲"}).code, PARLEY_OK);
  EXPECT_EQ(host.told.size(), 1u) << "nothing is new";
  EXPECT_EQ(host.verb("departments remove", {"1"}).text, R"({"id":1})");
  EXPECT_EQ(host.db.run("SELECT status || '/' || updated FROM IMDepart WHERE id = 1"), "1/1700000003")
      << "clients find it";
  EXPECT_EQ(host.verb("departments remove", {"1"}).code, PARLEY_NO_TARGET);
}

TEST_F(departments, with_somebody_in_them_stay) {
  host.verb("departments add", {"Sales"});
  host.verb("departments add", {"Europe", "1"});
  EXPECT_EQ(host.verb("departments remove", {"1"}).code, PARLEY_CONFLICT);
  host.verb("users add", {"bob", "x", none, "Europe"});
  const auto end = host.verb("departments remove", {"2"});
  EXPECT_EQ(end.code, PARLEY_CONFLICT);
  EXPECT_NE(end.text.find("1 user;"), std::string::npos) << end.text;
  host.verb("users disable", {"bob"});
  EXPECT_EQ(host.verb("departments remove", {"2"}).code, PARLEY_OK);
  EXPECT_EQ(host.verb("departments remove", {"1"}).code, PARLEY_OK);
}

TEST_F(departments, are_never_below_themselves) {
  host.verb("departments add", {"a"});
  host.verb("departments add", {"b", "1"});
  host.verb("departments add", {"c", "2"});
  EXPECT_EQ(host.verb("departments edit", {"1", none, "1"}).code, PARLEY_CONFLICT);
  EXPECT_EQ(host.verb("departments edit", {"1", none, "3"}).code, PARLEY_CONFLICT);
  EXPECT_EQ(host.verb("departments edit", {"3", none, "1"}).code, PARLEY_OK);
  // A circle that somebody made by hand.
  host.db.run("UPDATE IMDepart SET parentId = 3 WHERE id = 1");
  EXPECT_EQ(host.verb("departments edit", {"2", none, "3"}).code, PARLEY_CONFLICT);
  EXPECT_EQ(host.verb("departments add", {"d", "3"}).code, PARLEY_CONFLICT);
}

TEST_F(departments, that_cannot_be_are_refused) {
  host.verb("departments add", {"Sales"});
  const std::string long_name(65, 'x');
  for (const char* name : {"", "  ", "12", "a\tb", "\xff", long_name.c_str()}) {
    EXPECT_EQ(host.verb("departments add", {name}).code, PARLEY_MALFORMED) << name;
    EXPECT_EQ(host.verb("departments edit", {"1", name}).code, PARLEY_MALFORMED) << name;
  }
  EXPECT_EQ(host.verb("departments add", {"Sales"}).code, PARLEY_CONFLICT);
  EXPECT_EQ(host.verb("departments add", {"Law", "x"}).code, PARLEY_MALFORMED);
  EXPECT_EQ(host.verb("departments add", {"Law", "0", "-1"}).code, PARLEY_MALFORMED);
  EXPECT_EQ(host.verb("departments add", {"Law", "4711"}).code, PARLEY_NO_TARGET);
  EXPECT_EQ(host.verb("departments edit", {"1"}).code, PARLEY_MALFORMED);
  EXPECT_EQ(host.verb("departments edit", {"Sales", "Law"}).code, PARLEY_MALFORMED);
  EXPECT_EQ(host.verb("departments edit", {"4711", "Law"}).code, PARLEY_NO_TARGET);
  for (const char* id : {"0", "-1", "Sales", "99999999999"}) {
    EXPECT_EQ(host.verb("departments remove", {id}).code, PARLEY_MALFORMED) << id;
  }
  host.sql_verdict = PARLEY_UNAVAILABLE;
  EXPECT_EQ(host.verb("departments list", {}).code, PARLEY_UNAVAILABLE);
  EXPECT_EQ(host.verb("departments add", {"Law"}).code, PARLEY_UNAVAILABLE);
}

}  // namespace
}  // namespace login_test

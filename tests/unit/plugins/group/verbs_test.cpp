#include "group_fixture.hpp"

namespace group_test {
namespace {

using verbs_test = group_fixture;

TEST_F(verbs_test, groups_are_listed_and_searched) {
  create_as(anna, wish({2}, "100% \"ours\""));
  create_as(ben, wish({3, 4}, "100 others"));
  const auto all = host.verb("groups list", {nullptr, nullptr});
  EXPECT_EQ(all.code, PARLEY_OK);
  EXPECT_EQ(all.text,
            R"([{"id":1,"name":"100% \"ours\"","type":"temporary","owner":1,"members":2,"version":1,"status":"live",)"
            R"("created":1700000000,"updated":1700000001},)"
            R"({"id":2,"name":"100 others","type":"temporary","owner":2,"members":3,"version":1,"status":"live",)"
            R"("created":1700000000,"updated":1700000001}])");
  EXPECT_EQ(host.verb("groups list", {"0%", nullptr}).text.find("others"), std::string::npos);
  EXPECT_EQ(host.verb("groups list", {nullptr, "1"}).text.find("others"), std::string::npos);
  EXPECT_EQ(host.verb("groups list", {nullptr, "10000"}).text, all.text);
  EXPECT_EQ(host.verb("groups list", {"nothing", nullptr}).text, "[]");
  for (const char* limit : {"0", "x", "-1", "10001", "1 "}) {
    EXPECT_EQ(host.verb("groups list", {nullptr, limit}).code, PARLEY_MALFORMED) << limit;
  }
}

TEST_F(verbs_test, a_group_is_shown_with_its_members) {
  const auto id = make_group(anna, {2});
  shield(ben, id, 1);
  host.now_ms += 1000;
  add(anna, id, {3});
  const auto shown = host.verb("groups show", {std::to_string(id).c_str()});
  EXPECT_EQ(shown.code, PARLEY_OK);
  EXPECT_NE(shown.text.find(R"("members":3,"version":2)"), std::string::npos) << shown.text;
  EXPECT_NE(shown.text.find(R"("avatar":"a.png","invitations":0,"member":[)"
                            R"({"user":1,"name":"anna","since":1700000000,"muted":false},)"
                            R"({"user":2,"name":"ben","since":1700000000,"muted":true},)"
                            R"({"user":3,"name":"carl","since":1700000001,"muted":false}])"),
            std::string::npos)
      << shown.text;
  EXPECT_EQ(host.verb("groups show", {"4711"}).code, PARLEY_NO_TARGET);
  EXPECT_EQ(host.verb("groups show", {"friends"}).code, PARLEY_MALFORMED);
  host.db().fail("FROM IMGroup", PARLEY_UNAVAILABLE);
  EXPECT_EQ(host.verb("groups show", {"1"}).code, PARLEY_UNAVAILABLE);
}

}  // namespace
}  // namespace group_test

#include "group_fixture.hpp"

namespace group_test {
namespace {

class verbs_test : public group_fixture {
 protected:
  /// Of anna and ben.
  void make_group_called(const std::string& name) {
    create_as(anna, wish({2}, name));
    forget();
  }
};

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

TEST_F(verbs_test, pages_of_groups_and_members) {
  for (const char* name : {"One", "two", "one more"}) make_group_called(name);
  const auto page = [&](const std::vector<const char*>& values) {
    const auto end = host.verb("groups list", values);
    EXPECT_EQ(end.code, PARLEY_OK) << end.text;
    return end.text;
  };
  EXPECT_NE(page({nullptr, nullptr, "2", "2"}).find(R"({"total":3,"items":[{"id":3,"name":"one more")"),
            std::string::npos);
  EXPECT_EQ(page({"ONE", nullptr, "1"}).find(R"({"total":2,"items":[{"id":1,"name":"One")"), 0u);
  EXPECT_EQ(page({"%", nullptr, "1"}), R"({"total":0,"items":[]})");
  EXPECT_EQ(host.verb("groups dissolve", {"2"}).text, R"({"id":2,"members":2})");
  EXPECT_EQ(page({nullptr, nullptr, nullptr, "1"}).find(R"({"total":2,)"), 0u);
  EXPECT_EQ(page({nullptr, nullptr, nullptr, nullptr, "yes"}).find(R"({"total":1,"items":[{"id":2,)"), 0u);
  EXPECT_EQ(host.verb("groups members", {"1", "2", "1"}).text,
            R"({"total":2,"items":[{"user":2,"name":"ben","since":1700000000,"muted":false,"nick":""}]})");
  EXPECT_EQ(host.verb("groups members", {"4711"}).code, PARLEY_NO_TARGET);
  for (const auto& values : std::vector<std::vector<const char*>>{
           {nullptr, nullptr, "0"}, {nullptr, nullptr, "1", "201"}, {nullptr, nullptr, "1", "1", "maybe"}}) {
    EXPECT_EQ(host.verb("groups list", values).code, PARLEY_MALFORMED);
  }
}

TEST_F(verbs_test, an_operator_s_changes_are_an_administrator_s) {
  const auto made = host.verb("groups add", {"Board", "1,2,2,9,4711", "3", "b.png"});
  EXPECT_EQ(made.text, R"({"id":1,"name":"Board","type":"normal","owner":3,"avatar":"b.png","members":3,"version":1,)"
                       R"("left_out":[9,4711]})")
      << "who has left, and who never was";
  EXPECT_EQ(host.verb("groups add", {"Board", "1", "9"}).code, PARLEY_NO_TARGET) << "an owner who has left";
  EXPECT_EQ(host.verb("groups owner", {"1", "4"}).code, PARLEY_NO_TARGET) << "no member";
  EXPECT_NE(host.verb("groups owner", {"1", "1"}).text.find(R"("owner":1)"), std::string::npos);
  EXPECT_NE(host.verb("groups rename", {"1", "Council"}).text.find(R"("name":"Council")"), std::string::npos);
  EXPECT_NE(host.verb("groups avatar", {"1", ""}).text.find(R"("avatar":"")"), std::string::npos);
  EXPECT_NE(host.verb("groups member-add", {"1", "4"}).text.find(R"("added":[4],"left_out":[],"dissolved":false)"),
            std::string::npos);
  EXPECT_NE(host.verb("groups member-remove", {"1", "1,4"}).text.find(R"("owner":2)"), std::string::npos)
      << "who has been there longest owns it now";
  EXPECT_NE(host.verb("groups member-remove", {"1", "2,3"}).text.find(R"("dissolved":true)"), std::string::npos);
  EXPECT_EQ(host.verb("groups rename", {"1", "x"}).code, PARLEY_NO_TARGET);
  EXPECT_EQ(host.verb("groups dissolve", {"1"}).code, PARLEY_NO_TARGET);
}

}  // namespace
}  // namespace group_test

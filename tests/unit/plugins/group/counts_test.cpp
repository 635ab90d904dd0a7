// What TeamTalk counted wrong is right from the first start.
#include "group_fixture.hpp"
#include "plugins/group/schema.hpp"
#include "support/mariadb.hpp"

namespace group_test {
namespace {

struct member_counts : group_fixture {
  std::vector<std::string> counts() {
    std::vector<std::string> all;
    for (int id = 1; id <= 5; ++id) all.push_back(sql("SELECT userCnt FROM IMGroup WHERE id = " + std::to_string(id)));
    return all;
  }
};

TEST_F(member_counts, are_set_for_groups_that_others_wrote) {
  sql("INSERT INTO IMGroup(id, name, userCnt, status, version, updated, created) VALUES (1,'too many',7,0,3,10,10),"
      "(2,'too few',0,0,1,10,10),(3,'right',2,0,1,10,10),(4,'nobody',4,0,1,10,10),(5,'dissolved',3,1,1,10,10)");
  sql("INSERT INTO IMGroupMember(groupId, userId, status, created, updated) VALUES (1,1,0,1,1),(1,2,1,1,1),(1,0,0,1,1),"
      "(2,1,0,1,1),(2,1,0,2,2),(2,1,1,3,3),(2,2,0,1,1),(2,3,0,1,1),(3,1,0,1,1),(3,2,0,1,1),(4,1,1,1,1),(5,1,1,1,1),"
      "(99,1,0,1,1)");
  host.db().take_log();
  host.db().migrate(group::schema::member_counts);
  EXPECT_EQ(counts(), (std::vector<std::string>{"1", "3", "2", "0", "0"}));
  EXPECT_EQ(sql("SELECT COUNT(*) FROM IMGroup WHERE updated = 10 AND created = 10"), "5");
  EXPECT_EQ(version(1), "3");
  host.db().migrate(group::schema::member_counts);
  EXPECT_EQ(counts(), (std::vector<std::string>{"1", "3", "2", "0", "0"}));

  for (const auto& mine : std::vector<ids>{{}, {2, 3}})
    EXPECT_EQ(counted(make_group(anna, mine)), std::to_string(mine.size() + 1));
}

TEST_F(member_counts, are_found_by_an_index) {
  if (parley::test::on_mariadb()) GTEST_SKIP() << "a plan of SQLite";
  std::string statement = group::schema::member_counts;
  statement.erase(statement.rfind(';'));
  const auto plan = host.db().plan(statement);
  EXPECT_EQ(plan.find("SCAN m"), std::string::npos) << plan;
  EXPECT_NE(plan.find("SEARCH m USING COVERING INDEX IMGroupMember_group"), std::string::npos) << plan;
}

}  // namespace
}  // namespace group_test

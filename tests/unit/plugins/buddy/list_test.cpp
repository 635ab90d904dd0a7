#include "people.hpp"

#include <set>

#include "support/mariadb.hpp"

namespace buddy_test {
namespace {

class list : public people {
 protected:
  list() : people({{"max_friends", "10000"}}) {}

  std::vector<IMFriendListRsp> since(std::uint32_t revision) {
    IMFriendListReq request;
    request.set_revision(revision);
    EXPECT_EQ(host.serve(anna, cid::friends_list_req, request), PARLEY_OK);
    std::vector<IMFriendListRsp> parts;
    for (const auto& one : host.replies()) {
      EXPECT_LT(one.body.size() + 16, 400u << 10);
      parts.push_back(parsed<IMFriendListRsp>(one.body));
    }
    return parts;
  }
  void fill(std::uint32_t count, const std::string& revision, const std::string& remark) {
    const std::string rows =
        "WITH RECURSIVE a(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM a WHERE n < 99), "
        "n(i) AS (SELECT 1 + x.n + 100 * y.n FROM a x, a y) ";
    run("INSERT INTO friend(user_id, peer_id, remark, revision, created, updated) " + rows + "SELECT 1, 1000 + i, '" +
        remark + "', " + revision + ", 1, 1 FROM n WHERE i <= " + std::to_string(count));
    run("INSERT INTO friend_list(user_id, revision) SELECT 1, MAX(revision) FROM friend");
  }
};

TEST_F(list, is_told_by_revision) {
  befriend(1, 2);
  befriend(1, 3);
  part(1, 2);
  auto got = since(0);
  ASSERT_EQ(got.size(), 1u);
  EXPECT_TRUE(got[0].whole());
  EXPECT_EQ(got[0].revision(), 3u);
  ASSERT_EQ(got[0].friends_size(), 1);
  EXPECT_EQ(got[0].friends(0).user_id(), 3u);
  EXPECT_EQ(got[0].friends(0).since(), now);
  got = since(1);
  ASSERT_EQ(got[0].friends_size(), 2);
  EXPECT_FALSE(got[0].whole());
  EXPECT_EQ(got[0].friends(0).user_id(), 3u);
  EXPECT_TRUE(got[0].friends(1).ended());
  EXPECT_EQ(since(3)[0].friends_size(), 0);
  EXPECT_TRUE(since(4)[0].whole());
}

TEST_F(list, groupings_come_when_they_changed) {
  befriend(1, 2);
  auto db = host.sql();
  buddy::create_grouping(db, 1, "work");
  EXPECT_EQ(since(1)[0].groupings_size(), 1);
  EXPECT_TRUE(since(1)[0].groupings_changed());
  buddy::remark(db, {1, 2}, "B", now);
  EXPECT_FALSE(since(2)[0].groupings_changed());
  EXPECT_EQ(since(2)[0].groupings_size(), 0);
  EXPECT_EQ(since(0)[0].groupings_size(), 1);
}

TEST_F(list, of_somebody_without_friends_is_empty) {
  const auto got = since(0);
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].revision(), 0u);
  EXPECT_TRUE(got[0].whole());
  EXPECT_EQ(since(5)[0].revision(), 0u);
}

TEST_F(list, that_is_long_comes_in_parts) {
  std::string wide;
  for (int i = 0; i < 64; ++i) wide += "😀";
  fill(10000, "i", wide);
  auto db = host.sql();
  for (int i = 0; i < 100; ++i) {
    std::string name;
    for (int k = 0; k < 30; ++k) name += "😀";
    buddy::create_grouping(db, 1, name + std::to_string(i));
  }
  const auto got = since(0);
  EXPECT_GT(got.size(), 6u);
  std::set<std::uint32_t> seen;
  for (const auto& part : got) {
    EXPECT_EQ(part.revision(), 10100u);
    EXPECT_EQ(part.more(), &part != &got.back());
    for (const auto& one : part.friends()) EXPECT_TRUE(seen.insert(one.user_id()).second);
  }
  EXPECT_EQ(seen.size(), 10000u);
  EXPECT_EQ(got[0].groupings_size(), 100);
}

TEST_F(list, longer_than_one_request_gets_is_gone_on_with) {
  fill(10000, "i", "");
  run("INSERT INTO friend(user_id, peer_id, revision, created, updated) "
      "SELECT 1, 100000 + peer_id, 10000 + revision, 1, 1 FROM friend WHERE user_id = 1");
  run("INSERT INTO friend(user_id, peer_id, revision, created, updated) "
      "SELECT 1, 200000 + peer_id, 20000 + revision, 1, 1 FROM friend WHERE user_id = 1 AND peer_id < 100000");
  run("UPDATE friend_list SET revision = 30000 WHERE user_id = 1");
  std::set<std::uint32_t> seen;
  std::uint32_t revision = 0;
  for (int i = 0; i < 5 && revision < 30000; ++i) {
    const auto got = since(revision);
    for (const auto& part : got) {
      for (const auto& one : part.friends()) seen.insert(one.user_id());
    }
    ASSERT_GT(got.back().revision(), revision);
    revision = got.back().revision();
  }
  EXPECT_EQ(revision, 30000u);
  EXPECT_EQ(seen.size(), 30000u);
}

TEST_F(list, is_read_by_its_index) {
  if (!parley::test::on_mariadb()) {
    EXPECT_NE(host.db()
                  .plan("SELECT peer_id FROM friend WHERE user_id = 1 AND revision > 5 ORDER BY revision LIMIT 9")
                  .find("friend_revision"),
              std::string::npos);
    const auto plan = host.db().plan("SELECT COUNT(*) FROM friend_request WHERE from_id = 1 AND created >= 5");
    EXPECT_NE(plan.find("friend_request_from"), std::string::npos) << plan;
  }
}

TEST_F(list, goes_on_behind_friends_that_were_there_before_it) {
  run("INSERT INTO friend(user_id, peer_id, revision, created, updated) VALUES (1, 2, 7, 1, 1), (2, 1, 7, 1, 1)");
  EXPECT_EQ(since(0)[0].friends_size(), 1);
  EXPECT_EQ(part(1, 2).revision, 8u);
}

}  // namespace
}  // namespace buddy_test

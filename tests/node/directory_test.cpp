// A directory that is larger than one PDU.
#include "node/fixture.hpp"

#include <parley/commands.hpp>

#include <set>


namespace parley::test {
namespace {

constexpr std::size_t largest_pdu = 409600;

struct big_directory : node_test {
  /// `count` users with long profiles. `updated` is an SQL expression over i.
  void fill(int count, const std::string& updated) {
    const auto padded = [](std::size_t width) { return "'" + std::string(width - 6, '0') + "' || i"; };
    node().run_sql("INSERT INTO IMUser(name, nick, avatar, email, departId, created, updated, sign_info) "
                   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                   std::to_string(count) + ") SELECT 'user' || i, 'nick' || i, " + padded(200) + ", " + padded(60) +
                   ", 1, 1, " + updated + ", " + padded(100) + " FROM n");
  }
  /// Every reply under the seq of one request.
  std::vector<IM::Buddy::IMAllUserRsp> all_users(chat_client& who, std::uint32_t since) {
    IM::Buddy::IMAllUserReq request;
    request.set_user_id(who.id());
    request.set_latest_update_time(since);
    who.wire().send(cid::buddy_list_all_user_request, 777, request.SerializeAsString());
    std::vector<IM::Buddy::IMAllUserRsp> out;
    for (auto time = answer_time;; time = milliseconds(500)) {
      const auto page = who.wire().answer(cid::buddy_list_all_user_response, 777, time);
      if (!page) return out;
      EXPECT_LE(page->raw.size(), largest_pdu);
      out.push_back(read<IM::Buddy::IMAllUserRsp>(*page));
    }
  }
};

TEST_F(big_directory, comes_in_replies_that_every_client_takes) {
  fill(4000, "1000 + i / 10");
  auto alice = user("alice");
  const auto pages = all_users(alice, 0);
  EXPECT_GT(pages.size(), 3u);
  std::set<std::uint32_t> seen;
  for (const auto& page : pages) {
    for (const auto& one : page.user_list())
      EXPECT_TRUE(seen.insert(one.user_id()).second) << "twice: " << one.user_id();
  }
  EXPECT_EQ(seen.size(), 4001u);
}

TEST_F(big_directory, is_walked_by_a_client_that_takes_one_reply_per_request) {
  fill(4000, "1000 + i / 10");
  auto alice = user("alice");
  std::set<std::uint32_t> seen;
  std::uint32_t since = 0;
  for (int request = 0; request < 12; ++request) {
    const auto pages = all_users(alice, since);
    ASSERT_FALSE(pages.empty());
    for (const auto& one : pages.front().user_list()) seen.insert(one.user_id());
    if (pages.front().latest_update_time() == since) break;
    since = pages.front().latest_update_time();
  }
  EXPECT_EQ(seen.size(), 4001u);
}

TEST_F(big_directory, of_one_second_is_told_whole) {
  fill(3000, "1000");
  auto alice = user("alice");
  std::set<std::uint32_t> seen;
  for (const auto& page : all_users(alice, 0)) {
    for (const auto& one : page.user_list()) seen.insert(one.user_id());
  }
  EXPECT_EQ(seen.size(), 3001u);
}

TEST_F(big_directory, profiles_by_id_fit_too) {
  fill(1000, "1000");
  auto alice = user("alice");
  IM::Buddy::IMUsersInfoReq request;
  request.set_user_id(alice.id());
  for (std::uint32_t i = 1; i <= 1000; ++i) request.add_user_id_list(i);
  alice.wire().send(cid::buddy_list_user_info_request, 5, request.SerializeAsString());
  int found = 0;
  for (auto time = answer_time;; time = milliseconds(500)) {
    const auto page = alice.wire().answer(cid::buddy_list_user_info_response, 5, time);
    if (!page) break;
    EXPECT_LE(page->raw.size(), largest_pdu);
    found += read<IM::Buddy::IMUsersInfoRsp>(*page).user_info_list_size();
  }
  EXPECT_EQ(found, 1000);
}

}  // namespace
}  // namespace parley::test

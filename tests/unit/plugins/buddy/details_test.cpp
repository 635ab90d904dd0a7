// The directory: what of a profile is shown to whom, and from when on a client has seen everything.
#include "pages.hpp"
#include "people.hpp"

namespace buddy_test {
namespace {

std::vector<IM::BaseDefine::UserInfo> infos(small_host& host, std::vector<std::uint32_t> ids) {
  IMUsersInfoReq request;
  request.set_user_id(77);
  for (const auto id : ids) request.add_user_id_list(id);
  EXPECT_EQ(host.serve(anna, cid::buddy_list_user_info_request, request), PARLEY_OK);
  const auto rows = host.answer<IMUsersInfoRsp>().user_info_list();
  return {rows.begin(), rows.end()};
}

struct open_directory : people {};
struct closed_directory : people {
  closed_directory() : people({{"contact_details", "friends"}}) {}
};

TEST_F(open_directory, shows_everything) {
  for (const auto& one : infos(host, {1, 2, 3})) {
    EXPECT_NE(one.email(), "");
    EXPECT_NE(one.user_tel(), "");
  }
}

TEST_F(closed_directory, shows_contact_details_of_oneself_and_friends) {
  befriend(1, 2);
  befriend(1, 4);
  part(4, 1);
  const auto got = infos(host, {1, 2, 3, 4});
  ASSERT_EQ(got.size(), 4u);
  EXPECT_EQ(got[0].email(), "a@x");
  EXPECT_EQ(got[1].user_tel(), "22");
  EXPECT_EQ(got[2].email() + got[2].user_tel(), "");
  EXPECT_EQ(got[2].user_real_name(), "carl");
  EXPECT_EQ(got[3].email() + got[3].user_tel(), "") << "a friend no more";
  IMAllUserReq request;
  request.set_user_id(2);
  request.set_latest_update_time(0);
  EXPECT_EQ(host.serve(anna, cid::buddy_list_all_user_request, request), PARLEY_OK);
  const auto all = host.answer<IMAllUserRsp>();
  EXPECT_EQ(all.user_id(), 1u);
  ASSERT_EQ(all.user_list_size(), 4);
  EXPECT_EQ(all.user_list(0).email(), "a@x");
  EXPECT_EQ(all.user_list(2).email(), "");
}

TEST_F(open_directory, takes_a_thousand_ids_at_a_time) {
  IMUsersInfoReq request;
  request.set_user_id(1);
  for (std::uint32_t i = 0; i < 100'000; ++i) request.add_user_id_list(i);
  EXPECT_EQ(host.serve(anna, cid::buddy_list_user_info_request, request), PARLEY_TOO_LARGE);
  EXPECT_TRUE(host.replies().empty());
  auto first = request;
  first.mutable_user_id_list()->Truncate(0);
  for (std::uint32_t i = 1001; i > 0; --i) first.add_user_id_list(i);
  EXPECT_EQ(host.serve(user{1, 101, 0}, cid::buddy_list_user_info_request, first), PARLEY_OK);
  std::vector<std::uint32_t> told;
  const auto answered = host.answer<IMUsersInfoRsp>();
  for (const auto& one : answered.user_info_list()) told.push_back(one.user_id());
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.front(), 2u) << "1 was one too many";
  EXPECT_EQ(host.serve(user{1, 101, 0}, cid::buddy_list_user_info_request, request), PARLEY_OK);
  request.mutable_user_id_list()->Truncate(1000);
  EXPECT_EQ(host.serve(anna, cid::buddy_list_user_info_request, request), PARLEY_OK);
}

TEST_F(open_directory, never_dates_a_client_ahead_of_changes_under_way) {
  run("UPDATE IMUser SET updated = " + std::to_string(now - 1) + " WHERE id = 2");
  IMAllUserReq request;
  request.set_user_id(1);
  request.set_latest_update_time(0);
  EXPECT_EQ(host.serve(anna, cid::buddy_list_all_user_request, request), PARLEY_OK);
  const auto first = host.answer<IMAllUserRsp>().latest_update_time();
  EXPECT_LT(first, now - 1);
  // Begun before, committed after.
  run("UPDATE IMUser SET updated = " + std::to_string(now - 2) + " WHERE id = 3");
  request.set_latest_update_time(first);
  EXPECT_EQ(host.serve(anna, cid::buddy_list_all_user_request, request), PARLEY_OK);
  const auto rows = host.answer<IMAllUserRsp>().user_list();
  EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), [](const auto& one) { return one.user_id() == 3; }));
  host.now_ms += 60'000;
  EXPECT_EQ(host.serve(anna, cid::buddy_list_all_user_request, request), PARLEY_OK);
  EXPECT_EQ(host.answer<IMAllUserRsp>().latest_update_time(), now - 1);
}

}  // namespace
}  // namespace buddy_test

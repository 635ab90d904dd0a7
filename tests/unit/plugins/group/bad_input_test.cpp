#include "group_fixture.hpp"

namespace group_test {
namespace {

using bad_input_test = group_fixture;

TEST_F(bad_input_test, a_list_of_more_than_a_group_holds_is_answered_without_work) {
  ids many(100'000);
  for (std::uint32_t i = 0; i < many.size(); ++i) many[i] = i + 1;
  const auto id = make_group(anna, {2});
  const auto made = create_as(anna_1, wish(many));
  EXPECT_EQ(made.result_code(), 1u);
  EXPECT_EQ(made.refused_code(), 4u);
  EXPECT_FALSE(made.refused_text().empty());
  for (const auto what : {GROUP_MODIFY_TYPE_ADD, GROUP_MODIFY_TYPE_DEL}) {
    const auto changed = change(anna_1, what, id, many);
    EXPECT_EQ(changed.result_code(), 1u);
    EXPECT_EQ(changed.refused_code(), 4u);
  }
  EXPECT_FALSE(change(anna, GROUP_MODIFY_TYPE_ADD, id, many).has_refused_code()) << "not for level 0";
  EXPECT_TRUE(host.db().take_log().empty());
  EXPECT_EQ(counted(id), "2");
}

TEST_F(bad_input_test, the_longest_list_that_is_taken_may_name_nobody) {
  ids many(10'000);
  for (std::uint32_t i = 0; i < many.size(); ++i) many[i] = 1'000'000 + i;
  const auto id = make_group(anna, {2});
  EXPECT_EQ(add(anna, id, many).result_code(), 1u);
  EXPECT_EQ(remove(anna, id, many).result_code(), 1u);
  EXPECT_EQ(ids_of(create_as(anna, wish(many)).user_id_list()), (ids{1}));
}

TEST_F(bad_input_test, a_body_that_does_not_parse_reaches_nobody) {
  IMGroupChangeMemberReq request;
  request.set_group_id(1);
  EXPECT_EQ(host.serve(anna, cid::group_change_member_request, request), PARLEY_MALFORMED);
  IMGroupCreateReq unnamed;
  EXPECT_EQ(host.serve(anna, cid::group_create_request, unnamed), PARLEY_MALFORMED);
  EXPECT_TRUE(host.replies().empty());
}

TEST_F(bad_input_test, empty_extension_requests_name_no_group) {
  make_group(anna, {2});
  EXPECT_EQ(host.serve(anna_1, cid::group_leave_request, parley::group::LeaveReq()), PARLEY_NO_TARGET);
  EXPECT_EQ(host.serve(anna_1, cid::group_dissolve_request, parley::group::DissolveReq()), PARLEY_NO_TARGET);
  EXPECT_EQ(host.serve(anna_1, cid::group_hand_over_request, parley::group::HandOverReq()), PARLEY_NO_TARGET);
  EXPECT_EQ(host.serve(anna_1, cid::group_invite_request, parley::group::InviteReq()), PARLEY_NO_TARGET);
  EXPECT_EQ(host.serve(anna_1, cid::group_answer_invitation_request, parley::group::AnswerInvitationReq()),
            PARLEY_NO_TARGET);
  EXPECT_EQ(host.serve(anna_1, cid::group_change_profile_request, parley::group::ChangeProfileReq()), PARLEY_MALFORMED);
}

}  // namespace
}  // namespace group_test

#include "group_fixture.hpp"

namespace group_test {
namespace {

class invitation_test : public group_fixture {
 protected:
  invitation_test() : group_fixture({{"max_pending", "2"}, {"max_invitations", "3"}}) { add_users(10, 20); }

  parley_status invite(const user& who, std::uint32_t group, const ids& users, const std::string& text = "come") {
    parley::group::InviteReq request;
    request.set_group_id(group);
    request.mutable_user_id()->Add(users.begin(), users.end());
    request.set_text(text);
    return host.serve(who, cid::group_invite_request, request);
  }
  ids invited() { return ids_of(host.answer<parley::group::InviteRsp>().user_id()); }
  std::vector<parley::group::Invitation> pending(const user& who) {
    EXPECT_EQ(host.serve(who, cid::group_invitations_request, parley::group::InvitationsReq()), PARLEY_OK);
    const auto list = host.answer<parley::group::InvitationsRsp>().invitation();
    return {list.begin(), list.end()};
  }
  parley_status answer(const user& who, std::uint32_t group, bool accept) {
    parley::group::AnswerInvitationReq request;
    request.set_group_id(group);
    request.set_accept(accept);
    return host.serve(who, cid::group_answer_invitation_request, request);
  }
};

TEST_F(invitation_test, an_accepted_one_makes_a_member) {
  const auto id = make_group(anna, {2});
  EXPECT_EQ(invite(ben_1, id, {3, 3, 2, 9, 500, 0}), PARLEY_OK);
  EXPECT_EQ(invited(), (ids{3}));
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].users, (std::vector<std::uint64_t>{3}));
  EXPECT_EQ(pushes[0].which.min_level, 1u);
  const auto told = parsed<parley::group::InvitationNotify>(pushes[0].body).invitation();
  EXPECT_EQ(told.group_name(), "friends");
  EXPECT_EQ(told.inviter_id(), 2u);
  EXPECT_EQ(told.text(), "come");
  EXPECT_EQ(told.expires() - told.created(), 30u * 24 * 3600);
  const auto list = pending(carl_1);
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].SerializeAsString(), told.SerializeAsString());
  EXPECT_TRUE(info(carl, {{id, 0}}).empty()) << "not yet";
  EXPECT_EQ(counted(id), "2");

  EXPECT_EQ(answer(carl_1, id, true), PARLEY_OK);
  EXPECT_EQ(host.answer<parley::group::AnswerInvitationRsp>().version(), 2u);
  EXPECT_EQ(counted(id), "3");
  EXPECT_EQ(sql("SELECT since_msg_id FROM group_join WHERE user_id = 3 AND since_created = 0"), "0");
  const auto joined = host.take_pushes();
  ASSERT_EQ(joined.size(), 1u);
  EXPECT_EQ(joined[0].command, cid::group_change_member_notify);
  EXPECT_EQ(joined[0].which.except, carl_1.session);
  EXPECT_EQ(parsed<IMGroupChangeMemberNotify>(joined[0].body).user_id(), 3u);
  EXPECT_EQ(events().back().what(), static_cast<unsigned>(parley::events::GROUP_MEMBERS_ADDED));
  EXPECT_TRUE(pending(carl_1).empty());
  EXPECT_EQ(answer(carl_1, id, true), PARLEY_NO_TARGET);
}

TEST_F(invitation_test, a_declined_one_is_gone) {
  const auto id = make_group(anna, {2});
  invite(anna_1, id, {3});
  forget();
  EXPECT_EQ(answer(carl_1, id, false), PARLEY_OK);
  EXPECT_FALSE(host.answer<parley::group::AnswerInvitationRsp>().accepted());
  EXPECT_TRUE(host.take_pushes().empty());
  EXPECT_EQ(answer(carl_1, id, true), PARLEY_NO_TARGET);
  EXPECT_EQ(counted(id), "2");
  EXPECT_EQ(version(id), "1");
}

TEST_F(invitation_test, strangers_invite_nobody_and_nobody_answers_for_others) {
  const auto id = make_group(anna, {2});
  EXPECT_EQ(invite(carl_1, id, {4}), PARLEY_NO_TARGET);
  EXPECT_EQ(invite(administrator, id, {4}), PARLEY_NOT_ALLOWED);
  EXPECT_EQ(answer(carl_1, id, true), PARLEY_NO_TARGET);
  EXPECT_EQ(answer(carl_1, 4711, true), PARLEY_NO_TARGET);
}

TEST_F(invitation_test, into_a_normal_group_only_the_owner_invites) {
  const auto id = make_normal_group(1, {2});
  EXPECT_EQ(invite(ben_1, id, {3}), PARLEY_NOT_ALLOWED);
  EXPECT_EQ(invite(anna_1, id, {3}), PARLEY_OK);
  EXPECT_EQ(answer(carl_1, id, true), PARLEY_OK);
}

TEST_F(invitation_test, who_blocks_the_inviter_looks_like_anybody_else_and_hears_nothing) {
  const auto id = make_group(anna, {2});
  sql("INSERT INTO block(user_id, peer_id, created) VALUES (3, 1, 0)");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(invite(anna_1, id, {3, 4}), PARLEY_OK);
    EXPECT_EQ(invited(), (ids{3, 4}));
  }
  const auto pushes = host.take_pushes();
  EXPECT_EQ(pushes.at(0).users, (std::vector<std::uint64_t>{4}));
  EXPECT_TRUE(pushes.at(1).users.empty()) << "who has one hears of it once";
  EXPECT_EQ(sql("SELECT COUNT(*) FROM group_invitation"), "1");
  EXPECT_EQ(invite(anna_1, id, {3}), PARLEY_OK);
  EXPECT_EQ(invited(), (ids{3}));
  sql("INSERT INTO block(user_id, peer_id, created) VALUES (4, 1, 0)");
  EXPECT_TRUE(pending(dora_1).empty());
}

TEST_F(invitation_test, goes_with_the_inviter_the_group_and_time) {
  const auto id = make_group(anna, {2, 4});
  invite(ben_1, id, {3});
  remove(ben, id, {2});
  EXPECT_TRUE(pending(carl_1).empty());
  EXPECT_EQ(answer(carl_1, id, true), PARLEY_NO_TARGET);
  add(anna, id, {2});
  EXPECT_EQ(answer(carl_1, id, true), PARLEY_NO_TARGET) << "nor when he comes back";

  invite(anna_1, id, {3});
  host.now_ms += std::uint64_t{30} * 24 * 3600 * 1000;
  EXPECT_EQ(pending(carl_1).size(), 1u);
  host.now_ms += 1000;
  EXPECT_TRUE(pending(carl_1).empty());
  EXPECT_EQ(answer(carl_1, id, true), PARLEY_NO_TARGET);
  EXPECT_EQ(invite(anna_1, id, {3}), PARLEY_OK);
  EXPECT_EQ(pending(carl_1).size(), 1u);

  sql("UPDATE IMGroupMember SET status = 1 WHERE userId = 1");
  EXPECT_TRUE(pending(carl_1).empty()) << "TeamTalk's servers end memberships without us";
  sql("UPDATE IMGroupMember SET status = 0 WHERE userId = 1");
  parley::group::DissolveReq request;
  request.set_group_id(id);
  host.serve(anna_1, cid::group_dissolve_request, request);
  EXPECT_TRUE(pending(carl_1).empty());
  EXPECT_EQ(sql("SELECT COUNT(*) FROM group_invitation"), "0");
}

TEST_F(invitation_test, is_forgotten_when_its_user_is_added) {
  const auto id = make_group(anna, {2});
  invite(anna_1, id, {3});
  add(anna, id, {3});
  EXPECT_EQ(sql("SELECT COUNT(*) FROM group_invitation"), "0");
}

TEST_F(invitation_test, a_user_has_room_for_so_many) {
  const auto one = make_group(anna, {2}), two = make_group(anna, {2}), three = make_group(anna, {2});
  invite(anna_1, one, {3});
  invite(anna_1, two, {3});
  EXPECT_EQ(invite(anna_1, three, {3}), PARLEY_NO_TARGET);
  EXPECT_EQ(invite(anna_1, three, {3, 4}), PARLEY_OK);
  EXPECT_EQ(invited(), (ids{4}));
  EXPECT_EQ(pending(carl_1).size(), 2u);
  answer(carl_1, one, false);
  EXPECT_EQ(invite(anna_1, three, {3}), PARLEY_OK);
}

TEST_F(invitation_test, a_group_has_room_for_so_many) {
  const auto id = make_group(anna, {2});
  EXPECT_EQ(invite(anna_1, id, {10, 11, 12, 13}), PARLEY_TOO_LARGE);
  EXPECT_EQ(sql("SELECT COUNT(*) FROM group_invitation"), "0");
  EXPECT_EQ(invite(anna_1, id, {10, 11, 12}), PARLEY_OK);
  EXPECT_EQ(invite(anna_1, id, {13}), PARLEY_TOO_LARGE);
}

TEST_F(invitation_test, is_of_bounded_size) {
  const auto id = make_group(anna, {2});
  EXPECT_EQ(invite(anna_1, id, ids(101, 3)), PARLEY_TOO_LARGE);
  EXPECT_EQ(invite(anna_1, id, {3}, std::string(257, 'x')), PARLEY_MALFORMED);
  EXPECT_EQ(invite(anna_1, id, {3}, "\xff"), PARLEY_MALFORMED);
  EXPECT_EQ(invite(anna_1, id, {}), PARLEY_NO_TARGET);
  EXPECT_EQ(invite(anna_1, id, {3}, std::string(256, 'x')), PARLEY_OK);
  EXPECT_EQ(invite(anna_1, id, {4}, ""), PARLEY_OK);
}

TEST_F(invitation_test, an_answer_that_fails_leaves_the_invitation) {
  const auto id = make_group(anna, {2});
  invite(anna_1, id, {3});
  host.db().fail("UPDATE IMGroup SET", PARLEY_UNAVAILABLE);
  EXPECT_EQ(answer(carl_1, id, true), PARLEY_UNAVAILABLE);
  EXPECT_EQ(pending(carl_1).size(), 1u);
  EXPECT_EQ(answer(carl_1, id, true), PARLEY_OK);
}

}  // namespace
}  // namespace group_test

#include "group_fixture.hpp"

namespace group_test {
namespace {

class manage_test : public group_fixture {
 protected:
  parley_status dissolve(const user& who, std::uint32_t group) {
    parley::group::DissolveReq request;
    request.set_group_id(group);
    return host.serve(who, cid::group_dissolve_request, request);
  }
  parley_status rename(const user& who, std::uint32_t group, const std::string& name) {
    parley::group::ChangeProfileReq request;
    request.set_group_id(group);
    request.set_name(name);
    return host.serve(who, cid::group_change_profile_request, request);
  }
  parley_status hand_over(const user& who, std::uint32_t group, std::uint32_t to) {
    parley::group::HandOverReq request;
    request.set_group_id(group);
    request.set_user_id(to);
    return host.serve(who, cid::group_hand_over_request, request);
  }
};

TEST_F(manage_test, the_owner_dissolves_a_group) {
  const auto id = make_group(anna, {2, 3});
  EXPECT_EQ(dissolve(dora_1, id), PARLEY_NO_TARGET);
  EXPECT_EQ(dissolve(ben_1, id), PARLEY_NOT_ALLOWED);
  shield(ben, id, 1);
  forget();
  EXPECT_EQ(dissolve(anna_1, id), PARLEY_OK);
  EXPECT_EQ(sql("SELECT status FROM IMGroup"), "1");
  EXPECT_EQ(version(id), "2");
  EXPECT_EQ(counted(id), "0");
  EXPECT_EQ(sql("SELECT COUNT(*) FROM group_shield"), "0");
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 2u);
  EXPECT_EQ(pushes[0].command, cid::group_dissolved_notify);
  EXPECT_EQ(pushes[0].which.min_level, 1u);
  EXPECT_EQ(pushes[0].users, (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_EQ(parsed<parley::group::DissolvedNotify>(pushes[0].body).version(), 2u);
  EXPECT_EQ(pushes[1].command, cid::group_change_member_notify);
  EXPECT_EQ(pushes[1].which.flags, static_cast<std::uint32_t>(PARLEY_LEVEL_0));
  const auto told = events();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].what(), static_cast<unsigned>(parley::events::GROUP_DISSOLVED));
  EXPECT_EQ(told[0].version(), 2u);
  EXPECT_EQ(dissolve(anna_1, id), PARLEY_NO_TARGET);
}

TEST_F(manage_test, the_owner_renames_a_group_and_clients_see_a_new_version) {
  const auto id = make_group(anna, {2});
  EXPECT_EQ(rename(carl_1, id, "mine"), PARLEY_NO_TARGET);
  EXPECT_EQ(rename(ben_1, id, "mine"), PARLEY_NOT_ALLOWED);
  for (const std::string& name : {std::string(), std::string(257, 'x'), std::string("\xff"), std::string("a\0b", 3)}) {
    EXPECT_EQ(rename(anna_1, id, name), PARLEY_MALFORMED);
  }
  EXPECT_EQ(rename(anna_1, id, "better"), PARLEY_OK);
  const auto done = host.answer<parley::group::ChangeProfileRsp>();
  EXPECT_EQ(done.version(), 2u);
  EXPECT_EQ(done.name(), "better");
  EXPECT_EQ(done.avatar(), "a.png");
  const auto found = info(ben, {{id, 1}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].group_name(), "better");
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].command, cid::group_profile_notify);
  EXPECT_EQ(pushes[0].which.min_level, 1u);
  EXPECT_EQ(pushes[0].which.except, anna_1.session);
  EXPECT_EQ(events().at(0).what(), static_cast<unsigned>(parley::events::GROUP_PROFILE));
}

TEST_F(manage_test, an_avatar_can_be_changed_alone_and_taken_away) {
  const auto id = make_group(anna, {2});
  parley::group::ChangeProfileReq request;
  request.set_group_id(id);
  EXPECT_EQ(host.serve(anna_1, cid::group_change_profile_request, request), PARLEY_MALFORMED);
  request.set_avatar("");
  EXPECT_EQ(host.serve(anna_1, cid::group_change_profile_request, request), PARLEY_OK);
  EXPECT_EQ(sql("SELECT name FROM IMGroup WHERE avatar = ''"), "friends");
  request.set_avatar(std::string(257, 'a'));
  EXPECT_EQ(host.serve(anna_1, cid::group_change_profile_request, request), PARLEY_MALFORMED);
}

TEST_F(manage_test, the_owner_hands_a_group_over_to_a_member) {
  const auto id = make_group(anna, {2, 3});
  EXPECT_EQ(hand_over(dora_1, id, 4), PARLEY_NO_TARGET);
  EXPECT_EQ(hand_over(ben_1, id, 2), PARLEY_NOT_ALLOWED);
  EXPECT_EQ(hand_over(anna_1, id, 4), PARLEY_NO_TARGET);
  EXPECT_EQ(hand_over(anna_1, id, 1), PARLEY_OK);
  EXPECT_EQ(version(id), "1");
  EXPECT_TRUE(host.take_pushes().empty());
  EXPECT_EQ(hand_over(anna_1, id, 2), PARLEY_OK);
  EXPECT_EQ(owner(id), "2");
  EXPECT_EQ(version(id), "2");
  EXPECT_EQ(host.take_pushes().at(0).command, cid::group_owner_notify);
  EXPECT_EQ(hand_over(anna_1, id, 3), PARLEY_NOT_ALLOWED);
  EXPECT_EQ(counted(id), "3");
}

TEST_F(manage_test, an_administrator_may_do_all_of_it) {
  const auto id = make_normal_group(1, {2});
  EXPECT_EQ(rename(administrator, id, "staff"), PARLEY_OK);
  EXPECT_EQ(hand_over(administrator, id, 2), PARLEY_OK);
  EXPECT_EQ(remove(administrator, id, {2}).result_code(), 0u);
  EXPECT_EQ(owner(id), "1");
  EXPECT_EQ(dissolve(administrator, id), PARLEY_OK);
}

TEST_F(manage_test, user_0_without_a_call_is_nobody) {
  const auto id = make_group(anna, {2});
  const user forged{0, 5};
  EXPECT_EQ(dissolve(forged, id), PARLEY_NO_TARGET);
  EXPECT_EQ(add(forged, id, {3}).result_code(), 1u);
  EXPECT_EQ(remove(forged, id, {1, 2}).result_code(), 1u);
  EXPECT_EQ(create_as(forged, wish({1})).result_code(), 1u);
  EXPECT_EQ(counted(id), "2");
}

}  // namespace
}  // namespace group_test

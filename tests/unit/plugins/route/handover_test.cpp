// A reload in between tells nothing twice and forgets nothing.
#include "host_with_people.hpp"

namespace route_test {
namespace {

struct reloads : people {};

TEST_F(reloads, tell_nobody_anything) {
  auto ada = pc(1), ben = pc(2), phone = mobile(2);
  told(ada);
  EXPECT_EQ(pc_told(phone), online);
  ASSERT_TRUE(host.reload("route"));
  host.advance(std::chrono::seconds(30));
  ada.expect_nothing();
  phone.expect_nothing();
  ben.close();
  EXPECT_EQ(pc_told(phone), offline);
  ada.expect_nothing();
  phone.close();
  EXPECT_EQ(told(ada), (statuses{{2, offline}}));
}

TEST_F(reloads, remember_who_is_away) {
  auto ada = pc(1), ben = pc(2);
  told(ada);
  set(ben, leave);
  EXPECT_EQ(told(ada), (statuses{{2, leave}}));
  ASSERT_TRUE(host.reload("route"));
  EXPECT_EQ(status_of(ada, 2), leave);
  ada.expect_nothing();
  set(ben, online);
  EXPECT_EQ(told(ada), (statuses{{2, online}}));
}

/// Whatever the generations were just doing: the same people come and go around every reload.
TEST_F(reloads, tell_what_happens_around_them_once) {
  auto ada = pc(1);
  statuses expected, heard;
  for (std::uint32_t i = 0; i < 20; ++i) {
    const auto user = 10 + i;
    auto one = pc(user);
    ASSERT_TRUE(host.reload("route"));
    expected.emplace_back(user, online);
    one.close();  // not settled: it is news before, in or behind the swap
    ASSERT_TRUE(host.reload("route"));
    expected.emplace_back(user, offline);
  }
  for (std::size_t i = 0; i < expected.size(); ++i) {
    for (const auto& each : told(ada)) heard.push_back(each);
  }
  EXPECT_EQ(heard, expected);
  ada.expect_nothing();
}

TEST_F(reloads, that_are_refused_change_nothing) {
  auto ada = pc(1);
  auto ben = pc(2);
  told(ada);
  ben.close();
  EXPECT_FALSE(host.reload("route", host.data() + "/none.so"));
  EXPECT_EQ(told(ada), (statuses{{2, offline}}));
  ada.expect_nothing();
}

TEST_F(reloads, keep_texts_that_wait) {
  auto ada = pc(1);
  pc(2);
  told(ada);
  for (int i = 0; i < 10; ++i) {
    parley::events::UserChanged event;
    event.set_user_id(2);
    event.set_what(parley::events::USER_PROFILE);
    event.set_sign_info(std::to_string(i));
    host.publish("user.changed", event);
    ASSERT_TRUE(host.reload("route"));
    EXPECT_EQ(ada.expect<IMSignInfoChangedNotify>(cid::buddy_list_sign_info_changed_notify).sign_info(),
              std::to_string(i));
    ada.expect_nothing();
  }
}

}  // namespace
}  // namespace route_test

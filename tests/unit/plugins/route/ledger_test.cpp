#include "ledger.hpp"

#include <gtest/gtest.h>

namespace {

using route::ledger;
using route::news;
using route::presence;
using route::seen;

class route_ledger : public testing::Test {
 protected:
  std::vector<news> take(std::size_t most = 100) {
    return book.take(most, [this](std::uint32_t user) { return now.contains(user) ? now[user] : seen{}; });
  }
  void becomes(std::uint32_t user, presence status) {
    now[user].status = status;
    book.touched(user);
  }
  bool restore(ledger& into, std::string_view state, const std::vector<std::uint64_t>& online = {}) {
    return into.restore(state, online, [this](std::uint32_t user) { return now[user]; });
  }
  ledger book;
  std::map<std::uint32_t, seen> now;
};

TEST_F(route_ledger, tells_each_change_once) {
  becomes(1, presence::online);
  becomes(1, presence::online);
  const auto first = take();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].user, 1u);
  EXPECT_EQ(first[0].status, presence::online);
  book.touched(1);
  EXPECT_TRUE(take().empty());
  becomes(1, presence::leave);
  EXPECT_EQ(take().at(0).status, presence::leave);
}

TEST_F(route_ledger, leaves_out_who_is_back_to_what_was_told) {
  becomes(1, presence::online);
  take();
  becomes(1, presence::offline);
  becomes(1, presence::online);
  becomes(2, presence::online);
  becomes(2, presence::offline);
  EXPECT_TRUE(take().empty());
  EXPECT_TRUE(book.empty());
}

TEST_F(route_ledger, forgets_who_is_offline) {
  for (std::uint32_t user = 1; user <= 100; ++user) becomes(user, presence::online);
  take();
  EXPECT_EQ(book.remembered(), 100u);
  for (std::uint32_t user = 1; user <= 100; ++user) becomes(user, presence::offline);
  EXPECT_EQ(take().size(), 100u);
  EXPECT_EQ(book.remembered(), 0u);
}

TEST_F(route_ledger, keeps_the_latest_text_and_the_order) {
  becomes(3, presence::online);
  book.signature_changed(1, "first");
  book.avatar_changed(1, "face");
  book.signature_changed(1, "second");
  const auto one = take(1), two = take(1);
  EXPECT_EQ(one.at(0).user, 3u);
  EXPECT_EQ(two.at(0).sign, "second");
  EXPECT_EQ(two.at(0).avatar, "face");
  EXPECT_FALSE(two.at(0).status);
}

TEST_F(route_ledger, takes_back_what_was_not_told) {
  becomes(1, presence::online);
  book.signature_changed(1, "old");
  book.avatar_changed(2, "face");
  auto untold = take();
  book.signature_changed(1, "new");
  becomes(1, presence::offline);
  book.put_back(std::move(untold));
  const auto again = take();
  ASSERT_EQ(again.size(), 2u);
  for (const auto& one : again) {
    EXPECT_FALSE(one.status) << "was never told to be online, and is not";
    EXPECT_EQ(one.sign, one.user == 1 ? std::optional<std::string>("new") : std::nullopt);
    EXPECT_EQ(one.avatar, one.user == 2 ? std::optional<std::string>("face") : std::nullopt);
  }
}

TEST_F(route_ledger, keeps_whom_everybody_saw_until_it_is_told_to_be_offline) {
  becomes(1, presence::online);
  becomes(2, presence::online);
  take();
  book.told_everybody(1);
  becomes(1, presence::leave);
  EXPECT_FALSE(take().at(0).for_everybody());
  becomes(1, presence::offline);
  becomes(2, presence::offline);
  auto gone = take();
  ASSERT_EQ(gone.size(), 2u);
  EXPECT_TRUE(gone[0].for_everybody());
  EXPECT_FALSE(gone[1].for_everybody());

  book.put_back(std::move(gone));
  ledger next;
  ASSERT_TRUE(restore(next, book.save(1000)));
  std::swap(book, next);
  EXPECT_TRUE(take().at(0).for_everybody()) << "it was not told";
  book.told_everybody(1);
  EXPECT_EQ(book.remembered(), 0u);
  becomes(1, presence::online);
  take();
  becomes(1, presence::offline);
  EXPECT_FALSE(take().at(0).for_everybody()) << "once";
}

TEST_F(route_ledger, takes_so_many_at_a_time_that_are_for_everybody) {
  for (std::uint32_t user = 1; user <= 10; ++user) becomes(user, presence::online);
  take();
  for (std::uint32_t user = 3; user <= 10; ++user) book.told_everybody(user);
  for (std::uint32_t user = 1; user <= 10; ++user) becomes(user, presence::offline);
  const auto all = [this](std::uint32_t user) { return now[user]; };
  EXPECT_EQ(book.take(100, all, 3).size(), 5u);
  EXPECT_EQ(book.take(100, all, 3).size(), 3u);
  EXPECT_EQ(book.take(100, all, 3).size(), 2u);
}

TEST_F(route_ledger, hands_everything_over) {
  becomes(1, presence::online);
  take();
  book.set_told(1, {presence::online, true});
  becomes(1, presence::leave);
  becomes(2, presence::online);
  book.signature_changed(3, "text");
  ledger next;
  ASSERT_TRUE(restore(next, book.save(1000)));
  EXPECT_TRUE(next.told(1).pc);
  EXPECT_EQ(next.users_touched(), (std::unordered_set<std::uint32_t>{1, 2}));
  std::swap(book, next);
  const auto told = take();
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(told[0].before, presence::online);
  EXPECT_EQ(told[0].status, presence::leave);
  EXPECT_EQ(told[1].status, presence::online);
  EXPECT_EQ(told[2].sign, "text");
}

TEST_F(route_ledger, hands_over_no_more_than_it_may) {
  std::vector<std::uint64_t> online;
  for (std::uint32_t user = 1; user <= 1000; ++user) {
    becomes(user, presence::online);
    online.push_back(user);
  }
  take(1000);
  becomes(7, presence::offline);
  becomes(8, presence::leave);
  book.signature_changed(9, std::string(100, 'x'));
  const auto state = book.save(2000);
  EXPECT_LE(state.size(), 2000u);
  ledger next;
  ASSERT_TRUE(restore(next, state, online));
  std::swap(book, next);
  // Whoever was left out counts as told what it is; 7 and 8 may have been left out of what was told, too.
  for (const auto& one : take()) EXPECT_TRUE(one.user == 7 || one.user == 8) << one.user;
  EXPECT_EQ(book.remembered(), 999u);
}

TEST_F(route_ledger, takes_no_state_that_is_none) {
  becomes(1, presence::online);
  take();
  const auto state = book.save(1000);
  ledger next;
  for (std::size_t size = 0; size < state.size(); ++size) EXPECT_FALSE(restore(next, state.substr(0, size))) << size;
  EXPECT_FALSE(restore(next, state + "x"));
  EXPECT_TRUE(restore(next, state));
}

}  // namespace

#include "chat/friend_book.hpp"

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

using ids = std::vector<std::uint32_t>;

friends::IMFriendListRsp answer(std::uint32_t revision, const ids& there, const ids& ended = {}) {
  friends::IMFriendListRsp out;
  out.set_revision(revision);
  for (const auto id : there) out.add_friends()->set_user_id(id);
  for (const auto id : ended) {
    auto& one = *out.add_friends();
    one.set_user_id(id);
    one.set_ended(true);
  }
  return out;
}

friends::IMFriendListRsp whole(std::uint32_t revision, const ids& there) {
  auto out = answer(revision, there);
  out.set_whole(true);
  return out;
}

ids known(const friend_book& book) {
  ids out;
  for (const auto& [id, each] : book.all()) out.push_back(id);
  return out;
}

TEST(friend_book, the_first_copy_is_no_news) {
  friend_book book;
  const auto news = book.take(whole(5, {2, 3}));
  EXPECT_TRUE(news.added.empty());
  EXPECT_EQ(known(book), (ids{2, 3}));
  EXPECT_EQ(book.revision(), 5u);
  EXPECT_TRUE(book.has(2));
}

TEST(friend_book, changes_are_made_in_the_copy_and_told) {
  friend_book book;
  book.take(whole(5, {2, 3}));
  const auto news = book.take(answer(7, {4}, {2}));
  EXPECT_EQ(news.added, ids{4});
  EXPECT_EQ(news.ended, ids{2});
  EXPECT_EQ(known(book), (ids{3, 4}));
  EXPECT_EQ(book.revision(), 7u);
}

TEST(friend_book, a_whole_list_takes_the_place_of_the_copy) {
  friend_book book;
  book.take(whole(5, {2, 3}));
  const auto news = book.take(whole(1, {3, 9}));
  EXPECT_EQ(news.added, ids{9});
  EXPECT_EQ(news.ended, ids{2});
  EXPECT_EQ(book.revision(), 1u);
}

TEST(friend_book, remarks_are_printable_and_replaced) {
  friend_book book;
  auto one = whole(1, {2});
  one.mutable_friends(0)->set_remark("old\x1b[2J");
  book.take(one);
  EXPECT_EQ(book.all().at(2).remark, "old^[[2J");
  book.take(answer(2, {2}));
  EXPECT_EQ(book.all().at(2).remark, "");
}

TEST(friend_book, sorts_friends_into_groupings) {
  friend_book book;
  auto list = whole(1, {2, 3, 4});
  list.mutable_friends(0)->set_grouping_id(7);
  list.mutable_friends(1)->set_grouping_id(9);
  list.set_groupings_changed(true);
  auto& climbers = *list.add_groupings();
  climbers.set_grouping_id(7);
  climbers.set_name("Climbers");
  book.take(list);
  EXPECT_EQ(book.members(7), ids{2});
  EXPECT_EQ(book.members(0), (ids{3, 4})) << "a grouping that is not there is none";
  ASSERT_TRUE(book.find_grouping("climbers"));
  EXPECT_EQ(book.find_grouping("7"), book.find_grouping("CLIMBERS"));
  EXPECT_FALSE(book.find_grouping("swimmers"));

  book.take(answer(2, {}));
  EXPECT_EQ(book.groupings().size(), 1u) << "nothing was said of them";
  auto none = answer(3, {});
  none.set_groupings_changed(true);
  book.take(none);
  EXPECT_TRUE(book.groupings().empty());
  EXPECT_EQ(book.members(0), (ids{2, 3, 4}));
}

}  // namespace
}  // namespace parley::chat

#include "ledger.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using message::conversation_key;
using message::conversation_kind;
using message::delivery_ledger;

delivery_ledger::message_id single(std::uint32_t number) {
  return {conversation_key::single(1, 2), number};
}

void note(delivery_ledger& ledger, const delivery_ledger::message_id& id, int deliveries = 1) {
  ledger.begin(id, 1, 10, 11, 2, true);
  for (int i = 0; i < deliveries; ++i) ledger.pushed(100 + static_cast<std::uint64_t>(i), 2, 1);
}

TEST(delivery_ledger, knows_where_a_message_went_and_who_has_it) {
  delivery_ledger ledger(10);
  note(ledger, single(5), 2);
  EXPECT_TRUE(ledger.acked(single(5), 101, 12));
  EXPECT_TRUE(ledger.acked(single(5), 101, 99)) << "the first time counts";
  EXPECT_FALSE(ledger.acked(single(5), 555, 12));
  EXPECT_FALSE(ledger.acked(single(6), 101, 12));
  const auto story = ledger.find(single(5));
  ASSERT_TRUE(story);
  EXPECT_EQ(story->author, 1u);
  EXPECT_EQ(story->accepted, 10u);
  EXPECT_EQ(story->pushed, 11u);
  EXPECT_TRUE(story->complete);
  ASSERT_EQ(story->deliveries.size(), 2u);
  EXPECT_EQ(story->deliveries[0].acked, 0u);
  EXPECT_EQ(story->deliveries[1].session, 101u);
  EXPECT_EQ(story->deliveries[1].acked, 12u);
  EXPECT_FALSE(ledger.find(single(6)));
}

TEST(delivery_ledger, forgets_the_oldest) {
  delivery_ledger ledger(8);
  for (std::uint32_t i = 1; i <= 1000; ++i) {
    note(ledger, single(i), static_cast<int>(i % 3));
    EXPECT_LE(ledger.size(), 8u);
    for (std::uint32_t known = 1; known <= i; ++known) {
      ASSERT_EQ(ledger.find(single(known)).has_value(), known + 8 > i) << i << " " << known;
    }
  }
  EXPECT_EQ(ledger.find(single(1000))->deliveries.size(), 1u);
}

TEST(delivery_ledger, forgets_deliveries_before_messages) {
  delivery_ledger ledger(4);  // 16 deliveries
  note(ledger, single(1), 10);
  note(ledger, single(2), 10);
  const auto old = ledger.find(single(1));
  ASSERT_TRUE(old);
  EXPECT_FALSE(old->complete);
  EXPECT_TRUE(old->deliveries.empty());
  EXPECT_FALSE(ledger.acked(single(1), 100, 1));
  EXPECT_EQ(ledger.find(single(2))->deliveries.size(), 10u);
  note(ledger, single(3), 100);
  EXPECT_FALSE(ledger.find(single(3))->complete) << "more than there is room for";
  EXPECT_EQ(ledger.find(single(3))->deliveries.size(), 16u);
}

TEST(delivery_ledger, finds_what_a_terminal_did_not_name) {
  delivery_ledger ledger(1000);
  note(ledger, {conversation_key::group(7), 3});
  note(ledger, single(3));
  EXPECT_TRUE(ledger.acked_somewhere(conversation_kind::group, 1, 3, 100, 12));
  EXPECT_EQ(ledger.find({conversation_key::group(7), 3})->deliveries[0].acked, 12u);
  EXPECT_EQ(ledger.find(single(3))->deliveries[0].acked, 0u);
  EXPECT_FALSE(ledger.acked_somewhere(conversation_kind::group, 2, 3, 100, 12)) << "another author";
  EXPECT_FALSE(ledger.acked_somewhere(conversation_kind::group, 1, 4, 100, 12));
  EXPECT_FALSE(ledger.acked_somewhere(conversation_kind::group, 1, 3, 101, 12));
}

TEST(delivery_ledger, is_handed_over_the_newest_first) {
  delivery_ledger before(100);
  for (std::uint32_t i = 1; i <= 50; ++i) note(before, single(i), 2);
  before.acked(single(50), 101, 77);
  delivery_ledger all(100);
  ASSERT_TRUE(all.restore(before.save(1 << 20)));
  EXPECT_EQ(all.size(), 50u);
  EXPECT_EQ(all.find(single(50))->deliveries[1].acked, 77u);
  EXPECT_EQ(all.find(single(1))->accepted, 10u);
  const auto small_state = before.save(1000);
  EXPECT_LE(small_state.size(), 1000u);
  delivery_ledger some(100);
  ASSERT_TRUE(some.restore(small_state));
  EXPECT_TRUE(some.find(single(50)));
  EXPECT_FALSE(some.find(single(1)));
  delivery_ledger smaller(3);
  ASSERT_TRUE(smaller.restore(before.save(1 << 20)));
  EXPECT_EQ(smaller.size(), 3u);
  EXPECT_TRUE(smaller.find(single(48)));
}

TEST(delivery_ledger, takes_no_state_that_is_damaged) {
  delivery_ledger before(100);
  for (std::uint32_t i = 1; i <= 3; ++i) note(before, single(i), 2);
  const auto state = before.save(1 << 20);
  for (std::size_t size = 1; size < state.size(); ++size) {
    delivery_ledger after(100);
    const bool whole = size % (state.size() / 3) == 0;
    EXPECT_EQ(after.restore(state.substr(0, size)), whole) << size;
  }
  delivery_ledger after(100);
  EXPECT_FALSE(after.restore(std::string(40, '\xff')));
}

TEST(delivery_ledger, of_nothing_does_nothing) {
  delivery_ledger ledger(0);
  note(ledger, single(1));
  EXPECT_FALSE(ledger.enabled());
  EXPECT_FALSE(ledger.find(single(1)));
  EXPECT_FALSE(ledger.acked(single(1), 100, 1));
  EXPECT_FALSE(ledger.acked_somewhere(conversation_kind::single, 1, 1, 100, 1));
  EXPECT_TRUE(ledger.save(1000).empty());
  delivery_ledger full(10);
  note(full, single(1));
  EXPECT_TRUE(ledger.restore(full.save(1000)));
  EXPECT_EQ(ledger.size(), 0u);
}

}  // namespace

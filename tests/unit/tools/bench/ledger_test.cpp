#include "bench/ledger.hpp"

#include <gtest/gtest.h>

namespace parley::bench {
namespace {

TEST(ledger, is_content_when_everything_arrives_once_and_in_order) {
  ledger books(1, 1, 1);
  for (std::uint32_t n = 0; n < 3; ++n) {
    books.sent(0, 100 + n);
    EXPECT_EQ(books.acked(0, n, n + 1), 100 + n);
    EXPECT_EQ(books.delivered(0, n, n + 1), 100 + n);
  }
  EXPECT_TRUE(books.complete());
  const auto all = books.judge();
  EXPECT_EQ(all.acked, 3u);
  EXPECT_EQ(all.delivered, 3u);
  EXPECT_EQ(all.lost + all.doubled + all.reordered + all.misnumbered + all.unanswered, 0u);
}

TEST(ledger, finds_a_lost_message_only_where_the_peer_was_online) {
  ledger books(1, 2, 1);
  for (std::uint32_t n = 0; n < 2; ++n) {
    books.sent(0, 0);
    books.acked(0, n, 1);
  }
  EXPECT_FALSE(books.complete());
  EXPECT_EQ(books.judge().lost, 1u);
}

TEST(ledger, finds_a_doubled_delivery) {
  ledger books(1, 1, 1);
  books.sent(0, 0);
  books.acked(0, 0, 1);
  books.delivered(0, 0, 1);
  EXPECT_FALSE(books.delivered(0, 0, 1));
  EXPECT_EQ(books.judge().doubled, 1u);
}

TEST(ledger, finds_a_reordered_delivery_within_a_conversation_only) {
  ledger books(1, 2, 2);
  for (int i = 0; i < 4; ++i) books.sent(0, 0);
  books.delivered(0, 2, 2);
  books.delivered(0, 1, 1);  // another conversation
  EXPECT_EQ(books.judge().reordered, 0u);
  books.delivered(0, 0, 1);
  EXPECT_EQ(books.judge().reordered, 1u);
}

TEST(ledger, finds_a_msg_id_that_does_not_grow_or_differs_between_ack_and_delivery) {
  ledger books(1, 1, 1);
  books.sent(0, 0);
  books.sent(0, 0);
  books.acked(0, 0, 5);
  books.acked(0, 1, 5);
  EXPECT_EQ(books.judge().misnumbered, 1u);

  ledger others(1, 1, 1);
  others.sent(0, 0);
  others.acked(0, 0, 5);
  others.delivered(0, 0, 6);
  EXPECT_EQ(others.judge().misnumbered, 1u);
}

TEST(ledger, expects_no_delivery_of_what_was_refused) {
  ledger books(1, 1, 1);
  books.sent(0, 0);
  books.refused(0, 0);
  EXPECT_TRUE(books.complete());
  EXPECT_EQ(books.judge().refused, 1u);
  EXPECT_EQ(books.judge().lost, 0u);
}

TEST(ledger, ignores_answers_to_what_was_never_sent) {
  ledger books(1, 1, 1);
  EXPECT_FALSE(books.acked(0, 0, 1));
  EXPECT_FALSE(books.delivered(0, 7, 1));
  EXPECT_FALSE(books.delivered(9, 0, 1));
  books.refused(0, 3);
  EXPECT_EQ(books.judge().sent, 0u);
}

}  // namespace
}  // namespace parley::bench

#include "chat/outbox.hpp"

#include <gtest/gtest.h>

#include "chat/conversation.hpp"

namespace parley::chat {
namespace {

TEST(outbox, forgets_what_is_acknowledged) {
  outbox box;
  box.add({false, 2}, "hi", "sealed", "id1");
  box.add({false, 2}, "ho", "sealed", "id2");
  box.settle("id1");
  EXPECT_EQ(box.find("id1"), nullptr);
  ASSERT_NE(box.find("id2"), nullptr);
  EXPECT_EQ(box.size(), 1u);
}

TEST(outbox, sends_all_but_the_refused_again_after_a_lost_connection) {
  outbox box;
  box.add({}, "a", "", "1").at = outbox::stage::waiting;
  box.add({}, "b", "", "2").at = outbox::stage::overdue;
  box.add({}, "c", "", "3").at = outbox::stage::refused;
  EXPECT_EQ(box.under_way(), 1u);
  box.connection_lost();
  EXPECT_EQ(box.find("1")->at, outbox::stage::unsent);
  EXPECT_EQ(box.find("2")->at, outbox::stage::unsent);
  EXPECT_EQ(box.find("3")->at, outbox::stage::refused);
  EXPECT_EQ(box.under_way(), 2u);
}

TEST(conversation, shows_nothing_twice) {
  conversation known;
  EXPECT_TRUE(known.see(5));
  EXPECT_FALSE(known.see(5));
  EXPECT_TRUE(known.see(4));
  EXPECT_EQ(known.highest(), 5u);
}

TEST(conversation, knows_what_was_counted_without_having_shown_it) {
  conversation known;
  known.know_up_to(9);
  EXPECT_EQ(known.highest(), 9u);
  EXPECT_TRUE(known.see(8));
}

}  // namespace
}  // namespace parley::chat

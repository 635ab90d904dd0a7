#include "messenger_test.hpp"

namespace message_test {
namespace {

using resend_test = messenger_test;

TEST_F(resend_test, gets_the_first_ack_and_no_push) {
  EXPECT_EQ(send(anna_1, text(2, "hi", "id-1")), 1u);
  EXPECT_EQ(send(anna_1, text(2, "between")), 2u);
  host.take_pushes();
  EXPECT_EQ(send(anna_1, text(2, "whatever", "id-1")), 1u);
  const auto reply = ack(host.newest());
  EXPECT_TRUE(reply.duplicate());
  EXPECT_EQ(reply.client_msg_id(), "id-1");
  EXPECT_TRUE(host.take_pushes().empty());
  EXPECT_EQ(send(anna_1, text(2, "next", "id-2")), 3u);
  EXPECT_EQ(history(anna, 2).size(), 3u);
}

TEST_F(resend_test, is_found_within_its_own_batch) {
  const auto first = start(anna_1, text(2, "hi", "id-1"));
  const auto other = start(ben_1, text(1, "mine", "id-1"));
  const auto again = start(anna_1, text(2, "hi", "id-1"));
  host.run();
  EXPECT_EQ(ack(first).msg_id(), 1u);
  EXPECT_EQ(ack(other).msg_id(), 2u);
  EXPECT_EQ(ack(again).msg_id(), 1u);
  EXPECT_FALSE(ack(first).duplicate());
  EXPECT_FALSE(ack(other).duplicate());
  EXPECT_TRUE(ack(again).duplicate());
}

TEST_F(resend_test, does_not_disturb_the_rest_of_its_batch) {
  send(anna_1, text(2, "hi", "id-1"));
  std::vector<std::size_t> numbers;
  for (int i = 0; i < 20; ++i)
    numbers.push_back(start(anna_1, text(2, "m", i == 10 ? "id-1" : "new-" + std::to_string(i))));
  host.run();
  std::uint32_t next = 2;
  for (std::size_t i = 0; i < numbers.size(); ++i) EXPECT_EQ(ack(numbers[i]).msg_id(), i == 10 ? 1u : next++) << i;
  EXPECT_EQ(host.db().run("SELECT last_msg_id FROM conversation"), std::to_string(next - 1));
}

TEST_F(resend_test, the_same_id_is_free_in_other_conversations_and_for_the_peer) {
  EXPECT_EQ(send(anna_1, text(2, "hi", "id-1")), 1u);
  EXPECT_EQ(send(anna_1, text(3, "hi", "id-1")), 1u);
  EXPECT_FALSE(ack(host.newest()).duplicate());
  EXPECT_EQ(send(ben_1, text(1, "hi", "id-1")), 2u);
  EXPECT_FALSE(ack(host.newest()).duplicate());
}

TEST_F(resend_test, ids_are_compared_by_their_bytes) {
  EXPECT_EQ(send(anna_1, text(2, "hi", "id")), 1u);
  EXPECT_EQ(send(anna_1, text(2, "hi", "ID")), 2u);
  EXPECT_EQ(send(anna_1, text(2, "hi", "id ")), 3u);
  EXPECT_EQ(send(anna_1, text(2, "hi", std::string("id\0", 3))), 4u);
}

TEST_F(resend_test, after_one_was_seen_batches_look_first_for_a_while) {
  send(anna_1, text(2, "hi", "id-1"));
  send(anna_1, text(2, "hi", "id-1"));
  host.db().take_log();
  send(anna_1, text(2, "hi", "id-2"));
  EXPECT_EQ(host.db().take_log().size(), 5u);
  for (int i = 0; i < 20; ++i) send(anna_1, text(2, "hi"));
  host.db().take_log();
  send(anna_1, text(2, "hi", "id-3"));
  EXPECT_EQ(host.db().take_log().size(), 4u);
}

}  // namespace
}  // namespace message_test

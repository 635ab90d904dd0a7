#include "events/message.pb.h"
#include "messenger_test.hpp"

namespace message_test {
namespace {

using send_test = messenger_test;

TEST_F(send_test, numbers_a_conversation_from_one_without_gaps) {
  EXPECT_EQ(send(anna, text(2, "one")), 1u);
  EXPECT_EQ(send(ben, text(1, "two")), 2u);
  EXPECT_EQ(send(anna, text(3, "another conversation")), 1u);
  EXPECT_EQ(send(anna, text(2, "three")), 3u);
  EXPECT_EQ(host.db().run("SELECT last_msg_id FROM conversation WHERE kind = 1 AND a = 1 AND b = 2"), "3");
}

TEST_F(send_test, acks_first_and_under_the_request) {
  host.serve(anna, cid::msg_data, text(2, "hi"));
  const auto reply = ack(host.newest());
  EXPECT_EQ(host.replies(host.newest())[0].command, cid::msg_data_ack);
  EXPECT_EQ(reply.user_id(), 1u);
  EXPECT_EQ(reply.session_id(), 2u);
  EXPECT_EQ(reply.session_type(), SESSION_TYPE_SINGLE);
  EXPECT_FALSE(reply.has_duplicate());
  for (const auto& one : host.take_pushes()) EXPECT_EQ(one.replies_before, 1u);
}

TEST_F(send_test, pushes_to_the_recipient_and_to_the_authors_other_terminals) {
  auto message = text(2, "hi");
  message.set_attach_data("links");
  message.mutable_unknown_fields()->assign("\xF8\x3F\x01", 3);
  send(anna, message);
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 2u);
  EXPECT_EQ(pushes[0].user, 2u);
  EXPECT_EQ(pushes[0].which.except, 0u);
  EXPECT_EQ(pushes[1].user, 1u);
  EXPECT_EQ(pushes[1].which.except, anna.session);
  const auto seen = parsed<IMMsgData>(pushes[0].body);
  EXPECT_EQ(seen.from_user_id(), 1u);
  EXPECT_EQ(seen.to_session_id(), 2u);
  EXPECT_EQ(seen.msg_id(), 1u);
  EXPECT_EQ(seen.create_time(), 1'700'000'000u);
  EXPECT_EQ(seen.msg_data(), "hi");
  EXPECT_FALSE(seen.has_attach_data());
  EXPECT_TRUE(seen.unknown_fields().empty());
  EXPECT_EQ(pushes[0].body, pushes[1].body);
}

TEST_F(send_test, shows_a_client_id_to_level_1_only) {
  send(anna_1, text(2, "hi", "id-1"));
  const auto pushes = host.take_pushes();
  ASSERT_EQ(pushes.size(), 4u);
  for (const auto& one : pushes) {
    const bool level_0 = one.which.flags & PARLEY_LEVEL_0;
    EXPECT_EQ(one.which.min_level, level_0 ? 0u : 1u);
    EXPECT_EQ(one.which.except, one.user == 1 ? anna_1.session : 0u);
    const auto seen = parsed<IMMsgData>(one.body);
    EXPECT_EQ(seen.msg_data(), "hi");
    EXPECT_EQ(seen.client_msg_id(), level_0 ? "" : "id-1");
    EXPECT_EQ(seen.has_client_msg_id(), !level_0);
  }
}

TEST_F(send_test, ignores_a_client_id_from_level_0) {
  EXPECT_EQ(send(anna, text(2, "hi", "id-1")), 1u);
  EXPECT_FALSE(ack(host.newest()).has_client_msg_id());
  EXPECT_EQ(send(anna, text(2, "hi", "id-1")), 2u);
  EXPECT_EQ(send(anna, text(2, "hi", std::string(65, 'x'))), 3u);
  EXPECT_EQ(count("message_key"), "0");
}

TEST_F(send_test, refuses_what_cannot_be_sent) {
  EXPECT_EQ(host.serve(anna, cid::msg_data, text(1, "to myself")), PARLEY_NOT_ALLOWED);
  EXPECT_EQ(host.serve(anna, cid::msg_data, text(0, "to nobody")), PARLEY_NO_TARGET);
  EXPECT_EQ(host.serve(anna, cid::msg_data, text(5, "to a stranger")), PARLEY_NO_TARGET);
  EXPECT_EQ(host.serve(anna, cid::msg_data, text(9, "to one who has left")), PARLEY_NO_TARGET);
  EXPECT_EQ(host.serve(anna, cid::msg_data, text(2, "")), PARLEY_MALFORMED);
  EXPECT_EQ(host.serve(anna, cid::msg_data, text(2, "\xFF")), PARLEY_MALFORMED);
  EXPECT_EQ(host.serve(anna, cid::msg_data, text(2, std::string(4097, 'x'))), PARLEY_TOO_LARGE);
  EXPECT_EQ(host.serve(anna, cid::msg_data, audio(2, "")), PARLEY_MALFORMED);
  EXPECT_EQ(host.serve(anna, cid::msg_data, audio(2, std::string(380 << 10, 'x'))), PARLEY_TOO_LARGE);
  EXPECT_EQ(host.serve(anna_1, cid::msg_data, text(2, "hi", std::string(65, 'x'))), PARLEY_MALFORMED);
  auto empty_id = text(2, "hi");
  empty_id.set_client_msg_id("");
  EXPECT_EQ(host.serve(anna_1, cid::msg_data, empty_id), PARLEY_MALFORMED);
  auto group = text(2, "hi");
  group.set_msg_type(MSG_TYPE_GROUP_TEXT);
  EXPECT_EQ(host.serve(anna, cid::msg_data, group), PARLEY_NO_TARGET);
  EXPECT_EQ(host.serve(user{0, 0}, cid::msg_data, text(2, "hi")), PARLEY_NOT_ALLOWED);
  EXPECT_TRUE(host.take_pushes().empty());
  EXPECT_EQ(count("conversation"), "0");
}

TEST_F(send_test, answers_busy_when_the_lane_is_full) {
  host.enqueue_verdict = PARLEY_BUSY;
  EXPECT_EQ(host.serve(anna, cid::msg_data, text(2, "hi")), PARLEY_BUSY);
}

TEST_F(send_test, answers_busy_when_too_many_recordings_wait) {
  const auto recording = audio(2, std::string(300 << 10, 'x'));
  std::vector<std::size_t> numbers;
  for (int i = 0; i < 450; ++i) numbers.push_back(start(anna, recording));
  EXPECT_EQ(host.verdict(numbers.front()), PARLEY_PENDING);
  EXPECT_EQ(host.verdict(numbers.back()), PARLEY_BUSY);
  host.run();
  EXPECT_EQ(host.verdict(numbers.front()), PARLEY_OK);
  EXPECT_EQ(host.serve(anna, cid::msg_data, recording), PARLEY_OK);
}

TEST_F(send_test, asks_again_whether_the_recipient_is_there_after_a_minute) {
  send(anna, text(2, "hi"));
  host.db().run("UPDATE IMUser SET status = 3 WHERE id = 2");
  send(anna, text(2, "still believed to be there"));
  host.now_ms += 61'000;
  EXPECT_EQ(host.serve(anna, cid::msg_data, text(2, "hi")), PARLEY_NO_TARGET);
}

TEST_F(send_test, asks_again_at_once_when_a_users_state_has_changed) {
  send(anna, text(2, "hi"));
  host.db().run("UPDATE IMUser SET status = 3 WHERE id = 2");
  host.tell("user.changed", std::string("\x08\x02\x10\x02", 4));  // profile
  send(anna, text(2, "hi"));
  host.tell("user.changed", std::string("\x08\x02\x10\x03", 4));  // status
  EXPECT_EQ(host.serve(anna, cid::msg_data, text(2, "hi")), PARLEY_NO_TARGET);
}

TEST_F(send_test, time_never_goes_back_within_a_conversation) {
  send(anna, text(2, "one"));
  host.now_ms -= 50'000;
  send(anna, text(2, "two"));
  EXPECT_EQ(history(ben, 1)[0].create_time(), 1'700'000'000u);
}

TEST_F(send_test, tells_of_a_message_when_somebody_listens) {
  send(anna, text(2, "nobody hears"));
  host.listening = true;
  send(anna, text(2, "hi"));
  ASSERT_EQ(host.told.size(), 1u);
  const auto event = parsed<parley::events::MessageCommitted>(host.told[0]);
  EXPECT_EQ(event.kind(), 1u);
  EXPECT_EQ(event.a(), 1u);
  EXPECT_EQ(event.b(), 2u);
  EXPECT_EQ(event.relate_id(), 1u);
  EXPECT_EQ(event.msg_id(), 2u);
  EXPECT_EQ(event.author_id(), 1u);
  EXPECT_EQ(event.msg_type(), 1u);
  EXPECT_EQ(event.created(), 1'700'000'000u);
  EXPECT_EQ(event.msg_data(), "hi");
  send(anna, audio(2, std::string(10000, 'x')));
  EXPECT_FALSE(parsed<parley::events::MessageCommitted>(host.told[1]).has_msg_data());
}

TEST_F(send_test, a_delivery_ack_is_not_answered) {
  IMMsgDataAck received;
  received.set_user_id(1);
  received.set_session_id(2);
  received.set_msg_id(1);
  received.set_session_type(SESSION_TYPE_SINGLE);
  EXPECT_EQ(host.serve(anna, cid::msg_data_ack, received), PARLEY_OK);
  EXPECT_TRUE(host.replies(host.newest()).empty());
}

}  // namespace
}  // namespace message_test

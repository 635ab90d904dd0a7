// Many authors at once: one conversation per pair, one order for everybody.
#include "node/fixture.hpp"

#include <parley/commands.hpp>

#include <algorithm>
#include <thread>

namespace parley::test {
namespace {

struct conversations : node_test {};

TEST_F(conversations, that_both_ends_begin_at_once_are_one) {
  constexpr std::size_t pairs = 30;
  std::vector<chat_client> left, right;
  for (std::size_t i = 0; i < pairs; ++i) {
    left.push_back(user("left" + std::to_string(i)));
    right.push_back(user("right" + std::to_string(i)));
  }
  for (std::size_t i = 0; i < pairs; ++i) {
    left[i].send_text(right[i].id(), "from the left");
    right[i].send_text(left[i].id(), "from the right");
  }
  for (std::size_t i = 0; i < pairs; ++i) {
    std::vector<std::uint32_t> ids;
    for (auto* end : {&left[i], &right[i]}) {
      const auto ack = end->wire().next_of(cid::msg_data_ack);
      ASSERT_TRUE(ack) << i;
      ids.push_back(read<IM::Message::IMMsgDataAck>(*ack).msg_id());
      EXPECT_TRUE(end->wire().next_of(cid::msg_data)) << i;
    }
    std::sort(ids.begin(), ids.end());
    EXPECT_EQ(ids, (std::vector<std::uint32_t>{1, 2})) << i;
    EXPECT_EQ(left[i].history(right[i].id()).msg_list_size(), 2) << i;
  }
  EXPECT_EQ(node().run_sql("SELECT COUNT(*) FROM IMRelationShip"), std::to_string(pairs));
  EXPECT_EQ(node().run_sql("SELECT COUNT(*) FROM IMRecentSession"), std::to_string(2 * pairs));
}

TEST_F(conversations, are_heard_in_one_order_by_everybody) {
  constexpr std::size_t authors = 4, each = 300;
  auto reader = user("reader");
  auto reader_phone = user("reader", {.type = IM::BaseDefine::CLIENT_TYPE_ANDROID});
  std::vector<chat_client> talking;
  for (std::size_t i = 0; i < authors; ++i) talking.push_back(user("author" + std::to_string(i)));
  std::vector<std::thread> threads;
  for (auto& author : talking)
    threads.emplace_back([&] {
      std::map<std::uint16_t, std::size_t> place;
      for (std::size_t i = 0; i < each; ++i) place[author.send_text(reader.id(), std::to_string(i))] = i + 1;
      for (std::size_t i = 1; i <= each; ++i) {
        const auto pdu = author.wire().next_of(cid::msg_data_ack);
        ASSERT_TRUE(pdu);
        const auto ack = read<IM::Message::IMMsgDataAck>(*pdu);
        EXPECT_EQ(ack.msg_id(), i) << "acks out of order";
        EXPECT_EQ(place.at(pdu->seq), i) << "not numbered in the order they were sent";
      }
    });
  for (auto& thread : threads) thread.join();
  for (auto* terminal : {&reader, &reader_phone}) {
    std::map<std::uint32_t, std::uint32_t> last;
    for (std::size_t i = 0; i < authors * each; ++i) {
      const auto pdu = terminal->wire().next_of(cid::msg_data);
      ASSERT_TRUE(pdu) << i;
      const auto message = read<IM::Message::IMMsgData>(*pdu);
      EXPECT_EQ(message.msg_id(), last[message.from_user_id()] + 1);
      last[message.from_user_id()] = message.msg_id();
      EXPECT_EQ(terminal->decrypt(message.msg_data()), std::to_string(message.msg_id() - 1));
    }
  }
}

TEST_F(conversations, resends_at_once_from_several_terminals_are_one_message) {
  auto bob = user("bob");
  auto pc = user("alice"), phone = user("alice", {.type = IM::BaseDefine::CLIENT_TYPE_IOS});
  for (int round = 0; round < 50; ++round) {
    const auto name = "round" + std::to_string(round);
    for (int i = 0; i < 3; ++i) {
      pc.send_text(bob.id(), name, name);
      phone.send_text(bob.id(), name, name);
    }
  }
  for (auto* terminal : {&pc, &phone}) {
    for (std::uint32_t i = 0; i < 150; ++i) {
      const auto ack = terminal->wire().next_of(cid::msg_data_ack);
      ASSERT_TRUE(ack);
      EXPECT_EQ(read<IM::Message::IMMsgDataAck>(*ack).client_msg_id(),
                "round" + std::to_string(read<IM::Message::IMMsgDataAck>(*ack).msg_id() - 1));
    }
  }
  EXPECT_EQ(bob.latest(pc.id()), 50u);
  ASSERT_TRUE(bob.wire().alive());
  const auto& inbox = bob.wire().inbox();
  const auto delivered =
      std::count_if(inbox.begin(), inbox.end(), [](const auto& pdu) { return pdu.command == cid::msg_data; });
  EXPECT_EQ(delivered, 50) << "delivered more than once";
}

}  // namespace
}  // namespace parley::test

#include "outbox.hpp"

#include <gtest/gtest.h>

namespace {

using push::message_news;
using push::outbox;
using push::record;

record numbered(std::uint32_t i, std::uint32_t created = 1000) {
  record one;
  one.id = std::to_string(i);
  one.token = "token";
  one.msg_id = i;
  one.created = created;
  return one;
}

message_news news(std::uint32_t i) {
  message_news one;
  one.msg_id = i;
  one.content = {push::substance::kind::text, "text " + std::to_string(i)};
  return one;
}

std::vector<std::uint32_t> numbers(const push::batch& all) {
  std::vector<std::uint32_t> out;
  for (const auto& one : all.records) out.push_back(one.msg_id);
  return out;
}

TEST(push_outbox, makes_batches_in_order) {
  outbox box(100);
  for (std::uint32_t i = 1; i <= 5; ++i) box.add(numbered(i));
  EXPECT_EQ(box.compose(3, 0), 0u);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{1, 2, 3}));
  const auto id = box.current().delivery;
  box.add(numbered(6));
  box.compose(3, 0);
  EXPECT_EQ(box.current().delivery, id) << "the same until it is done with";
  EXPECT_EQ(box.records(), 6u);
  box.finish_batch();
  box.compose(3, 0);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{4, 5, 6}));
  EXPECT_NE(box.current().delivery, id);
  box.finish_batch();
  EXPECT_EQ(box.compose(3, 0), 0u);
  EXPECT_TRUE(box.current().records.empty());
}

TEST(push_outbox, drops_the_oldest_of_too_many) {
  outbox box(4);
  for (std::uint32_t i = 1; i <= 4; ++i) EXPECT_EQ(box.add(numbered(i)), 0u);
  box.compose(2, 0);
  for (std::uint32_t i = 5; i <= 8; ++i) EXPECT_EQ(box.add(numbered(i)), 1u);
  EXPECT_EQ(box.records(), 4u);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{1, 2})) << "on its way";
  box.finish_batch();
  box.compose(9, 0);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{7, 8}));
  for (std::uint32_t i = 1; i <= 4; ++i) EXPECT_EQ(box.add(news(i)), 0u);
  EXPECT_EQ(box.add(news(5)), 1u);
  EXPECT_EQ(box.take_news(9).front().msg_id, 2u);
}

TEST(push_outbox, drops_what_is_too_old) {
  outbox box(100);
  for (std::uint32_t i = 1; i <= 4; ++i) box.add(numbered(i, i * 100));
  EXPECT_EQ(box.compose(2, 150), 1u);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{2, 3}));
  EXPECT_EQ(box.compose(2, 250), 0u) << "a batch that was tried stays as it is";
  EXPECT_EQ(box.compose(2, 350), 2u);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{4}));
  EXPECT_EQ(box.compose(2, 500), 1u);
  EXPECT_EQ(box.records(), 0u);
}

TEST(push_outbox, looks_again_in_order) {
  outbox box(100);
  for (std::uint32_t i = 1; i <= 3; ++i) box.add(news(i));
  EXPECT_EQ(box.take_news(2).size(), 2u);
  EXPECT_EQ(box.take_news(0).size(), 2u);
  box.look_again();
  EXPECT_EQ(box.take_news(1).front().msg_id, 1u);
  box.looked_up();
  EXPECT_EQ(box.take_news(1).front().content.text, "text 2");
}

TEST(push_outbox, is_handed_over_whole) {
  outbox box(100), next(100);
  for (std::uint32_t i = 1; i <= 5; ++i) box.add(numbered(i));
  for (std::uint32_t i = 1; i <= 3; ++i) box.add(news(i));
  box.take_news(1);
  box.compose(2, 0);
  box.current().failures = 3;
  ASSERT_TRUE(next.restore(box.save(100'000)));
  EXPECT_EQ(next.current().delivery, box.current().delivery);
  EXPECT_EQ(next.current().failures, 3u);
  EXPECT_EQ(numbers(next.current()), (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(next.records(), 5u);
  EXPECT_EQ(next.take_news(9).size(), 3u);
  EXPECT_EQ(next.take_news(9).at(0).msg_id, 1u);
  EXPECT_EQ(next.take_news(9).at(2).content.text, "text 3");
}

TEST(push_outbox, hands_over_the_newest_that_fit) {
  outbox box(1000), next(1000);
  for (std::uint32_t i = 1; i <= 500; ++i) box.add(numbered(i));
  box.compose(10, 0);
  const auto state = box.save(3000);
  EXPECT_LE(state.size(), 3000u);
  ASSERT_TRUE(next.restore(state));
  EXPECT_TRUE(next.current().records.empty());
  EXPECT_GT(next.records(), 10u);
  const auto count = static_cast<std::uint32_t>(next.records());
  next.compose(1000, 0);
  EXPECT_EQ(next.current().records.back().msg_id, 500u);
  EXPECT_EQ(next.current().records.front().msg_id, 501 - count);
}

TEST(push_outbox, takes_no_state_that_is_none) {
  outbox box(100), next(100);
  box.add(numbered(1));
  box.add(news(1));
  box.compose(1, 0);
  const auto state = box.save(100'000);
  for (std::size_t size = 0; size < state.size(); ++size) EXPECT_FALSE(next.restore(state.substr(0, size))) << size;
  EXPECT_FALSE(next.restore(state + "x"));
  EXPECT_EQ(next.records(), 0u);
}

}  // namespace

#include "outbox.hpp"

#include <parley/state_bytes.hpp>

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

record to_group(std::uint32_t i, std::uint32_t group = 44) {
  auto one = numbered(i);
  one.group = true;
  one.target = group;
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
  EXPECT_EQ(box.compose(3, 0, false).old, 0u);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{1, 2, 3}));
  const auto id = box.current().delivery;
  box.add(numbered(6));
  box.compose(3, 0, false);
  EXPECT_EQ(box.current().delivery, id) << "the same until it is done with";
  EXPECT_EQ(box.records(), 6u);
  box.finish_batch();
  box.compose(3, 0, false);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{4, 5, 6}));
  EXPECT_NE(box.current().delivery, id);
  box.finish_batch();
  EXPECT_EQ(box.compose(3, 0, false).old, 0u);
  EXPECT_TRUE(box.current().records.empty());
}

TEST(push_outbox, drops_the_oldest_of_too_many) {
  outbox box(4);
  for (std::uint32_t i = 1; i <= 4; ++i) EXPECT_EQ(box.add(numbered(i)), 0u);
  box.compose(2, 0, false);
  for (std::uint32_t i = 5; i <= 8; ++i) EXPECT_EQ(box.add(numbered(i)), 1u);
  EXPECT_EQ(box.records(), 4u);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{1, 2})) << "on its way";
  box.finish_batch();
  box.compose(9, 0, false);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{7, 8}));
  for (std::uint32_t i = 1; i <= 4; ++i) EXPECT_EQ(box.add(news(i)), 0u);
  EXPECT_EQ(box.add(news(5)), 1u);
  EXPECT_EQ(box.take_news(9).front().msg_id, 2u);
}

// Two messages to large groups fill the queue: neither they nor a third push out what waits for single users.
TEST(push_outbox, drops_groups_records_before_singles) {
  outbox box(100);
  for (std::uint32_t i = 1; i <= 20; ++i) EXPECT_EQ(box.add(numbered(i)), 0u);
  std::size_t dropped = 0;
  for (std::uint32_t i = 0; i < 150; ++i) dropped += box.add(to_group(1000 + i, 44 + i / 50));
  EXPECT_EQ(dropped, 70u);
  for (std::uint32_t i = 21; i <= 40; ++i) dropped += box.add(numbered(i));
  EXPECT_EQ(dropped, 90u);
  EXPECT_EQ(box.records(), 100u);
  std::vector<std::uint32_t> singles, groups;
  for (box.compose(10, 0, false); !box.current().records.empty(); box.compose(10, 0, false)) {
    for (const auto& one : box.current().records) (one.group ? groups : singles).push_back(one.msg_id);
    box.finish_batch();
  }
  ASSERT_EQ(singles.size(), 40u);
  for (std::uint32_t i = 0; i < 40; ++i) EXPECT_EQ(singles[i], i + 1);
  ASSERT_EQ(groups.size(), 60u);
  for (std::uint32_t i = 0; i < 60; ++i) EXPECT_EQ(groups[i], 1090 + i) << "the newest";
}

TEST(push_outbox, drops_singles_when_there_is_nothing_else) {
  outbox box(3);
  for (std::uint32_t i = 1; i <= 5; ++i) EXPECT_EQ(box.add(numbered(i)), i > 3 ? 1u : 0u);
  EXPECT_EQ(box.add(to_group(9)), 1u) << "itself";
  box.compose(9, 0, false);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{3, 4, 5}));
}

TEST(push_outbox, lets_singles_go_first_and_groups_have_a_quarter) {
  outbox box(1000);
  for (std::uint32_t i = 1; i <= 10; ++i) box.add(to_group(100 + i));
  for (std::uint32_t i = 1; i <= 10; ++i) box.add(numbered(i));
  box.compose(8, 0, false);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6, 101, 102}));
  box.finish_batch();
  box.compose(8, 0, false);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{7, 8, 9, 10, 103, 104, 105, 106}));
  box.finish_batch();
  box.compose(1, 0, false);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{107}));
}

TEST(push_outbox, keeps_both_kinds_and_their_badges_over_a_reload) {
  outbox box(100), next(100);
  for (std::uint32_t i = 1; i <= 3; ++i) {
    box.add(to_group(100 + i));
    box.add(numbered(i));
  }
  box.compose(2, 0, false);
  EXPECT_FALSE(box.current().settled) << "badges may still be added";
  box.current().records[0].badge = 7;
  box.current().settled = true;
  ASSERT_TRUE(next.restore(box.save(100'000), 3));
  EXPECT_TRUE(next.current().settled) << "it may have been posted: it stays the same";
  EXPECT_EQ(next.current().records[0].badge, 7u);
  EXPECT_EQ(next.current().records[1].badge, std::nullopt);
  next.finish_batch();
  next.compose(9, 0, false);
  EXPECT_EQ(numbers(next.current()), (std::vector<std::uint32_t>{3, 101, 102, 103}));
}

TEST(push_outbox, drops_what_is_too_old) {
  outbox box(100);
  for (std::uint32_t i = 1; i <= 4; ++i) box.add(numbered(i, i * 100));
  EXPECT_EQ(box.compose(2, 150, false).old, 1u);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{2, 3}));
  EXPECT_EQ(box.compose(2, 250, false).old, 0u) << "a batch that was tried stays as it is";
  EXPECT_EQ(box.compose(2, 350, false).old, 2u);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{4}));
  EXPECT_EQ(box.compose(2, 500, false).old, 1u);
  EXPECT_EQ(box.records(), 0u);
}

TEST(push_outbox, looks_again_in_order) {
  outbox box(100);
  for (std::uint32_t i = 1; i <= 3; ++i) box.add(news(i));
  EXPECT_EQ(box.take_news(2).size(), 2u);
  EXPECT_EQ(box.take_news(0).size(), 2u);
  box.look_again();
  EXPECT_EQ(box.take_news(1).front().msg_id, 1u);
  box.done_with_news();
  EXPECT_EQ(box.looked_up(), nullptr);
  EXPECT_EQ(box.take_news(1).front().content.text, "text 2");
}

TEST(push_outbox, is_handed_over_whole) {
  outbox box(100), next(100);
  for (std::uint32_t i = 1; i <= 5; ++i) box.add(numbered(i));
  for (std::uint32_t i = 1; i <= 3; ++i) box.add(news(i));
  box.take_news(1);
  box.compose(2, 0, false);
  box.current().failures = 3;
  ASSERT_TRUE(next.restore(box.save(100'000), 3));
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
  box.compose(10, 0, false);
  const auto state = box.save(3000);
  EXPECT_LE(state.size(), 3000u);
  ASSERT_TRUE(next.restore(state, 3));
  EXPECT_TRUE(next.current().records.empty());
  EXPECT_GT(next.records(), 10u);
  const auto count = static_cast<std::uint32_t>(next.records());
  next.compose(1000, 0, false);
  EXPECT_EQ(next.current().records.back().msg_id, 500u);
  EXPECT_EQ(next.current().records.front().msg_id, 501 - count);
}

TEST(push_outbox, counts_what_did_not_fit) {
  outbox box(1000), next(1000);
  for (std::uint32_t i = 1; i <= 300; ++i) box.add(numbered(i));
  for (std::uint32_t i = 1; i <= 40; ++i) box.add(news(i));
  box.take_news(5);
  box.compose(10, 0, false);
  EXPECT_EQ(next.restore(box.save(1 << 20), 3), 0u);
  const auto left_out = next.restore(box.save(4000), 3);
  ASSERT_TRUE(left_out);
  EXPECT_GT(*left_out, 0u);
  EXPECT_EQ(*left_out + next.records() + next.take_news(1000).size(), 340u);
}

TEST(push_outbox, leaves_out_who_rests_when_a_batch_is_made) {
  outbox box(100);
  for (std::uint32_t i = 1; i <= 6; ++i) {
    auto one = numbered(i);
    one.shielded = i % 2 == 0;
    box.add(one);
  }
  EXPECT_EQ(box.compose(2, 0, false).quiet, 0u);
  EXPECT_EQ(box.compose(2, 0, true).quiet, 0u);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{1, 2})) << "a batch that was tried stays as it is";
  box.finish_batch();
  outbox next(100);
  ASSERT_TRUE(next.restore(box.save(10'000), 3));
  EXPECT_EQ(next.compose(9, 0, true).quiet, 2u);
  EXPECT_EQ(numbers(next.current()), (std::vector<std::uint32_t>{3, 5}));
}

TEST(push_outbox, drops_messages_that_are_too_old) {
  outbox box(100);
  for (std::uint32_t i = 1; i <= 4; ++i) {
    auto one = news(i);
    one.created = i * 100;
    box.add(one);
  }
  EXPECT_EQ(box.drop_old_news(250), 2u);
  EXPECT_EQ(box.take_news(9).front().msg_id, 3u);
}

TEST(push_outbox, reads_what_version_1_wrote) {
  std::string state;
  const auto numbers_of = [&](std::initializer_list<std::uint32_t> all) {
    for (const auto one : all) parley::put(state, one);
  };
  numbers_of({1});  // message
  numbers_of({1, 2, 44, 9, 0x11, 1000});
  parley::put(state, std::uint8_t{0});
  parley::put_text(state, "hello");
  numbers_of({1});  // record
  numbers_of({5, 18, 0, 1, 2, 44, 8, 0x11, 999});
  for (const char* text : {"id", "token", "alert"}) parley::put_text(state, text);
  parley::put_text(state, "");  // no batch
  numbers_of({0, 0});
  outbox box(100);
  EXPECT_EQ(box.restore(state, 1), 0u);
  const auto& message = box.take_news(1).front();
  EXPECT_EQ(message.target, 44u);
  EXPECT_EQ(message.after, 0u);
  EXPECT_EQ(message.content.text, "hello");
  box.compose(1, 0, true);
  ASSERT_EQ(box.current().records.size(), 1u);
  EXPECT_EQ(box.current().records[0].user, 5u);
  EXPECT_EQ(box.current().records[0].alert, "alert");
  EXPECT_FALSE(outbox(100).restore(state, 3));
}

TEST(push_outbox, reads_what_version_2_wrote) {
  std::string state;
  const auto numbers_of = [&](std::initializer_list<std::uint32_t> all) {
    for (const auto one : all) parley::put(state, one);
  };
  numbers_of({4, 0, 2});                              // left out, messages, records
  numbers_of({5, 18, 0, 1, 2, 44, 8, 0x11, 999, 1});  // of a group, shielded
  for (const char* text : {"id", "token", "alert"}) parley::put_text(state, text);
  numbers_of({6, 18, 0, 0, 2, 6, 9, 1, 999, 0});
  for (const char* text : {"id", "token", "alert"}) parley::put_text(state, text);
  parley::put_text(state, "");
  numbers_of({0, 0});
  outbox box(100);
  EXPECT_EQ(box.restore(state, 2), 4u);
  box.compose(9, 0, false);
  EXPECT_EQ(numbers(box.current()), (std::vector<std::uint32_t>{9, 8}));
  EXPECT_FALSE(box.current().records[0].badge);
  EXPECT_FALSE(outbox(100).restore(state, 3));
}

TEST(push_outbox, takes_no_state_that_is_none) {
  outbox box(100), next(100);
  box.add(numbered(1));
  box.add(news(1));
  box.compose(1, 0, false);
  const auto state = box.save(100'000);
  for (std::size_t size = 0; size < state.size(); ++size) EXPECT_FALSE(next.restore(state.substr(0, size), 3)) << size;
  EXPECT_FALSE(next.restore(state + "x", 3));
  EXPECT_EQ(next.records(), 0u);
}

}  // namespace

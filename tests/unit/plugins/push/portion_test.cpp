#include "portion.hpp"

#include <gtest/gtest.h>

#include "outbox.hpp"

namespace {

push::message_news of_group(std::uint32_t group) {
  push::message_news one;
  one.group = true;
  one.target = group;
  return one;
}

push::findings with_group(std::uint32_t group, std::uint32_t members) {
  push::findings out;
  for (std::uint32_t i = 1; i <= members; ++i) out.of_group[group].push_back({i * 2, 17, "token", false});
  return out;
}

TEST(push_portion, of_a_large_group_is_bounded_and_goes_on) {
  const auto known = with_group(7, 5000);
  auto message = of_group(7);
  std::uint32_t next = 2;
  for (const std::size_t expected : {2000, 2000, 1000}) {
    std::size_t left = 2000;
    const auto some = push::next_portion(message, known, left);
    ASSERT_EQ(some.devices.size(), expected);
    EXPECT_EQ(left, 2000 - expected);
    EXPECT_EQ(some.last, expected == 1000);
    for (const auto& one : some.devices) EXPECT_EQ(one.user, std::exchange(next, next + 2));
  }
}

TEST(push_portion, goes_on_in_the_next_generation_whoever_has_left) {
  auto known = with_group(7, 10);
  push::outbox box(100), next(100);
  box.add(of_group(7));
  box.take_news(1);
  std::size_t left = 4;
  EXPECT_FALSE(push::next_portion(*box.looked_up(), known, left).last);
  box.looked_up()->made = 3;
  box.look_again();
  ASSERT_TRUE(next.restore(box.save(10'000), 3));
  next.take_news(1);
  EXPECT_EQ(next.looked_up()->made, 3u);
  auto& members = known.of_group[7];
  members.erase(members.begin() + 3);
  left = 100;
  const auto rest = push::next_portion(*next.looked_up(), known, left);
  ASSERT_EQ(rest.devices.size(), 6u);
  EXPECT_EQ(rest.devices.front().user, 10u);
  EXPECT_TRUE(rest.last);
}

TEST(push_portion, of_others_is_all_there_is) {
  push::findings known;
  known.of_user[3] = {3, 17, "token", false};
  push::message_news message;
  message.target = 3;
  std::size_t left = 1;
  EXPECT_EQ(push::next_portion(message, known, left).devices.size(), 1u);
  EXPECT_FALSE(push::next_portion(message, known, left).last) << "there is no time left";
  left = 2;
  message.target = 4;
  EXPECT_TRUE(push::next_portion(message, known, left).devices.empty());
  auto nobody = of_group(9);
  EXPECT_TRUE(push::next_portion(nobody, known, left).last);
}

}  // namespace

#include "pacing.hpp"

#include <parley/state_bytes.hpp>

#include <gtest/gtest.h>

namespace {

using push::pacing;

constexpr std::uint64_t linger = 200, longest = 15'000;

/// As the plugin hands it over at `ms`, with a request under way.
pacing handed_over(pacing& from, std::uint64_t ms) {
  from.hand_over();
  std::string bytes;
  from.save(bytes);
  parley::state_reader in(bytes);
  auto out = pacing::restored(linger, in, 2);
  EXPECT_TRUE(in.done());
  out.serve(ms, longest);
  return out;
}

TEST(push_pacing, lets_what_comes_wait_for_others) {
  pacing p(linger);
  EXPECT_EQ(p.now(1000, true, false).look_again_at, 1200u);
  EXPECT_FALSE(p.now(1199, true, false).post);
  EXPECT_TRUE(p.now(1199, true, true).post) << "a full batch does not wait";
  EXPECT_TRUE(p.now(1200, true, false).post);
  EXPECT_FALSE(p.now(1200, false, false).post);
  EXPECT_EQ(p.now(1300, true, false).look_again_at, 1500u) << "nothing waited in between";
}

TEST(push_pacing, posts_one_at_a_time_and_at_once_what_came_meanwhile) {
  pacing p(linger);
  const auto number = p.begin();
  EXPECT_FALSE(p.now(9000, true, true).post);
  EXPECT_TRUE(p.ended(number, 9000));
  EXPECT_FALSE(p.ended(number, 9000)) << "once";
  EXPECT_TRUE(p.now(9000, true, false).post);
}

TEST(push_pacing, backs_off) {
  pacing p(linger);
  const auto number = p.begin();
  EXPECT_TRUE(p.ended(number, 1000));
  p.back_off(1700);
  EXPECT_EQ(p.now(1000, true, true).look_again_at, 1700u);
  EXPECT_TRUE(p.now(1700, true, false).post);
}

TEST(push_pacing, waits_for_anothers_request_and_then_as_ever) {
  pacing before(linger);
  const auto number = before.begin();
  auto p = handed_over(before, 1000);
  EXPECT_EQ(p.now(1000, true, true).look_again_at, 16'000u);
  EXPECT_TRUE(p.ended(number, 1100));
  EXPECT_EQ(p.now(1100, false, false).look_again_at, 0u);
  EXPECT_EQ(p.now(1500, true, false).look_again_at, 1700u) << "not what was to be waited for the other";
  EXPECT_TRUE(p.now(1700, true, false).post);
}

TEST(push_pacing, believes_the_newest_request_only) {
  pacing before(linger);
  const auto older = before.begin();
  auto p = handed_over(before, 1000);
  EXPECT_TRUE(p.now(16'000, true, false).post) << "given up";
  EXPECT_FALSE(p.ended(older, 16'000));
  const auto newer = p.begin();
  EXPECT_FALSE(p.ended(older, 16'100)) << "the same delivery, an older try";
  EXPECT_FALSE(p.now(16'100, true, true).post) << "the newer one is under way";
  auto last = handed_over(p, 16'200);
  EXPECT_FALSE(last.ended(older, 16'300)) << "in any generation";
  EXPECT_TRUE(last.ended(newer, 16'400));
}

TEST(push_pacing, hands_a_back_off_over) {
  pacing before(linger);
  EXPECT_TRUE(before.ended(before.begin(), 1000));
  before.back_off(61'000);
  auto p = handed_over(before, 2000);
  EXPECT_EQ(p.now(2000, true, true).look_again_at, 61'000u);
  EXPECT_TRUE(p.now(61'000, true, false).post);
}

TEST(push_pacing, reads_what_version_1_wrote) {
  const std::string bytes(1, '\1');
  parley::state_reader in(bytes);
  auto p = pacing::restored(linger, in, 1);
  EXPECT_TRUE(in.done());
  p.serve(1000, longest);
  EXPECT_EQ(p.now(1000, true, true).look_again_at, 16'000u);
  EXPECT_TRUE(p.ended(0, 2000)) << "its requests had no number";
}

}  // namespace

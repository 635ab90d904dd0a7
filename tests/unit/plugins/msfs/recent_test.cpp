#include "recent.hpp"

#include <gtest/gtest.h>

namespace msfs {
namespace {

TEST(recent_uploads, are_so_many_a_minute) {
  recent_uploaders recent(3);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(recent.take("7", 1000)) << i;
  EXPECT_FALSE(recent.take("7", 1000));
  EXPECT_TRUE(recent.take("8", 1000)) << "another one";
  EXPECT_FALSE(recent.take("7", 20'999));
  EXPECT_TRUE(recent.take("7", 21'000)) << "a third of a minute later";
  EXPECT_FALSE(recent.take("7", 21'000));
  recent_uploaders any(0);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(any.take("7", 1));
}

TEST(recent_uploads, what_is_left_is_known_for_a_while) {
  recent_uploaders recent(0);
  EXPECT_EQ(recent.left("7", 1), UINT64_MAX);
  recent.remember("7", 5, 1000);
  EXPECT_EQ(recent.left("7", 1001), 5u);
  EXPECT_EQ(recent.left("7", 31'001), UINT64_MAX);
  recent.remember("7", 5, 40'000);
  recent.forget_left();
  EXPECT_EQ(recent.left("7", 40'000), UINT64_MAX);
}

TEST(pending_thumbnails, are_so_many_of_an_address) {
  pending_by_address all;
  using place = pending_by_address::place;
  const place first(all, "a", 2);
  EXPECT_TRUE(first);
  {
    const place second(all, "a", 2), third(all, "a", 2), other(all, "b", 2);
    EXPECT_TRUE(second);
    EXPECT_FALSE(third);
    EXPECT_TRUE(other);
  }
  const place again(all, "a", 2);
  EXPECT_TRUE(again);
}

}  // namespace
}  // namespace msfs

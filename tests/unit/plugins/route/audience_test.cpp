#include "audience.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace {

using ids = std::vector<std::uint64_t>;

TEST(route_audience, is_the_peers_without_the_blocked) {
  route::store::relations known;
  known.peers[1] = {2, 3, 4};
  known.blocked[1] = {3, 9};
  EXPECT_EQ(route::audience(1, known, {}), (ids{2, 4}));
  EXPECT_EQ(route::audience(5, known, {}), ids{});
}

TEST(route_audience, is_everyone_but_the_user_itself_in_a_small_company) {
  route::store::relations known;
  known.peers[1] = {20};
  known.blocked[1] = {3};
  const ids all{1, 2, 3, 4};
  EXPECT_EQ(route::audience(1, known, all), (ids{2, 4}));
  EXPECT_EQ(route::audience(2, known, all), (ids{1, 3, 4}));
}

TEST(route_audience, is_grouped_by_what_it_hears) {
  const std::vector<ids> audiences{{10, 11}, {11, 12, 10}, {12, 13}};
  auto groups = route::by_news(audiences, [](std::uint64_t user) { return user != 13; });
  ASSERT_EQ(groups.size(), 2u);
  std::sort(groups[0].users.begin(), groups[0].users.end());
  EXPECT_EQ(groups[0].news, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(groups[0].users, (ids{10, 11}));
  EXPECT_EQ(groups[1].news, (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(groups[1].users, ids{12});
}

}  // namespace

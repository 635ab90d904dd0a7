#include "host/net/idle_wheel.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace parley::host {
namespace {

struct item : list_hook {
  int number = 0;
};

TEST(idle_wheel, looks_at_an_item_at_its_second_and_not_before) {
  idle_wheel wheel(100);
  item a;
  std::vector<std::uint32_t> seen;
  wheel.schedule(a, 100, 115);
  for (std::uint32_t now = 101; now < 130; ++now) wheel.advance(now, [&](list_hook&) { seen.push_back(now); });
  EXPECT_EQ(seen, (std::vector<std::uint32_t>{115}));
}

TEST(idle_wheel, its_first_look_is_at_nothing_that_is_not_due) {
  idle_wheel wheel(3);
  item a;
  wheel.schedule(a, 3, 8);
  wheel.advance(4, [](list_hook&) { FAIL(); });
  int looks = 0;
  wheel.advance(8, [&](list_hook&) { ++looks; });
  EXPECT_EQ(looks, 1);
}

TEST(idle_wheel, looks_early_at_what_is_too_far_away_so_that_it_can_be_scheduled_again) {
  idle_wheel wheel(1);
  item a;
  int looks = 0;
  wheel.schedule(a, 1, 100000);
  for (std::uint32_t now = 2; now < 1000 && !looks; ++now) wheel.advance(now, [&](list_hook&) { ++looks; });
  EXPECT_EQ(looks, 1);
}

TEST(idle_wheel, an_unlinked_item_is_not_looked_at) {
  idle_wheel wheel(1);
  item a;
  wheel.schedule(a, 1, 5);
  a.unlink();
  wheel.advance(50, [](list_hook&) { FAIL(); });
}

TEST(idle_wheel, items_scheduled_while_it_advances_are_kept_for_later) {
  idle_wheel wheel(1);
  item a;
  int looks = 0;
  wheel.schedule(a, 1, 5);
  wheel.advance(6, [&](list_hook& h) {
    ++looks;
    wheel.schedule(h, 6, 9);
  });
  EXPECT_EQ(looks, 1);
  wheel.advance(9, [&](list_hook&) { ++looks; });
  EXPECT_EQ(looks, 2);
}

TEST(idle_wheel, a_loop_that_stood_still_for_long_misses_nobody) {
  idle_wheel wheel(1);
  std::vector<item> items(700);
  for (std::size_t i = 0; i < items.size(); ++i) wheel.schedule(items[i], 1, static_cast<std::uint32_t>(2 + i));
  std::size_t looks = 0;
  wheel.advance(5000, [&](list_hook&) { ++looks; });
  EXPECT_EQ(looks, items.size());
}

}  // namespace
}  // namespace parley::host

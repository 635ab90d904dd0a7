#include "crash/plan.hpp"

#include <gtest/gtest.h>

#include <set>

#include "crash/workload/role.hpp"

namespace parley::crash {
namespace {

bool same(const step& x, const step& y) {
  return x.which == y.which && x.node == y.node && x.life_ms == y.life_ms && x.hold_ms == y.hold_ms &&
         x.variant == y.variant;
}

TEST(plan, is_the_same_for_the_same_seed_and_differs_for_another) {
  const std::vector<fault> faults = {fault::kill, fault::power_cut, fault::clock_jump};
  const auto one = make_plan(7, faults, 30, 2), again = make_plan(7, faults, 30, 2),
             other = make_plan(8, faults, 30, 2);
  ASSERT_EQ(one.size(), 30u);
  EXPECT_TRUE(std::equal(one.begin(), one.end(), again.begin(), same));
  EXPECT_FALSE(std::equal(one.begin(), one.end(), other.begin(), same));
}

TEST(plan, plays_each_fault_once_before_any_comes_again) {
  const std::vector<fault> faults = {fault::kill, fault::restart, fault::power_cut, fault::full_disk};
  const auto steps = make_plan(3, faults, 8, 1);
  for (const std::size_t from : {0, 4}) {
    std::set<fault> seen;
    for (std::size_t i = from; i < from + 4; ++i) seen.insert(steps[i].which);
    EXPECT_EQ(seen.size(), 4u);
  }
}

TEST(plan, strikes_every_node) {
  std::set<std::uint32_t> struck;
  for (const auto& one : make_plan(5, {fault::kill}, 50, 3)) struck.insert(one.node);
  EXPECT_EQ(struck, (std::set<std::uint32_t>{0, 1, 2}));
}

TEST(plan, knows_its_faults_by_name) {
  for (const auto& kind : fault_kinds()) {
    EXPECT_EQ(&kind_of(kind.which), &kind);
    EXPECT_EQ(find_fault(kind.name), &kind);
  }
  EXPECT_EQ(find_fault("earthquake"), nullptr);
}

TEST(cast, is_the_same_for_the_same_seed_and_always_mutual) {
  const auto one = make_cast(11, 6, 100), again = make_cast(11, 6, 100);
  EXPECT_EQ(one.peers, again.peers);
  ASSERT_EQ(one.peers.size(), 6u);
  for (std::size_t i = 0; i < one.peers.size(); ++i) {
    EXPECT_GE(one.peers[i].size(), 2u);
    for (const auto peer : one.peers[i]) {
      EXPECT_NE(peer, i);
      EXPECT_TRUE(std::count(one.peers[peer].begin(), one.peers[peer].end(), i));
    }
  }
}

TEST(cast, has_groups_for_everybody_and_none_of_all) {
  for (const std::size_t people : {3, 4, 6, 7, 20, 100}) {
    for (const std::uint64_t seed : {1, 2, 3}) {
      const auto groups = make_cast(seed, people, 100).groups;
      EXPECT_EQ(groups, make_cast(seed, people, 100).groups);
      EXPECT_GE(groups.size(), 2u);
      std::set<std::size_t> somewhere;
      for (const auto& members : groups) {
        const std::set<std::size_t> each(members.begin(), members.end());
        EXPECT_EQ(each.size(), members.size());
        EXPECT_GE(each.size(), 2u);
        EXPECT_LT(each.size(), people);
        EXPECT_LT(*each.rbegin(), people);
        somewhere.insert(each.begin(), each.end());
      }
      EXPECT_EQ(somewhere.size(), people);
    }
  }
}

TEST(cast, has_two_terminals_for_some_and_one_that_never_repeats_itself) {
  const auto who = make_cast(2, 6, 100);
  std::size_t mobile = 0, old = 0;
  for (const auto& one : who.roles) {
    mobile += one.mobile;
    if (one.level > 0) continue;
    ++old;
    EXPECT_EQ(one.resends, 0u);
  }
  EXPECT_EQ(mobile, 2u);
  EXPECT_EQ(old, 1u);
}

}  // namespace
}  // namespace parley::crash

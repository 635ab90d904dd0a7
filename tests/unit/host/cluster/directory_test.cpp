#include "host/cluster/directory.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "host/cluster/rendezvous.hpp"

namespace parley::host {
namespace {

constexpr parley_session_id at(std::uint16_t node, std::uint64_t session) {
  return static_cast<std::uint64_t>(node) << 48 | session;
}
constexpr parley_principal terminal(std::uint64_t user, std::uint32_t tag = 1) {
  return {user, tag, PARLEY_TERMINAL};
}

std::vector<parley_session_id> terminals(const directory& d, std::uint64_t user) {
  std::vector<parley_session_id> out;
  d.each_terminal(user, [&](const auto& e) { out.push_back(e.session); });
  return out;
}

TEST(directories, know_a_user_s_terminals_in_the_order_they_came) {
  directory d;
  EXPECT_TRUE(d.add(at(1, 5), terminal(3), 1));
  EXPECT_TRUE(d.add(at(2, 5), terminal(3, 17), 0));
  EXPECT_TRUE(d.add(at(1, 6), terminal(3), 1));
  EXPECT_FALSE(d.add(at(1, 6), terminal(4), 1)) << "it has an identity";
  EXPECT_EQ(terminals(d, 3), (std::vector{at(1, 5), at(2, 5), at(1, 6)}));
  EXPECT_TRUE(terminals(d, 4).empty());
  const auto gone = d.remove(at(2, 5));
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->principal.tag, 17u);
  EXPECT_FALSE(d.remove(at(2, 5)));
  EXPECT_EQ(terminals(d, 3), (std::vector{at(1, 5), at(1, 6)}));
  d.remove(at(1, 6));
  d.remove(at(1, 5));
  EXPECT_TRUE(terminals(d, 3).empty());
  EXPECT_EQ(d.size(), 0u);
}

TEST(directories, keep_apart_who_is_no_terminal) {
  directory d;
  d.add(at(1, 1), {3, 0, 0}, 1);
  EXPECT_TRUE(terminals(d, 3).empty());
  EXPECT_EQ(d.of_node(1), 1u);
  EXPECT_TRUE(d.find(at(1, 1)));
  EXPECT_TRUE(d.remove(at(1, 1)));
}

TEST(directories, do_not_show_who_is_to_be_closed) {
  directory d;
  d.begin_account(1);
  for (std::uint64_t i = 1; i <= 3; ++i) d.add(at(1, i), terminal(3), 1);
  d.leaves(at(1, 2));
  d.leaves(at(1, 2));
  EXPECT_EQ(terminals(d, 3), (std::vector{at(1, 1), at(1, 3)}));
  EXPECT_TRUE(d.find(at(1, 2)));
  EXPECT_EQ(d.of_node(1), 3u);
  d.begin_account(1);  // the link was lost, and the word with it
  for (std::uint64_t i = 1; i <= 3; ++i) EXPECT_FALSE(d.add(at(1, i), terminal(3), 1));
  EXPECT_EQ(terminals(d, 3), (std::vector{at(1, 1), at(1, 3), at(1, 2)}));
  d.leaves(at(1, 1));
  d.leaves(at(1, 3));
  d.leaves(at(1, 2));
  EXPECT_TRUE(terminals(d, 3).empty());
  for (std::uint64_t i = 1; i <= 3; ++i) EXPECT_TRUE(d.remove(at(1, i)));
  EXPECT_EQ(d.size(), 0u);
}

TEST(directories, drop_what_an_account_does_not_tell_again) {
  directory d;
  d.begin_account(1);
  for (std::uint64_t i = 0; i < 10; ++i) d.add(at(1, i), terminal(i), 1);
  d.add(at(2, 0), terminal(0), 1);
  std::set<std::uint64_t> gone;
  const auto note = [&](const directory::entry& e) { gone.insert(e.principal.id); };
  d.end_account(1, note);
  EXPECT_TRUE(gone.empty());
  // The link was lost and is back; 3 and 7 have left meanwhile, 20 has come.
  d.begin_account(1);
  for (std::uint64_t i = 0; i < 10; ++i) {
    if (i != 3 && i != 7) {
      EXPECT_FALSE(d.add(at(1, i), terminal(i), 1));
    }
  }
  EXPECT_TRUE(d.add(at(1, 20), terminal(20), 1));
  d.end_account(1, note);
  EXPECT_EQ(gone, (std::set<std::uint64_t>{3, 7}));
  EXPECT_EQ(d.of_node(1), 9u);
  EXPECT_EQ(d.of_node(2), 1u);
}

TEST(directories, forget_a_node_in_portions) {
  directory d;
  for (std::uint64_t i = 0; i < 25; ++i) d.add(at(7, i), terminal(1000 + i % 5), 1);
  d.add(at(8, 1), terminal(1000), 1);
  std::size_t told = 0;
  const auto note = [&](const directory::entry&) { ++told; };
  EXPECT_EQ(d.forget(7, 10, note), 15u);
  EXPECT_EQ(d.forget(7, 10, note), 5u);
  EXPECT_EQ(d.forget(7, 10, note), 0u);
  EXPECT_EQ(told, 25u);
  EXPECT_EQ(d.forget(7, 10, note), 0u);
  EXPECT_EQ(terminals(d, 1000), std::vector{at(8, 1)});
}

TEST(rendezvous, moves_only_the_share_of_the_node_that_goes) {
  const std::vector<std::string> nodes{"a", "b", "c", "d"};
  const auto best = [&](std::uint64_t key, std::size_t of) {
    std::size_t found = 0;
    for (std::size_t i = 1; i < of; ++i) {
      if (rendezvous_weight(key, 9, name_hash(nodes[i])) > rendezvous_weight(key, 9, name_hash(nodes[found])))
        found = i;
    }
    return found;
  };
  std::vector<int> share(4);
  for (std::uint64_t key = 1; key <= 10000; ++key) {
    const auto with_four = best(key, 4), with_three = best(key, 3);
    ++share[with_four];
    if (with_four != 3) {
      ASSERT_EQ(with_three, with_four) << key;
    }
  }
  for (const auto s : share) EXPECT_NEAR(s, 2500, 250);
}

}  // namespace
}  // namespace parley::host

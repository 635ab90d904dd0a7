// How a user arranges friends: remarks and groupings, each in one transaction. [worker]
#pragma once

#include <parley/sql.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "friendship.hpp"
#include "store_friends.hpp"

namespace buddy {

inline constexpr std::size_t most_groupings = 100;

struct arranged {
  verdict is;
  bool changed = false;
  std::uint32_t revision = 0;
};
/// What is so already changes nothing, and that is fine.
arranged remark(parley::sql& db, two who, std::string_view text, std::uint32_t now);
arranged move(parley::sql& db, two who, std::uint32_t grouping, std::uint32_t now);

struct regrouped : arranged {
  std::uint32_t grouping = 0;
  std::vector<store::IMGrouping> groupings;  // all of them, in order
};
/// A name that there is already is that grouping.
regrouped create_grouping(parley::sql& db, std::uint32_t user, std::string_view name);
regrouped rename_grouping(parley::sql& db, std::uint32_t user, std::uint32_t grouping, std::string_view name);
regrouped delete_grouping(parley::sql& db, std::uint32_t user, std::uint32_t grouping, std::uint32_t now);
/// `order` names each of them once.
regrouped order_groupings(parley::sql& db, std::uint32_t user, std::span<const std::uint32_t> order);

}  // namespace buddy

// Every SQL statement of route. [worker]
#pragma once

#include <parley/sql.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace route::store {

inline constexpr std::uint32_t most_friends = 2000;
inline constexpr std::uint32_t most_recent = 100;

/// By user: whom it matters to, each once, and whom it has blocked.
struct relations {
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> peers;
  std::unordered_map<std::uint32_t, std::unordered_set<std::uint32_t>> blocked;
};

/// `with_peers` false: whom they have blocked only. `users` are distinct.
relations relations_of(parley::sql& db, std::span<const std::uint32_t> users, bool with_peers);

struct named_user {
  std::uint32_t id;
  std::string name;
};
/// An active user by name, else, when it is a number, by id.
std::optional<named_user> find_user(parley::sql& db, const std::string& name_or_id);

}  // namespace route::store

// Every SQL statement of push. [worker]
#pragma once

#include <parley/sql.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace push::store {

/// Where a user can be notified.
struct device {
  std::uint32_t user = 0;
  std::uint32_t client_type = 0;
  std::string token;
  bool shielded = false;  // wants no notification at night
};

/// Of these users, those who have one and have not left. `users` are distinct.
std::unordered_map<std::uint32_t, device> devices(parley::sql& db, std::span<const std::uint32_t> users);

/// Of the live members of a group who have not muted it, by user.
std::vector<device> member_devices(parley::sql& db, std::uint32_t group);

/// As others see them: the nick, else the login name.
std::unordered_map<std::uint32_t, std::string> names(parley::sql& db, std::span<const std::uint32_t> users);

/// What each of these has not read, over all its sessions; a session counts as 999 at most. `users` are distinct.
std::unordered_map<std::uint32_t, std::uint32_t> badges(parley::sql& db, std::span<const std::uint32_t> users);

/// Forgets tokens, unless the user has another one by now. In one transaction.
void forget_tokens(parley::sql& db, std::span<const std::pair<std::uint32_t, std::string>> gone);

}  // namespace push::store

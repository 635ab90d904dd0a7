// Admins' passwords: argon2id. Needs sodium_init().
#pragma once

#include <string>
#include <string_view>

namespace http_admin {

enum class cost {
  standard,  ///< t=2, 19 MiB: tens of milliseconds per check
  low,       ///< t=1, 256 KiB: for small machines and tests
};

/// Why this cannot be a password; empty when it can.
std::string_view fault_of_password(std::string_view plain);

/// 120 random bits, in 20 characters.
std::string new_password();

/// "$argon2id$v=19$m=..." with a salt of its own. Throws std::runtime_error when memory is short. [worker]
std::string password_hash(std::string_view plain, cost effort);

/// False also for text that is no argon2 string. [worker]
bool password_matches(std::string_view plain, const std::string& stored);

/// Of a password that nobody knows: comparing with it costs what comparing with an admin's does.
const char* nobodys_hash(cost effort);

}  // namespace http_admin

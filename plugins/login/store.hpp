// All SQL of login. [worker]
#pragma once

#include <parley/sql.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "new_user.hpp"
#include "password.hpp"

namespace login::store {

/// An active user with whatever a password can be checked against.
struct account {
  std::uint32_t id = 0;
  std::uint32_t sex = 0;
  std::uint32_t department = 0;
  std::string name, domain, nick, phone, email, avatar, sign;
  std::string md5, salt;  ///< TeamTalk's, empty when moved
  std::string argon2;     ///< from credential, empty when there is none
};

/// The active user of this very name; the lowest id where a TeamTalk database has several.
std::optional<account> find_account(parley::sql& db, std::string_view name);

/// Puts `argon2` in the place of what `from` was checked against; false when that has changed meanwhile.
bool replace_secret(parley::sql& db, const account& from, const std::string& argon2, std::uint32_t now);
void set_secret(parley::sql& db, std::uint32_t user, const stored_secret& to, std::uint32_t now);

// ---- push settings ----

/// False: no such user.
bool set_shield(parley::sql& db, std::uint32_t user, std::uint32_t shield, std::uint32_t now);
std::optional<std::uint32_t> shield(parley::sql& db, std::uint32_t user);

/// Takes the token away from whoever had it.
void set_device_token(parley::sql& db, std::uint32_t user, std::uint32_t client_type, const std::string& token,
                      std::uint32_t now);
void clear_device_token(parley::sql& db, std::uint32_t user);

// ---- users ----

/// Which of these names active users have, and their ids.
std::unordered_map<std::string, std::uint32_t> taken(parley::sql& db, std::span<const std::string> names);

struct prepared_user {
  new_user user;
  stored_secret secret;
};

struct added_users {
  std::vector<std::uint32_t> ids;          ///< 0 where an active user has that name already
  std::vector<std::uint32_t> departments;  ///< that were made
};
/// One transaction; departments that do not exist are made, unless they are named by id: sql_error no_target.
added_users add_users(parley::sql& db, std::span<const prepared_user> users, std::uint32_t now);

struct listed_user {
  std::uint32_t id = 0;
  std::uint32_t status = 0;
  std::string name, nick, department, algorithm;
};

/// The first `most` in order of id; `search` is part of a name or nick, empty for all.
std::vector<listed_user> list_users(parley::sql& db, std::string_view search, std::uint32_t most);

/// The ids that were active under this name, or of these `only` that one. Their devices get no more pushes.
std::vector<std::uint32_t> disable(parley::sql& db, const std::string& name, std::optional<std::uint32_t> only,
                                   std::uint32_t now);

struct enabling {
  std::uint32_t id = 0;      ///< the newest of this name that was not active, or `only`; 0: none
  std::uint32_t active = 0;  ///< who has the name; then nothing was changed
};
enabling enable(parley::sql& db, const std::string& name, std::optional<std::uint32_t> only, std::uint32_t now);

}  // namespace login::store

// All SQL of http_admin. [worker]
#pragma once

#include <parley/sql.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace http_admin::store {

using number = std::uint32_t;

struct app_key {
  std::string name;
  number user = 0;        // the only req_user_id it takes; 0: any
  std::string calls;      // "CreateGroup,ChangeMembers"; empty: all
  std::string addresses;  // empty: any
  number created = 0;
};

std::optional<app_key> find_key(parley::sql& db, std::string_view digest);
/// False when the name is taken.
bool add_key(parley::sql& db, std::string_view digest, const app_key& row);
/// False when there is none.
bool remove_key(parley::sql& db, std::string_view name);
/// By name; at most `most`.
std::vector<app_key> list_keys(parley::sql& db, std::size_t most);

/// An active user's id.
std::optional<number> find_user(parley::sql& db, std::string_view name);

struct link {
  number id = 0;
  std::string name;
  std::string url;
  number priority = 0;
};
/// The live ones, lowest priority first.
std::vector<link> list_links(parley::sql& db, std::size_t most);
number add_link(parley::sql& db, const link& row, number now);
/// False when there is none.
bool remove_link(parley::sql& db, number id, number now);

}  // namespace http_admin::store

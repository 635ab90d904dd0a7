// SQL of the operator's verbs: pages of users, one user, changes of a profile. [worker]
#pragma once

#include <parley/sql.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace login::store {

/// What an operator sees of a user.
struct person {
  std::uint32_t id = 0;
  std::uint32_t status = 0;  ///< IMUser.status; only 0 may log in
  std::uint32_t sex = 0;
  std::uint32_t department = 0;
  std::uint32_t created = 0;
  std::uint32_t updated = 0;
  std::string name, nick, department_name, email, phone, signature, avatar, algorithm;
};

/// Which users; all unless it says otherwise.
struct person_filter {
  enum class state { any, active, disabled };
  std::string search;  ///< part of a name, nick, e-mail address or telephone number
  std::optional<std::uint32_t> department;
  state is = state::any;
  bool empty() const { return search.empty() && !department && is == state::any; }
};

struct person_page {
  std::size_t total = 0;
  std::vector<person> items;  ///< in order of id
};

struct place_in_list {
  std::uint64_t first = 0;
  std::uint32_t most = 50;
};

person_page find_people(parley::sql& db, const person_filter& filter, const place_in_list& where);
/// Of those in `online`, which ascends, or of all others. At most 2 million are looked at.
person_page find_people_online(parley::sql& db, const person_filter& filter, const place_in_list& where,
                               std::span<const std::uint32_t> online, bool there);

std::optional<person> find_person(parley::sql& db, std::uint32_t id);
/// The id that `text` says, of anybody; else of the active user of this name; else of the newest who had it. 0: nobody.
std::uint32_t person_id(parley::sql& db, std::string_view text);

/// A new profile, as far as it says.
struct profile_change {
  std::optional<std::string> nick, email, phone, signature, avatar;
  std::optional<std::uint32_t> sex, department;
};
struct changed_profile {
  bool found = false;
  bool signature = false, avatar = false;
  bool rest = false;  ///< anything else
};
/// One transaction; raises `updated` if anything is new. A department that is not there: sql_error no_target.
changed_profile change_profile(parley::sql& db, std::uint32_t id, const profile_change& to, std::uint32_t now);

}  // namespace login::store

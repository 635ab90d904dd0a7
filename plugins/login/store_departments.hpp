// SQL of departments. Whoever changes which there are locks user_name_lock's row first, so that nothing is in a
// department that is gone and no department is below itself. [worker]
//
// What cannot be is an sql_error whose code says why: no_target, conflict.
#pragma once

#include <parley/sql.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace login::store {

struct department_row {
  std::uint32_t id = 0;
  std::uint32_t parent = 0;
  std::uint32_t priority = 0;
  std::uint32_t users = 0;  ///< active ones
  std::uint32_t created = 0;
  std::uint32_t updated = 0;
  std::string name;
};

inline constexpr std::uint32_t most_departments = 10'000;

/// Live ones in the order clients show them; with `only`, that one.
std::vector<department_row> list_departments(parley::sql& db, std::optional<std::uint32_t> only = std::nullopt);
/// The id that `text` says, if there is such a department; else of the oldest of this name. Of live ones.
std::optional<std::uint32_t> department_called(parley::sql& db, std::string_view text);

/// Held until the transaction ends.
void lock_departments(parley::sql& db);
/// That it is 0 or live.
void require_department(parley::sql& db, std::uint32_t id);

struct department_change {
  std::optional<std::string> name;
  std::optional<std::uint32_t> parent, priority;
};
std::uint32_t add_department(parley::sql& db, const std::string& name, std::uint32_t parent, std::uint32_t priority,
                             std::uint32_t now);
/// False when that is how it was.
bool change_department(parley::sql& db, std::uint32_t id, const department_change& to, std::uint32_t now);
/// Only an empty one.
void remove_department(parley::sql& db, std::uint32_t id, std::uint32_t now);

}  // namespace login::store

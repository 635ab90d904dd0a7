// What will go wrong, and when: from the seed alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::crash {

enum class fault : std::uint8_t {
  kill,
  restart,
  power_cut,
  full_disk,
  stalled_disk,
  clock_jump,
  mariadb_kill,
  mariadb_power_cut,
  mariadb_freeze,
  commit_cut,
  redis_kill,
  redis_freeze,
  edge_kill,
  logic_kill,
  rolling_restart,
  partition,
};

enum class needs : std::uint8_t { nothing, sqlite, mariadb, cluster };

struct fault_kind {
  fault which;
  std::string_view name;
  needs what;      ///< where it makes sense
  bool with_shim;  ///< loaded into the node, or into MariaDB
  bool felt;       ///< by a cluster too, while it lasts: what all nodes stand on
  std::string_view text;
};

/// All of them, in order of the enum.
const std::vector<fault_kind>& fault_kinds();
const fault_kind& kind_of(fault which);
/// Nothing for a name that is none.
const fault_kind* find_fault(std::string_view name);

struct step {
  fault which = fault::kill;
  std::uint32_t node = 0;     ///< struck, where it is about one node
  std::uint32_t life_ms = 0;  ///< of good days before it
  std::uint32_t hold_ms = 0;  ///< how long it lasts, where it lasts
  std::uint64_t variant = 0;  ///< whatever else there is to choose
};

/// `rounds` steps; each fault comes once before any comes again. `faults` is not empty.
std::vector<step> make_plan(std::uint64_t seed, const std::vector<fault>& faults, std::size_t rounds,
                            std::size_t nodes);

}  // namespace parley::crash

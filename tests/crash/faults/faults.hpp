// How a step of the plan is carried out.
#pragma once

#include <string>

#include "crash/plan.hpp"
#include "crash/scene.hpp"

namespace parley::crash {

/// What a fault did. One that never bites in a whole run has proved nothing.
struct bite {
  std::uint64_t amount = 0;
  std::string text;  ///< "4096 bytes taken away"
  int alone = -1;    ///< the node that was out of reach: its clients could not but wait
};

/// Breaks something, waits as long as it should last, and mends it: afterwards every node serves. A clock stays where
/// it jumped to. Throws test::failure when something does not come back.
bite strike(scene& in, const step& how);

// One per fault; what each does beyond its name stands in the plan's table.
bite strike_kill(scene& in, const step& how);
bite strike_restart(scene& in, const step& how);
bite strike_power(scene& in, const step& how);
bite strike_full_disk(scene& in, const step& how);
bite strike_stalled_disk(scene& in, const step& how);
bite strike_clock(scene& in, const step& how);
bite strike_mariadb_kill(scene& in, const step& how);
bite strike_mariadb_power(scene& in, const step& how);
bite strike_mariadb_freeze(scene& in, const step& how);
bite strike_commit_cut(scene& in, const step& how);
bite strike_redis_kill(scene& in, const step& how);
bite strike_redis_freeze(scene& in, const step& how);
bite strike_edge_kill(scene& in, const step& how);
bite strike_logic_kill(scene& in, const step& how);
bite strike_rolling_restart(scene& in, const step& how);
bite strike_partition(scene& in, const step& how);

}  // namespace parley::crash

#include "crash/faults/faults.hpp"

namespace parley::crash {

bite strike(scene& in, const step& how) {
  switch (how.which) {
    case fault::kill:
      return strike_kill(in, how);
    case fault::restart:
      return strike_restart(in, how);
    case fault::power_cut:
      return strike_power(in, how);
    case fault::full_disk:
      return strike_full_disk(in, how);
    case fault::stalled_disk:
      return strike_stalled_disk(in, how);
    case fault::clock_jump:
      return strike_clock(in, how);
    case fault::mariadb_kill:
      return strike_mariadb_kill(in, how);
    case fault::mariadb_power_cut:
      return strike_mariadb_power(in, how);
    case fault::mariadb_freeze:
      return strike_mariadb_freeze(in, how);
    case fault::commit_cut:
      return strike_commit_cut(in, how);
    case fault::redis_kill:
      return strike_redis_kill(in, how);
    case fault::redis_freeze:
      return strike_redis_freeze(in, how);
    case fault::edge_kill:
      return strike_edge_kill(in, how);
    case fault::logic_kill:
      return strike_logic_kill(in, how);
    case fault::rolling_restart:
      return strike_rolling_restart(in, how);
    case fault::partition:
      return strike_partition(in, how);
  }
  throw test::failure("no such fault");
}

}  // namespace parley::crash

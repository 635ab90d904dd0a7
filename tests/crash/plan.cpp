#include "crash/plan.hpp"

#include <algorithm>
#include <random>

namespace parley::crash {

const std::vector<fault_kind>& fault_kinds() {
  static const std::vector<fault_kind> all = {
      {fault::kill, "kill", needs::nothing, false, false, "kill -9 of a node, now and then again while it starts"},
      {fault::restart, "restart", needs::nothing, false, false, "SIGTERM, which has to end well, and a new start"},
      {fault::power_cut, "power_cut", needs::sqlite, true, true,
       "kill -9, and all or some of what was not synced is gone"},
      {fault::full_disk, "full_disk", needs::sqlite, true, true, "no file can grow; now and then a kill meanwhile"},
      {fault::stalled_disk, "stalled_disk", needs::sqlite, true, true, "each sync takes up to seconds"},
      {fault::clock_jump, "clock_jump", needs::nothing, true, false, "the wall clock jumps, to and fro"},
      {fault::mariadb_kill, "mariadb_kill", needs::mariadb, false, true, "kill -9 of MariaDB, and a new start"},
      {fault::mariadb_power_cut, "mariadb_power_cut", needs::mariadb, true, true,
       "the same, without what it had not synced"},
      {fault::mariadb_freeze, "mariadb_freeze", needs::mariadb, false, true,
       "MariaDB stands still (SIGSTOP) for seconds"},
      {fault::commit_cut, "commit_cut", needs::mariadb, false, true, "connections end before, in or behind a COMMIT"},
      {fault::redis_kill, "redis_kill", needs::nothing, false, false, "kill -9 of Redis, which comes back empty"},
      {fault::redis_freeze, "redis_freeze", needs::nothing, false, false, "Redis stands still (SIGSTOP) for seconds"},
      {fault::edge_kill, "edge_kill", needs::cluster, false, false, "kill -9 of an edge, away for seconds"},
      {fault::logic_kill, "logic_kill", needs::cluster, false, false, "kill -9 of a logic node, away for seconds"},
      {fault::rolling_restart, "rolling_restart", needs::cluster, false, false, "SIGTERM and start, node after node"},
      {fault::partition, "partition", needs::cluster, false, false, "one node is cut off from everybody, for seconds"},
  };
  return all;
}

const fault_kind& kind_of(fault which) {
  return fault_kinds()[static_cast<std::size_t>(which)];
}

const fault_kind* find_fault(std::string_view name) {
  const auto& all = fault_kinds();
  const auto found = std::find_if(all.begin(), all.end(), [&](const fault_kind& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<step> make_plan(std::uint64_t seed, const std::vector<fault>& faults, std::size_t rounds,
                            std::size_t nodes) {
  std::mt19937_64 random(seed);
  std::vector<fault> deck;
  std::vector<step> out;
  while (out.size() < rounds) {
    if (deck.empty()) {
      deck = faults;
      for (std::size_t i = deck.size(); i > 1; --i) std::swap(deck[i - 1], deck[random() % i]);
    }
    step next;
    next.which = deck.back();
    deck.pop_back();
    next.node = static_cast<std::uint32_t>(random() % nodes);
    next.life_ms = static_cast<std::uint32_t>(100 + random() % 900);
    next.hold_ms = static_cast<std::uint32_t>(200 + random() % 1800);
    next.variant = random();
    out.push_back(next);
  }
  return out;
}

}  // namespace parley::crash

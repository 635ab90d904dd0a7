// Nodes of a cluster die, are replaced, or are cut off: the others go on.
#include "crash/faults/faults.hpp"

namespace parley::crash {
namespace {

/// Away for longer than the others take to notice.
bite kill_for_a_while(scene& in, std::size_t node, const step& how) {
  const auto away_ms = 2000 + how.hold_ms;
  in.kill(node);
  rest(away_ms);
  in.start(node);
  return {1, in.name(node) + " was away for " + std::to_string(away_ms) + " ms"};
}

}  // namespace

bite strike_edge_kill(scene& in, const step& how) {
  return kill_for_a_while(in, how.node % in.edges(), how);
}

bite strike_logic_kill(scene& in, const step& how) {
  return kill_for_a_while(in, in.edges() + how.node % (in.nodes() - in.edges()), how);
}

bite strike_rolling_restart(scene& in, const step&) {
  for (std::size_t i = 0; i < in.nodes(); ++i) {
    in.terminate(i);
    in.start(i);
  }
  return {in.nodes(), std::to_string(in.nodes()) + " nodes ended and started, one after the other"};
}

/// Longer than a link stands silence; one time in three longer than a lease.
bite strike_partition(scene& in, const step& how) {
  const auto alone_ms = (how.variant % 3 == 0 ? 6000 : 2500) + how.hold_ms;
  in.cut(how.node);
  rest(alone_ms);
  in.heal(how.node);
  return {1, in.name(how.node) + " was alone for " + std::to_string(alone_ms) + " ms", static_cast<int>(how.node)};
}

}  // namespace parley::crash

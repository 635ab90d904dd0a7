// A disk is full, or slow.
#include "crash/faults/faults.hpp"

namespace parley::crash {

/// Holds until it was felt: a log that is written again from its start does not grow for a while.
bite strike_full_disk(scene& in, const step& how) {
  auto& disk = in.node_shim(how.node)->control();
  const auto before = disk.refused.load();
  disk.full = 1;
  rest(how.hold_ms);
  for (int i = 0; i < 1000 && disk.refused == before; ++i) rest(10);
  const bool killed = how.variant % 4 == 0;
  if (killed) in.kill(how.node);
  disk.full = 0;
  if (killed) in.start(how.node);
  const auto refused = disk.refused - before;
  return {refused, std::to_string(refused) + " writes refused"};
}

bite strike_stalled_disk(scene& in, const step& how) {
  auto& disk = in.node_shim(how.node)->control();
  const auto before = disk.delayed.load();
  disk.sync_delay_ms = static_cast<std::uint32_t>(200 + how.variant % 3000);
  rest(how.hold_ms);
  const bool killed = how.variant % 4 == 0;
  if (killed) in.kill(how.node);
  disk.sync_delay_ms = 0;
  if (killed) in.start(how.node);
  const auto delayed = disk.delayed - before;
  return {delayed,
          std::to_string(delayed) + " syncs delayed by up to " + std::to_string(200 + how.variant % 3000) + " ms"};
}

}  // namespace parley::crash

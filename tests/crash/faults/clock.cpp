// A node's wall clock jumps.
#include <array>

#include "crash/faults/faults.hpp"

namespace parley::crash {

bite strike_clock(scene& in, const step& how) {
  constexpr std::int64_t hour = 3600, day = 24 * hour;
  constexpr std::array<std::int64_t, 8> shifts = {-400 * day, -day, -hour, -2, 2, hour, day, 400 * day};
  auto& clock = in.node_shim(how.node)->control();
  const auto before = clock.shifted.load();
  const auto shift = shifts[how.variant % shifts.size()];
  clock.clock_shift_s = shift;
  rest(how.hold_ms);
  return {clock.shifted - before, "off by " + std::to_string(shift) + " s"};
}

}  // namespace parley::crash

// How a test speaks to the shim of a running process: a file that both have mapped.
#pragma once

#include <atomic>
#include <cstdint>

namespace parley::crash {

/// $PARLEY_SHIM/control. All zero: the shim only remembers what is not synced.
struct shim_control {
  // set by the test
  std::atomic<std::uint32_t> lies;           ///< syncing makes nothing last
  std::atomic<std::uint32_t> sync_delay_ms;  ///< each sync takes so long
  std::atomic<std::uint32_t> full;           ///< files cannot grow: ENOSPC
  std::atomic<std::int64_t> clock_shift_s;   ///< the wall clock is off by so much

  // counted by the shim
  std::atomic<std::uint64_t> delayed;
  std::atomic<std::uint64_t> refused;
  std::atomic<std::uint64_t> shifted;
};
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

}  // namespace parley::crash

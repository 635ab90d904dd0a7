#pragma once

#include <cstdint>
#include <optional>

namespace parley::bench {

/// Memory of a process of this machine, in bytes.
struct memory {
  std::uint64_t resident;  ///< VmRSS
  std::uint64_t own;       ///< Private_Dirty of smaps_rollup: shared with nobody; 0 when that may not be read

  /// Nothing when there is no such process.
  static std::optional<memory> of(std::uint64_t pid);
};

}  // namespace parley::bench

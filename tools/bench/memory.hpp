#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "bench/report.hpp"

namespace parley::bench {

/// Memory of a process of this machine, in bytes.
struct memory {
  std::uint64_t resident;  ///< VmRSS
  std::uint64_t own;       ///< Private_Dirty of smaps_rollup: shared with nobody; 0 when that may not be read

  /// Nothing when there is no such process.
  static std::optional<memory> of(std::uint64_t pid);
};

/// A server's memory, looked at while transfers go on.
class memory_watch {
 public:
  /// 0: nobody is looked at.
  explicit memory_watch(std::uint64_t pid) : pid_(pid) {}

  bool on() const { return pid_ != 0; }
  /// Before the first transfer. False when there is no such process.
  bool begin();
  /// Every tenth of a second while measuring.
  void look();
  void conclude(report& out, std::size_t transfers) const;

 private:
  const std::uint64_t pid_;
  std::uint64_t idle_ = 0;
  std::vector<std::uint64_t> resident_;
};

}  // namespace parley::bench

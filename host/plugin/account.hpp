// What a generation costs: time on the loop, how long its commands take, stalls.
#pragma once

#include <cstdint>

#include "host/base/log_linear.hpp"

namespace parley::host {

/// Rationale: reading a clock costs more than a small handler. So steps are sampled, as seldom as keeps the samples at
/// about a thousand per second, and each sample counts for all since the one before: of a plugin that does little,
/// every step is measured. [loop]
class account {
 public:
  /// A step begins. 0 = not measured, else the time, and weight() is what it stands for.
  std::uint64_t begin() {
    if (--countdown_ != 0) [[likely]]
      return 0;
    return sample();
  }
  std::uint32_t weight() const { return weight_; }
  /// A measured step ends.
  void end(std::uint64_t began_ns, std::uint32_t weight) { steps.add(now_ns() - began_ns, weight); }

  static std::uint64_t now_ns();

  log_linear steps;      // each time the loop was in the plugin's code; the sum is its share of the loop
  log_linear latencies;  // from the start of a command to its end, waiting included
  std::uint64_t stalls = 0;
  std::uint64_t longest_stall_ms = 0;

 private:
  static constexpr std::uint32_t longest_interval = 256;
  std::uint64_t sample();

  std::uint32_t countdown_ = 1;
  std::uint32_t interval_ = 1;
  std::uint32_t weight_ = 1;
  std::uint64_t last_ns_ = 0;
};

}  // namespace parley::host

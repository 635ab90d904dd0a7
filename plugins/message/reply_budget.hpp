// How much one reply holds.
#pragma once

#include <cstddef>

namespace message {

/// Rationale: Android drops a PDU of more than 400 KiB (proto/README.md 1). The first entry always fits, or a client
/// could never get past it; what is stored is smaller.
class reply_budget {
 public:
  static constexpr std::size_t bytes = 380 << 10;

  /// False when an entry of this size has no room any more.
  bool take(std::size_t size) {
    constexpr std::size_t head = 6;  // tag and length of an entry
    if (used_ > 0 && used_ + size + head > bytes) return false;
    used_ += size + head;
    return true;
  }

 private:
  std::size_t used_ = 0;
};

}  // namespace message

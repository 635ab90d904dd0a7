// Failed 0x0501s, counted per address: task ids cannot be guessed, and nobody gets to try.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

namespace file {

/// Bounded; when it is full everything is forgotten, which lets nobody in. [loop]
class doorkeeper {
 public:
  static constexpr std::uint64_t window_ms = 10 * 60 * 1000;
  static constexpr std::size_t most_addresses = 8192;

  /// `failures` per address and window; 0 = any number.
  explicit doorkeeper(std::uint32_t failures) : failures_(failures) {}

  bool refuses(const std::string& address, std::uint64_t now_ms) const {
    const auto found = seen_.find(address);
    return failures_ != 0 && found != seen_.end() && now_ms - found->second.since_ms < window_ms &&
           found->second.count >= failures_;
  }
  void failed(const std::string& address, std::uint64_t now_ms) {
    if (seen_.size() >= most_addresses && !seen_.contains(address)) seen_.clear();
    auto& entry = seen_[address];
    if (entry.count == 0 || now_ms - entry.since_ms >= window_ms) entry = {now_ms, 0};
    ++entry.count;
  }

 private:
  struct tries {
    std::uint64_t since_ms = 0;
    std::uint32_t count = 0;
  };
  std::uint32_t failures_;
  std::unordered_map<std::string, tries> seen_;
};

}  // namespace file

// Pairs that were found in order a moment ago: the target is somebody and takes what the author sends. [loop]
#pragma once

#include <cstdint>
#include <unordered_map>

namespace message {

/// Spares two statements per message. Whoever leaves is refused after `lasting_ms` at the latest.
class recent_checks {
 public:
  static constexpr std::uint64_t lasting_ms = 60'000;
  static constexpr std::size_t most = 1 << 17;

  bool holds(std::uint32_t author, std::uint32_t target, std::uint64_t now_ms) const {
    const auto found = until_.find(key(author, target));
    return found != until_.end() && now_ms < found->second;
  }
  void remember(std::uint32_t author, std::uint32_t target, std::uint64_t now_ms) {
    if (until_.size() >= most) until_.clear();
    until_[key(author, target)] = now_ms + lasting_ms;
  }
  void forget(std::uint32_t author, std::uint32_t target) { until_.erase(key(author, target)); }
  void clear() { until_.clear(); }

 private:
  static std::uint64_t key(std::uint32_t author, std::uint32_t target) {
    return static_cast<std::uint64_t>(author) << 32 | target;
  }
  std::unordered_map<std::uint64_t, std::uint64_t> until_;
};

}  // namespace message

#include "recent.hpp"

#include <algorithm>

namespace msfs {
namespace {

constexpr std::size_t most_remembered = 10'000;
constexpr std::uint64_t minute_ms = 60'000;
constexpr std::uint64_t recent_ms = 30'000;

}  // namespace

bool recent_uploaders::take(const std::string& who, std::uint64_t now_ms) {
  if (per_minute_ == 0) return true;
  if (free_at_ms_.size() >= most_remembered) {
    std::erase_if(free_at_ms_, [now_ms](const auto& one) { return one.second <= now_ms; });
    if (free_at_ms_.size() >= most_remembered) free_at_ms_.clear();
  }
  auto& free_at = free_at_ms_[who];
  const auto share = std::max<std::uint64_t>(minute_ms / per_minute_, 1);
  const auto next = std::max(free_at, now_ms) + share;
  if (next > now_ms + std::max(minute_ms, share)) return false;
  free_at = next;
  return true;
}

void recent_uploaders::remember(const std::string& who, std::uint64_t left, std::uint64_t now_ms) {
  if (left_.size() >= most_remembered) left_.clear();
  left_[who] = {left, now_ms};
}

std::uint64_t recent_uploaders::left(const std::string& who, std::uint64_t now_ms) const {
  const auto found = left_.find(who);
  return found == left_.end() || found->second.at_ms + recent_ms < now_ms ? UINT64_MAX : found->second.left;
}

pending_by_address::place::place(pending_by_address& all, std::string address, std::uint32_t most)
    : all_(all), address_(std::move(address)) {
  auto& count = all_.count_[address_];
  taken_ = count < most;
  count += taken_;
}

pending_by_address::place::~place() {
  if (!taken_) return;
  const auto own = all_.count_.find(address_);
  if (--own->second == 0) all_.count_.erase(own);
}

}  // namespace msfs

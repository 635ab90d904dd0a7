#include "found_lately.hpp"

namespace msfs {
namespace {

constexpr std::size_t most = 1000;
constexpr std::uint64_t kept_ms = 1000;

}  // namespace

const found* found_lately::get(const std::string& path, std::uint64_t now_ms) const {
  const auto known = all_.find(path);
  return known == all_.end() || known->second.until_ms <= now_ms ? nullptr : &known->second.what;
}

void found_lately::add(const std::string& path, const found& what, std::uint64_t epoch, std::uint64_t now_ms) {
  if (what.is != found::what::file && what.is != found::what::cached_thumbnail) return;
  if (removals_ > 0 || epoch != epoch_) return;
  if (const auto before = all_.find(path); before != all_.end()) {
    aging_.erase(before->second.place);
    all_.erase(before);
  }
  while (!aging_.empty()) {
    const auto oldest = all_.find(*aging_.front());
    if (all_.size() < most && oldest->second.until_ms > now_ms) break;
    aging_.pop_front();
    all_.erase(oldest);
  }
  const auto added = all_.emplace(path, entry{what, now_ms + kept_ms, {}}).first;
  added->second.place = aging_.insert(aging_.end(), &added->first);
}

void found_lately::forget() {
  ++epoch_;
  aging_.clear();
  all_.clear();
}

}  // namespace msfs

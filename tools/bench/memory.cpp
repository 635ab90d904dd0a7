#include "bench/memory.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace parley::bench {
namespace {

/// The number of "NAME:   123 kB", in bytes; 0 when the line is not there.
std::uint64_t value_of(const std::string& path, const std::string& name) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(name + ":")) continue;
    std::istringstream rest(line.substr(name.size() + 1));
    std::uint64_t kibibytes = 0;
    rest >> kibibytes;
    return kibibytes * 1024;
  }
  return 0;
}

}  // namespace

std::optional<memory> memory::of(std::uint64_t pid) {
  const std::string root = "/proc/" + std::to_string(pid);
  const memory now{value_of(root + "/status", "VmRSS"), value_of(root + "/smaps_rollup", "Private_Dirty")};
  if (now.resident == 0) return std::nullopt;
  return now;
}

bool memory_watch::begin() {
  if (!on()) return true;
  const auto now = memory::of(pid_);
  if (now) idle_ = now->resident;
  return now.has_value();
}

void memory_watch::look() {
  if (!on()) return;
  if (const auto now = memory::of(pid_)) resident_.push_back(now->resident);
}

void memory_watch::conclude(report& out, std::size_t transfers) const {
  if (resident_.empty()) return;
  constexpr double mebibyte = 1 << 20;
  const auto most_of = [](auto begin, auto end) { return static_cast<double>(*std::max_element(begin, end)); };
  const auto third = static_cast<std::ptrdiff_t>(std::max<std::size_t>(resident_.size() / 3, 1));
  const double idle = static_cast<double>(idle_);
  const double most = most_of(resident_.begin(), resident_.end());
  const double first = most_of(resident_.begin(), resident_.begin() + third);
  const double last = most_of(resident_.end() - third, resident_.end());
  out.quantity("resident_idle", idle / mebibyte, "MiB");
  out.quantity("resident_most", most / mebibyte, "MiB");
  out.quantity("resident_per_transfer", (most - idle) / static_cast<double>(transfers), "bytes");
  out.quantity("resident_last_to_first", last / first, "of the first third's most");
}

}  // namespace parley::bench

#include "bench/memory.hpp"

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

}  // namespace parley::bench

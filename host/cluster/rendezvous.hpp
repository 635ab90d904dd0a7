// Which of several nodes a key belongs to: every node decides alike, and one that comes or goes moves its share only.
#pragma once

#include <cstdint>
#include <string_view>

namespace parley::host {

inline std::uint64_t mixed(std::uint64_t v) {  // splitmix64
  v += 0x9e3779b97f4a7c15;
  v = (v ^ (v >> 30)) * 0xbf58476d1ce4e5b9;
  v = (v ^ (v >> 27)) * 0x94d049bb133111eb;
  return v ^ (v >> 31);
}

/// The same in every build: FNV-1a.
inline std::uint64_t name_hash(std::string_view name) {
  std::uint64_t h = 0xcbf29ce484222325;
  for (const char c : name) h = (h ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  return h;
}

/// The node with the highest weight has the key.
inline std::uint64_t rendezvous_weight(std::uint64_t key, std::uint64_t plugin, std::uint64_t node) {
  return mixed(mixed(key ^ plugin) ^ node);
}

}  // namespace parley::host

// Who is in a group: authors are checked against it, deliveries go to it.
#pragma once

#include <parley/sql.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

namespace message {

/// Never changed once it is read.
struct roster {
  std::uint32_t version = 0;           // IMGroup.version
  std::vector<std::uint64_t> members;  // ascending, each once

  bool has(std::uint64_t user) const { return std::binary_search(members.begin(), members.end(), user); }
};

/// Shared: a delivery on the loop still needs the one that its batch had, when the next batch has read another.
using shared_roster = std::shared_ptr<const roster>;

/// The rosters read last.
///
/// Rationale: a cached one is believed only when IMGroup still has its version, read under the lock that every change
/// of members takes too. So nobody has to be told: whoever was removed before a message's commit, by whatever node,
/// does not get it.
class rosters {
 public:
  static constexpr std::size_t most_members = 4 << 20;  // 32 MiB

  /// Those of `groups` that are there and live; locked until the transaction ends. `groups` ascend. [worker]
  std::map<std::uint32_t, shared_roster> lock(parley::sql& db, std::span<const std::uint32_t> groups);
  /// Whether it has been locked before: it then has a conversation. [any]
  bool knows(std::uint32_t group) const;

 private:
  shared_roster find(std::uint32_t group, std::uint32_t version) const;
  void keep(std::uint32_t group, const shared_roster& read);

  mutable std::mutex mutex_;
  std::unordered_map<std::uint32_t, shared_roster> known_;
  std::size_t members_ = 0;  // of all in known_
};

}  // namespace message

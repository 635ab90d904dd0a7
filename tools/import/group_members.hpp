// One group's rows, under the lock that nodes take for every change of them.
#pragma once

#include <map>
#include <vector>

#include "import/job.hpp"

namespace parley::teamtalk {

struct member_totals {
  std::uint64_t groups = 0, ended_groups = 0, changed_since = 0, no_group = 0;
  std::uint64_t added = 0, revived = 0, ended = 0, moved = 0, nobody = 0, counts = 0;
};

struct group_row {
  std::uint32_t id = 0;
  bool there = false, live = false;
  bool changed_since = false;  // by a node
  std::uint32_t version = 0, count = 0;
};
/// Until the transaction ends; in a dry run nothing is locked.
group_row lock_group(job& work, std::uint32_t group);

/// Who is in a locked group, and who should be.
class member_rows {
 public:
  member_rows(job& work, const group_row& group);

  void join(std::uint32_t user, std::uint32_t joined, member_totals& sum);
  /// Whoever is not among `members`, and second rows of those who are.
  void end_others(const std::map<std::uint32_t, std::uint32_t>& members, member_totals& sum);
  /// If anything has changed: nodes and clients read the members again when the version is another.
  void raise_version();
  /// TeamTalk counted members twice when it made a group, and never fewer.
  void count(member_totals& sum);

 private:
  struct member_row {
    std::uint64_t id = 0;
    std::uint32_t status = 0, updated = 0;
  };
  void set(member_row& row, const char* column, std::uint32_t& value, std::uint32_t is);

  job& work_;
  const group_row group_;
  std::map<std::uint32_t, std::vector<member_row>> rows_;
  bool changed_ = false;
};

}  // namespace parley::teamtalk

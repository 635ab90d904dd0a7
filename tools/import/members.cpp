// Who is in which group: TeamTalk's Redis is right, its MySQL a copy.
#include <unordered_set>

#include "import/steps.hpp"

namespace parley::teamtalk {
namespace {

using number = std::uint32_t;

struct member_row {
  std::uint64_t id = 0;
  number status = 0, updated = 0;
};
struct totals {
  std::uint64_t groups = 0, added = 0, revived = 0, ended = 0, moved = 0, nobody = 0, no_group = 0;
};

/// The rows of IMGroupMember of one group, and what they should be.
class one_group {
 public:
  one_group(job& work, number group, bool lock) : work_(work), group_(group) {
    const std::string statement =  // index (groupId, userId, status)
        std::string("SELECT userId, id, status, updated FROM IMGroupMember WHERE groupId = ? ORDER BY status, id") +
        (lock ? " {for_update}" : "");
    work.db().each<number, std::uint64_t, number, number>(
        statement.c_str(), {group}, [&](number user, std::uint64_t id, number status, number updated) {
          rows_[user].push_back({id, status, updated});
        });
  }

  void join(number user, number joined, totals& sum) {
    const auto found = rows_.find(user);
    if (found == rows_.end()) {
      ++sum.added;
      if (work_.dry()) return;
      work_.db().execute("INSERT INTO IMGroupMember(groupId, userId, status, created, updated) VALUES (?, ?, 0, ?, ?)",
                         {group_, user, joined, joined});
      return;
    }
    const auto& row = found->second.front();
    if (row.status != 0) ++sum.revived;
    if (row.status == 0 && row.updated != joined) ++sum.moved;
    if (row.status != 0) set(row.id, "status", row.status, 0);
    if (row.updated != joined) set(row.id, "updated", row.updated, joined);
  }

  /// Whoever is not among the members, and second rows of those who are.
  void end_others(const std::map<number, number>& members, totals& sum) {
    for (const auto& [user, rows] : rows_) {
      for (std::size_t i = members.contains(user) ? 1 : 0; i < rows.size(); ++i) {
        if (rows[i].status != 0) continue;
        ++sum.ended;
        set(rows[i].id, "status", 0, 1);
      }
    }
  }

 private:
  void set(std::uint64_t row, const char* column, number was, number is) {
    if (work_.dry()) return;
    const auto statement = std::string("UPDATE IMGroupMember SET ") + column + " = ? WHERE id = ?";
    work_.db().execute(statement.c_str(), {is, row});
    work_.changed({"IMGroupMember", row, column, was, is});
  }

  job& work_;
  const number group_;
  std::map<number, std::vector<member_row>> rows_;
};

/// TeamTalk counted members twice when it made a group, and never fewer.
std::size_t count_members(job& work) {
  struct wrong_count {
    number group, was, is;
  };
  std::vector<wrong_count> wrong;
  work.transaction([&] {
    wrong.clear();
    work.db().each<number, number, number>(
        "SELECT g.id, g.userCnt, COUNT(DISTINCT m.userId) FROM IMGroup g "
        "LEFT JOIN IMGroupMember m ON m.groupId = g.id AND m.status = 0 "  // (groupId, userId, status)
        "GROUP BY g.id, g.userCnt HAVING COUNT(DISTINCT m.userId) <> g.userCnt",
        {}, [&](number group, number was, number is) {
          wrong.push_back({group, was, is});
        });
    for (const auto& one : wrong) {
      work.db().execute("UPDATE IMGroup SET userCnt = ? WHERE id = ?", {one.is, one.group});
      work.changed({"IMGroup", one.group, "userCnt", one.was, one.is});
    }
  });
  return wrong.size();
}

std::unordered_set<number> ids_of(job& work, const char* statement) {
  std::unordered_set<number> all;
  work.db().each<number>(statement, {}, [&](number id) { all.insert(id); });
  return all;
}

}  // namespace

void take_members(job& work, const redis_truth& redis) {
  work.enter("group members");
  if (work.finished()) return work.out().end("was done");
  const auto groups = ids_of(work, "SELECT id FROM IMGroup");
  const auto users = ids_of(work, "SELECT id FROM IMUser");
  totals all;
  for (const auto& [group, members] : redis.members) {
    if (!groups.contains(group)) {
      ++all.no_group;
      continue;
    }
    totals sum;
    const auto mend = [&] {
      sum = all;
      ++sum.groups;
      one_group rows(work, group, !work.dry());
      for (const auto& [user, joined] : members) {
        if (users.contains(user)) {
          rows.join(user, joined, sum);
        } else {
          ++sum.nobody;
        }
      }
      rows.end_others(members, sum);
    };
    if (work.dry()) {
      mend();
    } else {
      work.transaction(mend);
    }
    all = sum;
    work.out().progress(all.groups, redis.members.size());
  }
  auto& out = work.out();
  if (!work.dry()) {
    out.count("member counts corrected", count_members(work));
    work.finish();
  }
  out.count("groups in Redis", all.groups);
  out.count("members only in Redis, added", all.added);
  out.count("members who counted as gone, back", all.revived);
  out.count("members only in MySQL, ended", all.ended);
  out.count("times of joining corrected", all.moved);
  out.count("groups only in MySQL, left as they are", groups.size() - all.groups);
  if (all.no_group) out.count("groups that do not exist, left out", all.no_group);
  if (all.nobody) out.count("members who do not exist, left out", all.nobody);
  out.end(work.dry() ? "to do" : "done");
}

}  // namespace parley::teamtalk

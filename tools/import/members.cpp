// Who is in which group: TeamTalk's Redis is right, its MySQL a copy.
#include <unordered_set>

#include "import/group_members.hpp"
#include "import/steps.hpp"

namespace parley::teamtalk {
namespace {

using number = std::uint32_t;

using user_set = std::unordered_set<number>;

user_set all_users(job& work) {
  user_set all;
  work.db().each<number>("SELECT id FROM IMUser", {}, [&](number id) { all.insert(id); });
  return all;
}

/// Redis is right unless the group has been changed since: then it is nodes that know.
void take_group(job& work, number id, const std::map<number, number>& members, const user_set& users,
                member_totals& sum) {
  const auto group = lock_group(work, id);
  if (!group.there) {
    ++sum.no_group;
    return;
  }
  ++sum.groups;
  if (!group.live) {
    ++sum.ended_groups;
    return;
  }
  if (group.changed_since) {
    ++sum.changed_since;
    return;
  }
  member_rows rows(work, group);
  for (const auto& [user, joined] : members) {
    if (users.contains(user)) {
      rows.join(user, joined, sum);
    } else {
      ++sum.nobody;
    }
  }
  rows.end_others(members, sum);
  rows.raise_version();
  rows.count(sum);
}

/// body(member_totals&) as one transaction; what it counted is forgotten when it is tried again.
template <class Body>
void one_transaction(job& work, member_totals& all, Body&& body) {
  member_totals sum;
  const auto attempt = [&] {
    sum = all;
    body(sum);
  };
  if (work.dry()) {
    attempt();
  } else {
    work.transaction(attempt);
  }
  all = sum;
}

/// Of groups that Redis does not know; page by page, each under its own lock.
std::uint64_t count_others(job& work, const redis_truth& redis, member_totals& all) {
  constexpr std::size_t groups_per_page = 500;
  std::uint64_t others = 0;
  for (number last = 0;;) {
    std::vector<number> page, wrong;
    work.db().each<number>("SELECT id FROM IMGroup WHERE id > ? ORDER BY id LIMIT ?", {last, groups_per_page},
                           [&](number id) { page.push_back(id); });
    if (page.empty()) return others;
    work.db().each<number>(
        "SELECT g.id FROM IMGroup g LEFT JOIN IMGroupMember m ON m.groupId = g.id AND m.status = 0 AND m.userId <> 0 "
        "WHERE g.id > ? AND g.id <= ? "  // primary key, members by index (groupId, userId, status)
        "GROUP BY g.id, g.userCnt HAVING COUNT(DISTINCT m.userId) <> g.userCnt",
        {last, page.back()}, [&](number id) {
          if (!redis.members.contains(id)) wrong.push_back(id);
        });
    for (const auto id : page) others += !redis.members.contains(id);
    for (const auto id : wrong) {
      one_transaction(work, all, [&](member_totals& sum) {
        const auto group = lock_group(work, id);
        if (group.there) member_rows(work, group).count(sum);
      });
    }
    last = page.back();
  }
}

}  // namespace

void take_members(job& work, const redis_truth& redis) {
  work.enter("group members");
  if (work.finished()) return work.out().end("was done");
  const auto users = all_users(work);
  member_totals all;
  for (const auto& [group, members] : redis.members) {
    one_transaction(work, all, [&](member_totals& sum) { take_group(work, group, members, users, sum); });
    work.out().progress(all.groups, redis.members.size());
  }
  const auto others = count_others(work, redis, all);
  if (!work.dry()) work.finish();
  auto& out = work.out();
  out.count("groups in Redis", all.groups);
  out.count("groups changed by Parley since, left as they are", all.changed_since);
  out.count("groups that are dissolved, left as they are", all.ended_groups);
  out.count("members only in Redis, added", all.added);
  out.count("members who counted as gone, back", all.revived);
  out.count("members only in MySQL, ended", all.ended);
  out.count("times of joining corrected", all.moved);
  out.count("groups only in MySQL, left as they are", others);
  out.count("member counts corrected", all.counts);
  if (all.no_group) out.count("groups that do not exist, left out", all.no_group);
  if (all.nobody) out.count("members who do not exist, left out", all.nobody);
  out.end(work.dry() ? "to do" : "done");
}

}  // namespace parley::teamtalk

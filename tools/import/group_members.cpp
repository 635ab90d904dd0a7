#include "import/group_members.hpp"

#include <algorithm>
#include <utility>

namespace parley::teamtalk {
namespace {

using number = std::uint32_t;

void set_group(job& work, const group_row& group, const char* column, number was, number is) {
  if (work.dry()) return;
  const auto statement = std::string("UPDATE IMGroup SET ") + column + " = ? WHERE id = ?";
  work.db().execute(statement.c_str(), {is, group.id});
  work.changed({"IMGroup", group.id, column, was, is});
}

}  // namespace

group_row lock_group(job& work, number group) {
  const std::string statement =  // primary key
      std::string("SELECT status, created, updated, version, userCnt FROM IMGroup WHERE id = ?") +
      (work.dry() ? "" : " {for_update}");
  const auto row = work.db().one<number, number, number, number, number>(statement.c_str(), {group});
  if (!row) return {};
  const auto [status, created, updated, version, count] = *row;
  // TeamTalk never sets `updated` again; whatever group writes sets it to something else.
  return {group, true, status == 0, updated != created, version, count};
}

member_rows::member_rows(job& work, const group_row& group) : work_(work), group_(group) {
  const std::string statement =  // index (groupId, userId, status)
      std::string("SELECT userId, id, status, updated FROM IMGroupMember WHERE groupId = ? ORDER BY status, id") +
      (work.dry() ? "" : " {for_update}");
  work.db().each<number, std::uint64_t, number, number>(
      statement.c_str(), {group.id}, [&](number user, std::uint64_t id, number status, number updated) {
        rows_[user].push_back({id, status, updated});
      });
}

void member_rows::join(number user, number joined, member_totals& sum) {
  const auto found = rows_.find(user);
  if (found == rows_.end()) {
    ++sum.added;
    changed_ = true;
    rows_[user].push_back({0, 0, joined});
    if (work_.dry()) return;
    work_.db().execute("INSERT INTO IMGroupMember(groupId, userId, status, created, updated) VALUES (?, ?, 0, ?, ?)",
                       {group_.id, user, joined, joined});
    return;
  }
  auto& row = found->second.front();
  if (row.status != 0) ++sum.revived;
  if (row.status == 0 && row.updated != joined) ++sum.moved;
  set(row, "status", row.status, 0);
  set(row, "updated", row.updated, joined);
}

void member_rows::end_others(const std::map<number, number>& members, member_totals& sum) {
  for (auto& [user, rows] : rows_) {
    for (std::size_t i = members.contains(user) ? 1 : 0; i < rows.size(); ++i) {
      if (rows[i].status != 0) continue;
      ++sum.ended;
      set(rows[i], "status", rows[i].status, 1);
    }
  }
}

void member_rows::raise_version() {
  if (changed_) set_group(work_, group_, "version", group_.version, group_.version + 1);
}

void member_rows::count(member_totals& sum) {
  number live = 0;
  for (const auto& [user, rows] : rows_) {
    live += user != 0 && std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.status == 0; });
  }
  if (live == group_.count) return;
  ++sum.counts;
  set_group(work_, group_, "userCnt", group_.count, live);
}

void member_rows::set(member_row& row, const char* column, number& value, number is) {
  if (value == is) return;
  const number was = std::exchange(value, is);
  changed_ = true;
  if (work_.dry()) return;
  const auto statement = std::string("UPDATE IMGroupMember SET ") + column + " = ? WHERE id = ?";
  work_.db().execute(statement.c_str(), {is, row.id});
  work_.changed({"IMGroupMember", row.id, column, was, is});
}

}  // namespace parley::teamtalk

// How much each of many users has not read, in two statements for up to 64 of them. The tables are message's.
#include <parley/in_list.hpp>

#include <algorithm>
#include <set>

#include "store.hpp"

namespace push::store {
namespace {

using number = std::uint32_t;
using parley::sql;
using parley::sql_value;

constexpr number most_counted = 999;  // of one session, as message counts

/// Which of the last numbers of a session are others': at most so many are looked at.
constexpr number most_looked_at = 100;

/// `text` once for each shard, # its number.
std::string by_shard(const std::string& of, const std::string& text) {
  std::string all = "CASE " + of + " % 8";
  for (char shard = '0'; shard < '8'; ++shard) {
    all += std::string(" WHEN ") + shard + " THEN (";
    for (const char c : text) all += c == '#' ? shard : c;
    all += ")";
  }
  return all + " END";
}

/// Rationale: numbers have no gaps, so `last` - `floor` of them are unread, the user's own among these. Which are own
/// is looked up number by number: MariaDB reads the whole conversation for a range whose bounds are columns. Beyond
/// most_looked_at they all count.
std::string unread(const std::string& last, const std::string& floor, const std::string& others) {
  return "CASE WHEN " + last + " - " + floor + " > " + std::to_string(most_looked_at) + " THEN " + last + " - " +
         floor + " ELSE " + others + " END";
}

/// A scalar for each number: as a join MariaDB would begin with the conversation.
std::string one_by_one(const std::string& count, const std::string& scalar) {
  return "SELECT COALESCE(SUM((" + scalar + ")), 0) FROM n WHERE n.i < " + count;
}

const std::string numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                            std::to_string(most_looked_at - 1) + ") ";

std::string select_singles() {
  const std::string last = "CASE WHEN s.userId < s.peerId THEN c.last_b ELSE c.last_a END";
  const std::string floor = "COALESCE(p.msg_id, c.read_floor)";
  // IMMessage_n by (relateId, status, msgId, created).
  const auto others = by_shard(
      "c.relate_id", one_by_one(last + " - " + floor,
                                "SELECT COUNT(*) FROM IMMessage_# m WHERE m.relateId = c.relate_id AND m.status = 0 "
                                "AND m.msgId = " +
                                    last + " - n.i AND m.fromId <> s.userId"));
  // The users' rows by (userId, peerId, status, updated); conversation and read_position by primary key.
  return numbers + "SELECT s.userId, s.peerId, " + unread(last, floor, others) +
         " FROM IMRecentSession s JOIN conversation c ON c.kind = s.type "
         "AND c.a = CASE WHEN s.userId < s.peerId THEN s.userId ELSE s.peerId END "
         "AND c.b = CASE WHEN s.userId < s.peerId THEN s.peerId ELSE s.userId END "
         "LEFT JOIN read_position p ON p.user_id = s.userId AND p.kind = c.kind AND p.relate_id = c.relate_id "
         "WHERE s.type = 1 AND s.status = 0 AND " +
         last + " > " + floor + " AND s.userId IN ";
}

std::string select_groups() {
  const std::string floor = "{greatest}(COALESCE(p.msg_id, c.read_floor), COALESCE(j.since_msg_id, 0))";
  // IMGroupMessage_n by (groupId, msgId, status, created).
  const auto others = by_shard(
      "m.groupId", one_by_one("c.last_msg_id - " + floor,
                              "SELECT COUNT(*) FROM IMGroupMessage_# t WHERE t.groupId = m.groupId "
                              "AND t.msgId = c.last_msg_id - n.i AND t.status = 0 "
                              "AND t.created >= COALESCE(j.since_created, m.updated) AND t.userId <> m.userId"));
  // The users' rows by (userId, status, updated); the others by primary key.
  return numbers + "SELECT m.userId, m.groupId, " + unread("c.last_msg_id", floor, others) +
         " FROM IMGroupMember m JOIN IMGroup g ON g.id = m.groupId AND g.status = 0 "
         "JOIN conversation c ON c.kind = 2 AND c.a = 0 AND c.b = m.groupId "
         "LEFT JOIN group_join j ON j.group_id = m.groupId AND j.user_id = m.userId "
         "LEFT JOIN read_position p ON p.user_id = m.userId AND p.kind = 2 AND p.relate_id = m.groupId "
         "WHERE m.status = 0 AND c.last_msg_id > " +
         floor + " AND m.userId IN ";
}

}  // namespace

std::unordered_map<number, number> badges(sql& db, std::span<const number> users) {
  static const parley::in_list singles(select_singles());
  static const parley::in_list groups(select_groups());
  std::unordered_map<number, number> found;
  for (const auto user : users) found[user] = 0;
  for (const auto* one : {&singles, &groups}) {
    std::set<std::pair<number, number>> seen;  // TeamTalk may hold a pair or a member twice
    one->each({}, users, [&](const char* statement, const sql_value* values, std::size_t count) {
      db.each<number, number, number>(statement, values, count, [&](number user, number session, number unread) {
        if (seen.insert({user, session}).second) found[user] += std::min(unread, most_counted);
      });
    });
  }
  return found;
}

}  // namespace push::store

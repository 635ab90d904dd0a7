#include "import/conversation.hpp"

#include <algorithm>

namespace parley::teamtalk {
namespace {

using number = std::uint32_t;

/// Pairs of one query: the server reads a longer list of ranges as the whole table.
constexpr std::size_t pairs_per_query = 200;

/// Their rows in IMRecentSession, which a message brings up to date; 0 where there is none: the first message makes it.
std::map<std::pair<number, number>, std::uint64_t> session_rows(sql& db, std::span<const new_conversation> all) {
  std::map<std::pair<number, number>, std::uint64_t> rows;
  while (!all.empty()) {
    const auto some = all.first(std::min(all.size(), pairs_per_query));
    all = all.subspan(some.size());
    std::string pairs;
    for (const auto& one : some) {
      if (one.kind != chat::single) continue;
      const auto a = std::to_string(one.a), b = std::to_string(one.b);
      pairs += (pairs.empty() ? "(userId = " : " OR (userId = ") + a + " AND peerId = " + b + ") OR (userId = " + b +
               " AND peerId = " + a + ")";
    }
    if (pairs.empty()) continue;
    const auto statement =  // index (userId, peerId, type)
        "SELECT userId, peerId, id FROM IMRecentSession WHERE type = 1 AND (" + pairs + ") ORDER BY status, id";
    db.each<number, number, std::uint64_t>(statement.c_str(), {}, [&](number user, number peer, std::uint64_t id) {
      rows.try_emplace({user, peer}, id);
    });
  }
  return rows;
}

}  // namespace

std::string message_table(chat kind, number relation) {
  return (kind == chat::single ? "IMMessage_" : "IMGroupMessage_") + std::to_string(relation % 8);
}

std::map<number, history> histories(sql& db, chat kind, std::span<const number> relations) {
  std::map<std::string, std::vector<number>> by_table;
  for (const auto one : relations) by_table[message_table(kind, one)].push_back(one);
  std::map<number, history> all;
  for (const auto& [table, ids] : by_table) {
    const std::string column = relation_column(kind);
    const auto statement =  // index (relateId, status, msgId, created)
        "SELECT " + column + ", COUNT(*), COUNT(DISTINCT msgId), MIN(msgId), MAX(msgId), MAX(created) FROM " + table +
        " WHERE " + column + " IN (" + comma_list(ids) + ") GROUP BY " + column;
    db.each<number, std::uint64_t, std::uint64_t, number, number, number>(
        statement.c_str(), {},
        [&](number id, std::uint64_t count, std::uint64_t distinct, number lowest, number highest, number created) {
          all[id] = {count, distinct, lowest, highest, created};
        });
  }
  return all;
}

void insert_conversations(sql& db, std::span<const new_conversation> all) {
  const auto sessions = session_rows(db, all);
  const auto session = [&](number user, number peer) {
    const auto found = sessions.find({user, peer});
    return found == sessions.end() ? std::uint64_t{0} : found->second;
  };
  std::vector<sql_value> values;
  for (const auto& one : all) {
    const bool single = one.kind == chat::single;
    values.insert(values.end(),
                  {raw(one.kind), one.a, one.b, one.relation, one.highest, one.created, one.highest, one.highest,
                   one.highest, single ? session(one.a, one.b) : 0, single ? session(one.b, one.a) : 0});
  }
  db.insert_rows(
      "INSERT INTO conversation(kind, a, b, relate_id, last_msg_id, last_created, read_floor, last_a, last_b, "
      "session_a, session_b) VALUES",
      "{keep:kind,a,b}", 11, values);
}

}  // namespace parley::teamtalk

#include <set>

#include "store.hpp"

namespace message::store {
namespace {

using number = std::uint32_t;
using parley::sql;
using parley::sql_value;

constexpr number most_counted = 999;
constexpr number most_looked_at = 2000;

}  // namespace

void save_positions(sql& db, std::span<const new_position> positions, number now) {
  std::vector<sql_value> values;
  values.reserve(positions.size() * 5);
  for (const auto& one : positions) {
    values.insert(values.end(), {one.user, raw(one.where.kind), one.where.relate_id, one.msg_id, now});
  }
  db.insert_rows(
      "INSERT INTO read_position(user_id, kind, relate_id, msg_id, updated) VALUES",  // primary key
      "{on_conflict:user_id,kind,relate_id} msg_id = {greatest}(msg_id, {new:msg_id}), updated = {new:updated}", 5,
      values);
}

std::vector<unread_session> unread_sessions(sql& db, number user) {
  std::vector<unread_session> found;
  std::set<number> seen;  // TeamTalk may hold a pair twice
  db.each<number, number, number, number, number>(
      // The user's rows by (userId, peerId, status, updated), sorted; conversation and read_position by primary key. A
      // conversation that has no row has no unread messages: what only TeamTalk has seen counts as read.
      "SELECT s.peerId, s.updated, c.relate_id, COALESCE(p.msg_id, c.read_floor), "
      "CASE WHEN s.userId < s.peerId THEN c.last_b ELSE c.last_a END "
      "FROM IMRecentSession s JOIN conversation c ON c.kind = s.type "
      "AND c.a = CASE WHEN s.userId < s.peerId THEN s.userId ELSE s.peerId END "
      "AND c.b = CASE WHEN s.userId < s.peerId THEN s.peerId ELSE s.userId END "
      "LEFT JOIN read_position p ON p.user_id = s.userId AND p.kind = c.kind AND p.relate_id = c.relate_id "
      "WHERE s.userId = ? AND s.type = 1 AND s.status = 0 "
      "AND CASE WHEN s.userId < s.peerId THEN c.last_b ELSE c.last_a END > COALESCE(p.msg_id, c.read_floor) "
      "ORDER BY s.updated DESC, s.id DESC LIMIT ?",
      {user, sessions_per_reply},
      [&](number peer, number updated, number relate_id, number position, number last_of_peer) {
        if (!seen.insert(peer).second) return;
        found.push_back({peer, updated, {{conversation_kind::single, relate_id}}, position, last_of_peer});
      });
  return found;
}

number count_unread(sql& db, const unread_session& session, number user) {
  const auto& [where, since_msg_id, since_created] = session.seen;
  const auto count = db.one<number>(
      statements_of(where).unread.c_str(),
      {where.relate_id, std::max(session.position, since_msg_id), since_created, session.last, most_looked_at, user});
  return count ? std::min(std::get<0>(*count), most_counted) : 0;
}

}  // namespace message::store

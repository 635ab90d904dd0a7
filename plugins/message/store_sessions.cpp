#include <parley/in_list.hpp>

#include <algorithm>
#include <iterator>
#include <set>

#include "store.hpp"

namespace message::store {
namespace {

using number = std::uint32_t;
using id = std::uint64_t;
using parley::sql;
using parley::sql_value;

constexpr int live = 0;
constexpr int removed = 1;
constexpr std::size_t rows_per_update = 64;

std::string update_rows() {
  return "UPDATE IMRecentSession SET status = ?, updated = ? WHERE id IN (" + parley::marks(rows_per_update) +
         ")";  // primary key
}

std::int64_t touch_rows(sql& db, std::span<const id> rows, number now) {
  static const std::string many = update_rows();
  static constexpr char both[] =
      "UPDATE IMRecentSession SET status = ?, updated = ? WHERE id IN (?, ?)";  // primary key
  if (rows.size() == 2) return db.execute(both, {live, now, rows[0], rows[1]}).affected;
  std::int64_t affected = 0;
  for (std::size_t from = 0; from < rows.size(); from += rows_per_update) {
    const auto chunk = rows.subspan(from, std::min(rows_per_update, rows.size() - from));
    std::vector<sql_value> parameters(2 + rows_per_update, sql_value(0));
    parameters[0] = live;
    parameters[1] = now;
    std::copy(chunk.begin(), chunk.end(), parameters.begin() + 2);
    affected += db.execute(many.c_str(), parameters.data(), parameters.size()).affected;
  }
  return affected;
}

}  // namespace

void touch_sessions(sql& db, std::span<locked_conversation*> all, number now) {
  const auto singles = std::stable_partition(all.begin(), all.end(),
                                             [](const auto* one) { return one->key.kind == conversation_kind::group; });
  std::vector<number> groups;
  std::transform(all.begin(), singles, std::back_inserter(groups), [](const auto* one) { return one->key.b; });
  touch_groups(db, groups, now);

  const std::span<locked_conversation*> touched(singles, all.end());
  if (touched.empty()) return;
  std::vector<id> rows;
  rows.reserve(touched.size() * 2);
  for (const auto* one : touched) rows.insert(rows.end(), {one->row.session_a, one->row.session_b});
  if (touch_rows(db, rows, now) == static_cast<std::int64_t>(rows.size())) return;
  // Somebody has deleted rows behind our back.
  for (auto* one : touched) {
    one->row.session_a = session_row(db, one->key.kind, one->key.a, one->key.b, now);
    one->row.session_b = session_row(db, one->key.kind, one->key.b, one->key.a, now);
    const id both[] = {one->row.session_a, one->row.session_b};
    touch_rows(db, both, now);
  }
}

id session_row(sql& db, conversation_kind kind, number owner, number peer, number now) {
  const auto found = db.one<id>(  // index (userId, peerId, type)
      "SELECT id FROM IMRecentSession WHERE userId = ? AND peerId = ? AND type = ? ORDER BY status, id LIMIT 1",
      {owner, peer, raw(kind)});
  if (found) return std::get<0>(*found);
  const auto made = db.execute(
      "INSERT INTO IMRecentSession(userId, peerId, type, status, created, updated) VALUES (?, ?, ?, ?, ?, ?)",
      {owner, peer, raw(kind), removed, now, now});
  return static_cast<id>(made.inserted_id);
}

bool remove_session(sql& db, const conversation_key& key, number user, number peer, number now) {
  bool was_there = false;
  db.transaction([&] {
    const auto conversation = lock_conversation(db, key);
    if (key.kind == conversation_kind::group) {
      const auto last = conversation ? conversation->last_msg_id : 0;
      const auto found = find_group(db, peer, user);
      was_there = found && newest_message(db, found->seen) && hide_group(db, peer, user, last);
      const new_position all_read{user, {key.kind, peer}, last};
      if (was_there && conversation) save_positions(db, std::span(&all_read, 1), now);
      return;
    }
    const auto outcome = db.execute(  // index (userId, peerId, status, updated)
        "UPDATE IMRecentSession SET status = ? WHERE userId = ? AND peerId = ? AND type = ? AND status = ?",
        {removed, user, peer, raw(key.kind), live});
    was_there = outcome.affected > 0;
    if (!was_there || !conversation) return;
    const new_position all_read{user, {key.kind, conversation->relate_id}, conversation->last_msg_id};
    save_positions(db, std::span(&all_read, 1), now);
    // The next message brings the row back, even within this second.
    db.execute("UPDATE conversation SET touched = 0 WHERE kind = ? AND a = ? AND b = ?",  // primary key
               {raw(key.kind), key.a, key.b});
  });
  return was_there;
}

std::vector<recent_session> recent_sessions(sql& db, number user, number since) {
  std::vector<recent_session> found;
  std::set<number> seen;  // TeamTalk may hold a pair twice
  db.each<number, number, number>(
      // The user's rows by (userId, peerId, status, updated), sorted; conversation by primary key.
      "SELECT s.peerId, s.updated, c.relate_id FROM IMRecentSession s LEFT JOIN conversation c ON c.kind = s.type "
      "AND c.a = CASE WHEN s.userId < s.peerId THEN s.userId ELSE s.peerId END "
      "AND c.b = CASE WHEN s.userId < s.peerId THEN s.peerId ELSE s.userId END "
      "WHERE s.userId = ? AND s.type = 1 AND s.status = 0 AND s.updated > ? ORDER BY s.updated DESC, s.id DESC LIMIT ?",
      {user, since, sessions_per_reply}, [&](number peer, number updated, number relate_id) {
        if (seen.insert(peer).second) found.push_back({peer, updated, {{conversation_kind::single, relate_id}}});
      });
  return found;
}

}  // namespace message::store

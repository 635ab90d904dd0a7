#include "store.hpp"

#include <parley/in_list.hpp>

#include <algorithm>
#include <charconv>

namespace route::store {
namespace {

using number = std::uint32_t;
using parley::sql;
using parley::sql_value;

}  // namespace

relations relations_of(sql& db, std::span<const number> users, bool with_peers) {
  static const parley::in_list friends(  // primary key
      "SELECT user_id, peer_id FROM (SELECT user_id, peer_id, "
      "ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY peer_id) AS place FROM friend WHERE user_id IN ",
      " AND status = 0) AS ranked WHERE place <= ?");
  static const parley::in_list recent(  // each user's rows by (userId, peerId, status, updated), sorted
      "SELECT userId, peerId FROM (SELECT userId, peerId, "
      "ROW_NUMBER() OVER (PARTITION BY userId ORDER BY updated DESC, id DESC) AS place FROM IMRecentSession "
      "WHERE userId IN ",
      " AND type = 1 AND status = 0) AS ranked WHERE place <= ?");
  static const parley::in_list blocks("SELECT user_id, peer_id FROM block WHERE user_id IN ");  // primary key
  relations found;
  blocks.each({}, users, [&](const char* statement, const sql_value* values, std::size_t count) {
    db.each<number, number>(statement, values, count,
                            [&](number user, number peer) { found.blocked[user].insert(peer); });
  });
  if (!with_peers) return found;
  const auto take = [&](const char* statement, const sql_value* values, std::size_t count) {
    db.each<number, number>(statement, values, count,
                            [&](number user, number peer) { found.peers[user].push_back(peer); });
  };
  friends.each({}, users, take, {most_friends});
  recent.each({}, users, take, {most_recent});
  for (auto& [user, peers] : found.peers) {
    std::sort(peers.begin(), peers.end());
    peers.erase(std::unique(peers.begin(), peers.end()), peers.end());
  }
  return found;
}

std::optional<named_user> find_user(sql& db, const std::string& name_or_id) {
  auto found = db.one<number, std::string>(  // index (name)
      "SELECT id, name FROM IMUser WHERE name = ? AND status = 0 ORDER BY id LIMIT 1", {name_or_id});
  number id = 0;
  const auto* end = name_or_id.data() + name_or_id.size();
  const auto [stop, failed] = std::from_chars(name_or_id.data(), end, id);
  if (!found && failed == std::errc() && stop == end) {
    found = db.one<number, std::string>("SELECT id, name FROM IMUser WHERE id = ?", {id});  // primary key
  }
  if (!found) return std::nullopt;
  return named_user{std::get<0>(*found), std::get<1>(*found)};
}

}  // namespace route::store

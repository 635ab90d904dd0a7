#include "store.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace route::store {
namespace {

using number = std::uint32_t;
using parley::sql;
using parley::sql_value;

/// Lists have these widths, so that few statements stay prepared; what is left over repeats the last one.
constexpr std::array<std::size_t, 3> widths{1, 8, 64};

struct statements {
  std::string friends;
  std::string recent;
  std::string blocks;
};

statements make(std::size_t width) {
  std::string marks = "?";
  for (std::size_t i = 1; i < width; ++i) marks += ",?";
  statements s;
  // Primary key.
  s.friends =
      "SELECT user_id, peer_id FROM (SELECT user_id, peer_id, "
      "ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY peer_id) AS place FROM friend WHERE user_id IN (" +
      marks + ") AND status = 0) AS ranked WHERE place <= ?";
  // Each user's rows by (userId, peerId, status, updated), sorted.
  s.recent =
      "SELECT userId, peerId FROM (SELECT userId, peerId, "
      "ROW_NUMBER() OVER (PARTITION BY userId ORDER BY updated DESC, id DESC) AS place FROM IMRecentSession "
      "WHERE userId IN (" +
      marks + ") AND type = 1 AND status = 0) AS ranked WHERE place <= ?";
  s.blocks = "SELECT user_id, peer_id FROM block WHERE user_id IN (" + marks + ")";  // primary key
  return s;
}

const statements& of_width(std::size_t i) {
  static const std::array<statements, widths.size()> all{make(widths[0]), make(widths[1]), make(widths[2])};
  return all[i];
}

void add(sql& db, std::span<const number> users, bool with_peers, relations& found) {
  std::size_t w = 0;
  while (widths[w] < users.size()) ++w;
  std::vector<sql_value> list(widths[w], sql_value(users.back()));
  std::copy(users.begin(), users.end(), list.begin());
  const auto& text = of_width(w);
  db.each<number, number>(text.blocks.c_str(), list.data(), list.size(),
                          [&](number user, number peer) { found.blocked[user].insert(peer); });
  if (!with_peers) return;
  const auto take = [&](const std::string& statement, number most) {
    list.emplace_back(most);
    db.each<number, number>(statement.c_str(), list.data(), list.size(),
                            [&](number user, number peer) { found.peers[user].push_back(peer); });
    list.pop_back();
  };
  take(text.friends, most_friends);
  take(text.recent, most_recent);
}

}  // namespace

relations relations_of(sql& db, std::span<const number> users, bool with_peers) {
  relations found;
  for (std::size_t from = 0; from < users.size(); from += widths.back()) {
    add(db, users.subspan(from, std::min(widths.back(), users.size() - from)), with_peers, found);
  }
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

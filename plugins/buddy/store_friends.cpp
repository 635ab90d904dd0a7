#include "store_friends.hpp"

#include <charconv>

namespace buddy::store {
namespace {

using number = std::uint32_t;
using text = std::string_view;
using parley::sql;

constexpr int most_friend_rows = 20000;
constexpr int live = 0;
constexpr int ended = 1;
constexpr number user_left = 3;  // IMUser.status

IMFriend friend_row(number peer, text remark, number grouping, number created, number status) {
  IMFriend row;
  row.set_user_id(peer);
  if (status != live) {
    row.set_ended(true);
    return row;
  }
  if (!remark.empty()) row.set_remark(remark.data(), remark.size());
  if (grouping != 0) row.set_grouping_id(grouping);
  row.set_since(created);
  return row;
}

}  // namespace

bool user_exists(sql& db, number user) {
  const auto status = db.one<number>("SELECT status FROM IMUser WHERE id = ?", {user});  // primary key
  return status && std::get<0>(*status) != user_left;
}

std::optional<number> find_user(sql& db, text name_or_id) {
  const auto named = db.one<number>(  // index (name)
      "SELECT id FROM IMUser WHERE name = ? AND status <> 3 ORDER BY id LIMIT 1", {name_or_id});
  if (named) return std::get<0>(*named);
  number id = 0;
  const auto* end = name_or_id.data() + name_or_id.size();
  const auto [at, fault] = std::from_chars(name_or_id.data(), end, id);
  if (fault != std::errc() || at != end) return std::nullopt;
  const auto found = db.one<number>("SELECT id FROM IMUser WHERE id = ?", {id});  // primary key
  if (!found) return std::nullopt;
  return std::get<0>(*found);
}

bool are_friends(sql& db, number user, number peer) {
  return db
      .one<number>("SELECT peer_id FROM friend WHERE user_id = ? AND peer_id = ? AND status = 0",  // primary key
                   {user, peer})
      .has_value();
}

std::size_t count_friends(sql& db, number user, std::size_t most) {
  const auto count = db.one<number>(  // primary key, the user's range
      "SELECT COUNT(*) FROM (SELECT peer_id FROM friend WHERE user_id = ? AND status = 0 LIMIT ?) AS f", {user, most});
  return count ? std::get<0>(*count) : 0;
}

std::vector<number> friends_of(sql& db, number user) {
  std::vector<number> found;
  db.each<number>("SELECT peer_id FROM friend WHERE user_id = ? AND status = 0",  // primary key, the user's range
                  {user}, [&](number peer) { found.push_back(peer); });
  return found;
}

void save_friend(sql& db, number user, number peer, number revision, number now) {
  db.execute(
      "INSERT INTO friend(user_id, peer_id, status, remark, grouping_id, revision, created, updated) "
      "VALUES (?, ?, 0, '', 0, ?, ?, ?) {on_conflict:user_id,peer_id} status = 0, remark = '', grouping_id = 0, "
      "revision = {new:revision}, created = {new:created}, updated = {new:updated}",  // primary key
      {user, peer, revision, now, now});
}

bool end_friend(sql& db, number user, number peer, number revision, number now) {
  const auto outcome = db.execute(  // primary key
      "UPDATE friend SET status = ?, remark = '', grouping_id = 0, revision = ?, updated = ? "
      "WHERE user_id = ? AND peer_id = ? AND status = ?",
      {ended, revision, now, user, peer, live});
  return outcome.affected > 0;
}

bool set_remark(sql& db, number user, number peer, text remark, number revision, number now) {
  const auto outcome = db.execute(  // primary key
      "UPDATE friend SET remark = ?, revision = ?, updated = ? WHERE user_id = ? AND peer_id = ? AND status = ?",
      {remark, revision, now, user, peer, live});
  return outcome.affected > 0;
}

bool set_grouping(sql& db, number user, number peer, number grouping, number revision, number now) {
  const auto outcome = db.execute(  // primary key
      "UPDATE friend SET grouping_id = ?, revision = ?, updated = ? WHERE user_id = ? AND peer_id = ? AND status = ?",
      {grouping, revision, now, user, peer, live});
  return outcome.affected > 0;
}

std::optional<IMFriend> find_friend(sql& db, number user, number peer) {
  std::optional<IMFriend> found;
  db.each<text, number, number>(  // primary key
      "SELECT remark, grouping_id, created FROM friend WHERE user_id = ? AND peer_id = ? AND status = 0", {user, peer},
      [&](text remark, number grouping, number created) { found = friend_row(peer, remark, grouping, created, live); });
  return found;
}

changes<IMFriend> friends_since(sql& db, number user, number since) {
  // Index (user_id, revision), sorted.
  static constexpr char all[] =
      "SELECT peer_id, remark, grouping_id, created, status, revision FROM friend "
      "WHERE user_id = ? AND revision >= ? AND status = 0 ORDER BY revision LIMIT ?";
  static constexpr char changed[] =
      "SELECT peer_id, remark, grouping_id, created, status, revision FROM friend "
      "WHERE user_id = ? AND revision > ? ORDER BY revision LIMIT ?";
  pager<IMFriend> found;
  int rows = 0;
  db.each<number, text, number, number, number, number>(
      since == 0 ? all : changed, {user, since, most_friend_rows},
      [&](number peer, text remark, number grouping, number created, number status, number revision) {
        ++rows;
        found.add(friend_row(peer, remark, grouping, created, status), revision);
      });
  const bool complete = rows < most_friend_rows && !found.full();
  return {found.take(), complete};
}

std::vector<named_friend> named_friends(sql& db, number user, number most) {
  std::vector<named_friend> found;
  db.each<number, text, text, text, number>(
      // The user's range of friend, IMUser and friend_grouping by their primary keys.
      "SELECT f.peer_id, COALESCE(u.name, ''), f.remark, COALESCE(g.name, ''), f.created FROM friend f "
      "LEFT JOIN IMUser u ON u.id = f.peer_id "
      "LEFT JOIN friend_grouping g ON g.user_id = f.user_id AND g.grouping_id = f.grouping_id "
      "WHERE f.user_id = ? AND f.status = 0 ORDER BY f.peer_id LIMIT ?",
      {user, most}, [&](number peer, text name, text remark, text grouping, number since) {
        found.push_back({peer, std::string(name), std::string(remark), std::string(grouping), since});
      });
  return found;
}

}  // namespace buddy::store

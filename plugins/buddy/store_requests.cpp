#include "store_friends.hpp"

namespace buddy::store {
namespace {

using number = std::uint32_t;
using text = std::string_view;
using parley::sql;

std::vector<IMPendingFriend> pending_of(sql& db, const char* statement, number user, number oldest, number most) {
  std::vector<IMPendingFriend> found;
  db.each<number, text, number>(statement, {user, oldest, most}, [&](number peer, text words, number created) {
    auto& one = found.emplace_back();
    one.set_user_id(peer);
    one.set_text(words.data(), words.size());
    one.set_created(created);
  });
  return found;
}

}  // namespace

std::optional<pending> find_request(sql& db, number from, number to, number oldest) {
  std::optional<pending> found;
  db.each<text, number, number>(  // primary key
      "SELECT text, hidden, created FROM friend_request WHERE to_id = ? AND from_id = ? AND created >= ?",
      {to, from, oldest}, [&](text words, number hidden, number created) {
        found = pending{std::string(words), hidden != 0, created};
      });
  return found;
}

std::size_t count_incoming(sql& db, number to, number oldest) {
  const auto count = db.one<number>(  // primary key, the target's range
      "SELECT COUNT(*) FROM friend_request WHERE to_id = ? AND created >= ? AND hidden = 0", {to, oldest});
  return count ? std::get<0>(*count) : 0;
}

std::size_t count_outgoing(sql& db, number from, number oldest) {
  const auto count = db.one<number>(  // index (from_id, created)
      "SELECT COUNT(*) FROM friend_request WHERE from_id = ? AND created >= ?", {from, oldest});
  return count ? std::get<0>(*count) : 0;
}

void save_request(sql& db, number from, number to, text words, bool hidden, number now) {
  db.execute(
      "INSERT INTO friend_request(to_id, from_id, text, hidden, created) VALUES (?, ?, ?, ?, ?) "
      "{on_conflict:to_id,from_id} text = {new:text}, hidden = {new:hidden}, created = {new:created}",
      {to, from, words, hidden ? 1 : 0, now});
}

bool delete_request(sql& db, number from, number to) {
  return db.execute("DELETE FROM friend_request WHERE to_id = ? AND from_id = ?", {to, from}).affected >
         0;  // primary key
}

bool hide_request(sql& db, number from, number to) {
  const auto outcome = db.execute(  // primary key
      "UPDATE friend_request SET hidden = 1 WHERE to_id = ? AND from_id = ? AND hidden = 0", {to, from});
  return outcome.affected > 0;
}

void delete_expired(sql& db, number to, number oldest) {
  const auto any = db.one<number>(  // primary key, the target's range; so for the next
      "SELECT from_id FROM friend_request WHERE to_id = ? AND created < ? LIMIT 1", {to, oldest});
  if (any) db.execute("DELETE FROM friend_request WHERE to_id = ? AND created < ?", {to, oldest});
}

std::vector<IMPendingFriend> incoming(sql& db, number to, number oldest, number most) {
  return pending_of(db,  // primary key, the target's range
                    "SELECT from_id, text, created FROM friend_request WHERE to_id = ? AND created >= ? "
                    "AND hidden = 0 ORDER BY created DESC, from_id LIMIT ?",
                    to, oldest, most);
}

std::vector<IMPendingFriend> outgoing(sql& db, number from, number oldest, number most) {
  return pending_of(db,  // index (from_id, created)
                    "SELECT to_id, text, created FROM friend_request WHERE from_id = ? AND created >= ? "
                    "ORDER BY created DESC, to_id LIMIT ?",
                    from, oldest, most);
}

}  // namespace buddy::store

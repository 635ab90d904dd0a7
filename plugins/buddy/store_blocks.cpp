#include "store_friends.hpp"

namespace buddy::store {
namespace {

using number = std::uint32_t;
using parley::sql;

}  // namespace

bool blocks(sql& db, number user, number peer) {
  return db
      .one<number>("SELECT peer_id FROM block WHERE user_id = ? AND peer_id = ?", {user, peer})  // primary key
      .has_value();
}

std::size_t count_blocks(sql& db, number user) {
  const auto count = db.one<number>("SELECT COUNT(*) FROM block WHERE user_id = ?", {user});  // primary key
  return count ? std::get<0>(*count) : 0;
}

void add_block(sql& db, number user, number peer, number now) {
  db.execute("INSERT INTO block(user_id, peer_id, created) VALUES (?, ?, ?) {keep:user_id,peer_id}", {user, peer, now});
}

bool remove_block(sql& db, number user, number peer) {
  return db.execute("DELETE FROM block WHERE user_id = ? AND peer_id = ?", {user, peer}).affected > 0;  // primary key
}

std::vector<IMBlock> blocks_of(sql& db, number user, number most) {
  std::vector<IMBlock> found;
  db.each<number, number>(  // primary key, the user's range
      "SELECT peer_id, created FROM block WHERE user_id = ? ORDER BY created DESC, peer_id LIMIT ?", {user, most},
      [&](number peer, number created) {
        auto& one = found.emplace_back();
        one.set_user_id(peer);
        one.set_since(created);
      });
  return found;
}

std::vector<named_block> named_blocks(sql& db, number user, number most) {
  std::vector<named_block> found;
  db.each<number, std::string_view, number>(  // the user's range of block, IMUser by primary key
      "SELECT b.peer_id, COALESCE(u.name, ''), b.created FROM block b LEFT JOIN IMUser u ON u.id = b.peer_id "
      "WHERE b.user_id = ? ORDER BY b.peer_id LIMIT ?",
      {user, most}, [&](number peer, std::string_view name, number created) {
        found.push_back({peer, std::string(name), created});
      });
  return found;
}

}  // namespace buddy::store

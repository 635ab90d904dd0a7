#include "store.hpp"

#include <parley/in_list.hpp>

namespace push::store {
namespace {

using number = std::uint32_t;
using text = std::string_view;
using parley::sql;
using parley::sql_value;

}  // namespace

std::unordered_map<number, device> devices(sql& db, std::span<const number> users) {
  static const parley::in_list of(  // both by primary key
      "SELECT d.user_id, d.client_type, d.token, u.push_shield_status FROM device_token d "
      "JOIN IMUser u ON u.id = d.user_id WHERE d.user_id IN ",
      " AND u.status <> 3");
  std::unordered_map<number, device> found;
  of.each({}, users, [&](const char* statement, const sql_value* values, std::size_t count) {
    db.each<number, number, text, number>(statement, values, count,
                                          [&](number user, number type, text token, number shield) {
                                            found[user] = {user, type, std::string(token), shield == 1};
                                          });
  });
  return found;
}

std::vector<device> member_devices(sql& db, number group) {
  std::vector<device> found;
  db.each<number, number, text, number>(
      // The group's rows by (groupId, userId, status); the others by primary key.
      "SELECT d.user_id, d.client_type, d.token, u.push_shield_status FROM IMGroupMember m "
      "JOIN device_token d ON d.user_id = m.userId JOIN IMUser u ON u.id = m.userId "
      "LEFT JOIN group_shield s ON s.group_id = m.groupId AND s.user_id = m.userId "
      "WHERE m.groupId = ? AND m.status = 0 AND s.user_id IS NULL AND u.status <> 3 ORDER BY m.userId",
      {group}, [&](number user, number type, text token, number shield) {
        // TeamTalk may hold a member twice.
        if (!found.empty() && found.back().user == user) return;
        found.push_back({user, type, std::string(token), shield == 1});
      });
  return found;
}

std::unordered_map<number, std::string> names(sql& db, std::span<const number> users) {
  static const parley::in_list of("SELECT id, nick, name FROM IMUser WHERE id IN ");  // primary key
  std::unordered_map<number, std::string> found;
  of.each({}, users, [&](const char* statement, const sql_value* values, std::size_t count) {
    db.each<number, text, text>(statement, values, count, [&](number id, text nick, text name) {
      found[id] = std::string(nick.empty() ? name : nick);
    });
  });
  return found;
}

void forget_tokens(sql& db, std::span<const std::pair<number, std::string>> gone) {
  db.transaction([&] {
    for (const auto& [user, token] : gone) {
      db.execute("DELETE FROM device_token WHERE user_id = ? AND token = ?", {user, token});  // primary key
    }
  });
}

}  // namespace push::store

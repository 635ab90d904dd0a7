#include "store.hpp"

#include <algorithm>
#include <array>

namespace push::store {
namespace {

using number = std::uint32_t;
using text = std::string_view;
using parley::sql;
using parley::sql_value;

/// Lists have these widths, so that few statements stay prepared; what is left over repeats the last one.
constexpr std::array<std::size_t, 3> widths{1, 8, 64};

std::array<std::string, widths.size()> with_lists(const std::string& head, const std::string& tail) {
  std::array<std::string, widths.size()> out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = head + "?";
    for (std::size_t k = 1; k < widths[i]; ++k) out[i] += ",?";
    out[i] += tail;
  }
  return out;
}

template <class Run>
void in_lists(std::span<const number> users, Run&& run) {
  for (std::size_t from = 0; from < users.size(); from += widths.back()) {
    const auto some = users.subspan(from, std::min(widths.back(), users.size() - from));
    std::size_t w = 0;
    while (widths[w] < some.size()) ++w;
    std::vector<sql_value> list(widths[w], sql_value(some.back()));
    std::copy(some.begin(), some.end(), list.begin());
    run(w, list);
  }
}

}  // namespace

std::unordered_map<number, device> devices(sql& db, std::span<const number> users) {
  // Both by primary key.
  static const auto statements = with_lists(
      "SELECT d.user_id, d.client_type, d.token, u.push_shield_status FROM device_token d "
      "JOIN IMUser u ON u.id = d.user_id WHERE d.user_id IN (",
      ") AND u.status <> 3");
  std::unordered_map<number, device> found;
  in_lists(users, [&](std::size_t w, const std::vector<sql_value>& list) {
    db.each<number, number, text, number>(statements[w].c_str(), list.data(), list.size(),
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
  static const auto statements = with_lists("SELECT id, nick, name FROM IMUser WHERE id IN (", ")");  // primary key
  std::unordered_map<number, std::string> found;
  in_lists(users, [&](std::size_t w, const std::vector<sql_value>& list) {
    db.each<number, text, text>(statements[w].c_str(), list.data(), list.size(), [&](number id, text nick, text name) {
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

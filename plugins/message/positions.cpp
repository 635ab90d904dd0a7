#include "positions.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "store.hpp"

namespace message {
namespace {

using parley::status;

/// The position it asks for, if the conversation is one that has positions.
std::optional<store::new_position> resolve(const std::optional<store::whereabouts>& found, reading& item) {
  item.verdict = found ? status::ok : status::no_target;
  // Nobody has written since TeamTalk: it all counts as read already.
  if (!found || !found->last_msg_id) return std::nullopt;
  const auto newest = *found->last_msg_id;
  item.msg_id = item.msg_id == 0 ? newest : std::min(item.msg_id, newest);
  return store::new_position{item.user, found->seen.where, item.msg_id};
}

}  // namespace

std::string save_readings(parley::sql& db, std::span<reading* const> items, std::uint32_t now) {
  try {
    std::map<std::pair<conversation_key, std::uint32_t>, std::optional<store::whereabouts>> asked;
    std::vector<store::new_position> positions;
    for (auto* item : items) {
      const auto [found, first] = asked.try_emplace({item->key, item->user});
      if (first) found->second = store::find_conversation(db, item->key, item->user);
      if (const auto position = resolve(found->second, *item)) positions.push_back(*position);
    }
    // The same order everywhere, so that two nodes cannot wait for each other.
    const auto order = [](const store::new_position& p) { return std::tuple(p.user, p.where.kind, p.where.relate_id); };
    std::stable_sort(positions.begin(), positions.end(),
                     [&](const auto& x, const auto& y) { return order(x) < order(y); });
    if (!positions.empty()) db.transaction([&] { store::save_positions(db, positions, now); });
  } catch (const parley::sql_error& e) {
    for (auto* item : items) item->verdict = e.code;
    return e.what();
  }
  return {};
}

}  // namespace message

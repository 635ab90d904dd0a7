#include "host/cluster/directory.hpp"

#include <utility>
#include <vector>

namespace parley::host {

bool directory::add(parley_session_id session, const parley_principal& principal, std::uint32_t level) {
  auto [place, is_new] = sessions_.try_emplace(session);
  auto& e = place->second;
  auto& of = accounts_[static_cast<std::uint16_t>(session >> 48)];
  e.told = of.current;
  if (!is_new) {  // one identity for life
    if (std::exchange(e.leaving, false)) enlist(e);
    return false;
  }
  ++of.sessions;
  e.session = session;
  e.principal = principal;
  e.level = level;
  enlist(e);
  return true;
}

void directory::leaves(parley_session_id session) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end() || found->second.leaving) return;
  found->second.leaving = true;
  strike(found->second);
}

void directory::enlist(entry& e) {
  if (!(e.principal.flags & PARLEY_TERMINAL)) return;
  auto** end = &principals_[e.principal.id];
  while (*end) end = &(*end)->next;
  *end = &e;
}

void directory::strike(entry& e) {
  if (!(e.principal.flags & PARLEY_TERMINAL)) return;
  const auto first = principals_.find(e.principal.id);
  for (auto** at = &first->second; *at; at = &(*at)->next) {
    if (*at != &e) continue;
    *at = std::exchange(e.next, nullptr);
    break;
  }
  if (!first->second) principals_.erase(first);
}

std::optional<directory::entry> directory::remove(parley_session_id session) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return std::nullopt;
  if (!found->second.leaving) strike(found->second);
  const auto out = found->second;
  --accounts_.find(out.node())->second.sessions;
  sessions_.erase(found);
  return out;
}

const directory::entry* directory::find(parley_session_id session) const {
  const auto found = sessions_.find(session);
  return found == sessions_.end() ? nullptr : &found->second;
}

void directory::end_account(std::uint16_t node, const std::function<void(const entry&)>& each) {
  const auto current = accounts_[node].current;
  std::vector<parley_session_id> gone;
  for (const auto& [id, e] : sessions_) {
    if (e.node() == node && e.told != current) gone.push_back(id);
  }
  for (const auto id : gone) {
    if (const auto e = remove(id)) each(*e);
  }
}

std::size_t directory::forget(std::uint16_t node, std::size_t most, const std::function<void(const entry&)>& each) {
  if (of_node(node) == 0) {
    accounts_.erase(node);
    return 0;
  }
  std::vector<parley_session_id> gone;
  for (const auto& [id, e] : sessions_) {
    if (gone.size() == most) break;
    if (e.node() == node) gone.push_back(id);
  }
  for (const auto id : gone) {
    if (const auto e = remove(id)) each(*e);
  }
  const auto left = of_node(node);
  if (left == 0) accounts_.erase(node);
  return left;
}

}  // namespace parley::host

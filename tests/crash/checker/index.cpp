#include "crash/checker/index.hpp"

#include <algorithm>

namespace parley::crash {

std::string id_of(const line& one) {
  return one.client_msg_id.empty() ? "#" + std::to_string(one.content) : one.client_msg_id;
}

std::string text_of(const conversation& where) {
  if (where.group) return "group " + std::to_string(where.b);
  return "conversation " + std::to_string(where.a) + "-" + std::to_string(where.b);
}

index::index(const history& of) : members_(of.members) {
  for (const auto& who : of.terminals) {
    for (const auto& one : who.lines) add({&who, &one});
  }
  for (const auto& [where, ids] : finals) {
    for (const auto& [msg_id, s] : ids) messages[{where, s->author, id_of(*s.what)}].finals.push_back(s);
  }
  add_knowledge();
}

bool index::belongs(const conversation& where, std::uint32_t user) const {
  if (!where.group) return user == where.a || user == where.b;
  const auto found = members_.find(where.b);
  return found != members_.end() && found->second.contains(user);
}

/// What strangers were shown is judged for itself, and nobody else is measured by it.
void index::add(const seen& s) {
  const auto where = conversation_of(s);
  if (s->kind != what::send && !belongs(where, s.who->user)) return;
  if (s->kind == what::send) messages[{where, s.who->user, id_of(*s.what)}].sends.push_back(s);
  if (s->kind == what::ack) messages[{where, s.who->user, id_of(*s.what)}].acks.push_back(s);
  if (s->kind == what::page_message && s->final) finals[where].try_emplace(s->msg_id, s);
  if (s->kind == what::ack || s->kind == what::push || s->kind == what::page_message) {
    known_[where].push_back({s->at_ns, s});
  }
}

/// Keeps of all sightings those that were news.
void index::add_knowledge() {
  for (auto& [where, all] : known_) {
    std::stable_sort(all.begin(), all.end(), [](const auto& x, const auto& y) { return x.since_ns < y.since_ns; });
    std::uint32_t highest = 0;
    std::erase_if(all, [&](const knowledge& one) {
      if (one.from->msg_id <= highest) return true;
      highest = one.from->msg_id;
      return false;
    });
  }
}

seen index::final_of(const conversation& where, std::uint32_t msg_id) const {
  const auto there = finals.find(where);
  if (there == finals.end()) return {};
  const auto found = there->second.find(msg_id);
  return found == there->second.end() ? seen{} : found->second;
}

seen index::newest_known(const conversation& where, std::int64_t at_ns) const {
  const auto there = known_.find(where);
  if (there == known_.end()) return {};
  const auto& all = there->second;
  const auto later =
      std::partition_point(all.begin(), all.end(), [&](const knowledge& one) { return one.since_ns < at_ns; });
  return later == all.begin() ? seen{} : std::prev(later)->from;
}

void findings::add(promise which, std::string text, std::initializer_list<seen> evidence) {
  const auto about = std::find_if(evidence.begin(), evidence.end(), [](const seen& s) { return s.what != nullptr; });
  if (about != evidence.end() && (*about)->with.group) ++into_.group_counts[which];
  if (into_.violation_counts[which]++ >= report::most_kept) return;
  violation found{which, std::move(text), {}};
  for (const auto& s : evidence) {
    if (s) found.evidence.push_back(describe(*s.who, *s.what));
  }
  into_.violations.push_back(std::move(found));
}

}  // namespace parley::crash

// Read positions: an unread count has to fit a position that was asked for, and none that was confirmed is forgotten.
#include <algorithm>
#include <set>

#include "crash/checker/index.hpp"

namespace parley::crash {
namespace {

/// One user in one conversation, over all terminals.
struct reader {
  std::vector<seen> asked;  // read
  seen confirmed;           // the highest read_notice
  std::vector<seen> counts;
};

/// Others' messages behind a position, at most 999, among the 2,000 up to the newest, or in a conversation of two up to
/// the newest of the other.
std::uint32_t unread_after(const std::map<std::uint32_t, seen>& ids, const seen& counted, std::uint32_t position) {
  constexpr std::uint32_t most_counted = 999, most_looked_at = 2000;
  const auto user = counted.who->user;
  auto each = ids.rbegin();
  while (!counted->with.group && each != ids.rend() && each->second->author == user) ++each;
  std::uint32_t count = 0;
  for (std::uint32_t looked_at = 0; each != ids.rend() && each->first > position; ++each) {
    if (++looked_at > most_looked_at || count == most_counted) break;
    count += each->second->author != user;
  }
  return count;
}

void check_reader(const std::map<std::uint32_t, seen>& ids, const reader& one, findings& out) {
  const auto newest = ids.empty() ? 0 : ids.rbegin()->first;
  const std::uint32_t floor = one.confirmed ? one.confirmed->msg_id : 0;
  for (const auto& counted : one.counts) {
    std::set<std::uint32_t> positions{0};
    for (const auto& s : one.asked) positions.insert(s->msg_id == 0 ? newest : std::min(s->msg_id, newest));
    const auto fits = [&](std::uint32_t position) { return unread_after(ids, counted, position) == counted->count; };
    if (std::any_of(positions.lower_bound(floor), positions.end(), fits)) continue;
    const bool older = std::any_of(positions.begin(), positions.lower_bound(floor), fits);
    const auto text = "user " + std::to_string(counted.who->user) + " has " + std::to_string(counted->count) +
                      " unread in " + text_of(conversation_of(counted));
    if (older) {
      out.add(promise::position_lost, text + ", as before the position " + std::to_string(floor) + " was taken",
              {one.confirmed, counted});
    } else {
      out.add(promise::unread_wrong, text + ", which fits no position that was asked for",
              {one.asked.empty() ? seen{} : one.asked.back(), counted});
    }
  }
}

}  // namespace

void check_positions(const history& all, const index& of, findings& out) {
  std::map<std::pair<std::uint32_t, place>, reader> readers;  // by user
  for (const auto& who : all.terminals) {
    for (const auto& one : who.lines) {
      const seen s{&who, &one};
      if (!of.belongs(s)) continue;
      auto& mine = readers[{who.user, one.with}];
      if (one.kind == what::read) mine.asked.push_back(s);
      if (one.kind == what::read_notice && (!mine.confirmed || mine.confirmed->msg_id < one.msg_id)) mine.confirmed = s;
      if (one.kind == what::unread && one.final) mine.counts.push_back(s);
    }
  }
  const std::map<std::uint32_t, seen> nothing;
  for (const auto& [key, one] : readers) {
    const auto found = of.finals.find(conversation_of(key.first, key.second));
    check_reader(found == of.finals.end() ? nothing : found->second, one, out);
  }
}

}  // namespace parley::crash

#include "roster.hpp"

#include "store.hpp"

namespace message {

std::map<std::uint32_t, shared_roster> rosters::lock(parley::sql& db, std::span<const std::uint32_t> groups) {
  std::map<std::uint32_t, shared_roster> found;
  for (const auto& [group, version] : store::lock_groups(db, groups)) {
    auto members = find(group, version);
    if (!members) {
      members = std::make_shared<const roster>(roster{version, store::members_of(db, group)});
      keep(group, members);
    }
    found.emplace(group, std::move(members));
  }
  return found;
}

bool rosters::knows(std::uint32_t group) const {
  const std::scoped_lock guard(mutex_);
  return known_.contains(group);
}

shared_roster rosters::find(std::uint32_t group, std::uint32_t version) const {
  const std::scoped_lock guard(mutex_);
  const auto found = known_.find(group);
  return found != known_.end() && found->second->version == version ? found->second : nullptr;
}

void rosters::keep(std::uint32_t group, const shared_roster& read) {
  const std::scoped_lock guard(mutex_);
  if (members_ + read->members.size() > most_members) {
    known_.clear();
    members_ = 0;
  }
  auto& place = known_[group];
  members_ += read->members.size() - (place ? place->members.size() : 0);
  place = read;
}

}  // namespace message

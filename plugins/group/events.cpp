#include "events.hpp"

#include "events/group.pb.h"

namespace group {
namespace {

std::uint32_t number_of(group_change what) {
  switch (what) {
    case group_change::created:
      return parley::events::GROUP_CREATED;
    case group_change::members_added:
      return parley::events::GROUP_MEMBERS_ADDED;
    case group_change::members_removed:
      return parley::events::GROUP_MEMBERS_REMOVED;
    case group_change::profile:
      return parley::events::GROUP_PROFILE;
    case group_change::dissolved:
      return parley::events::GROUP_DISSOLVED;
    case group_change::shield:
      return parley::events::GROUP_SHIELD;
  }
  return 0;
}

}  // namespace

std::string group_changed(const outcome& done, group_change what, std::uint32_t by, std::uint32_t now) {
  parley::events::GroupChanged event;
  event.set_group_id(done.group.id);
  event.set_what(number_of(what));
  event.set_version(done.group.version);
  event.set_changed_by(by);
  if (what != group_change::profile) {
    event.mutable_changed_user_id()->Add(done.changed.begin(), done.changed.end());
  }
  event.set_updated(now);
  return event.SerializeAsString();
}

}  // namespace group

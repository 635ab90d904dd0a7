#include "changes.hpp"

namespace group {
namespace {

using parley::sql;
using parley::status;

constexpr refusal only_the_owner{status::not_allowed, "only the group's owner may"};

bool owns(const actor& who, const store::group_row& group) {
  return who.administrator || (who.id != 0 && who.id == group.owner);
}

/// The next version, and who is counted.
void save(sql& db, number status, number now, outcome& result) {
  ++result.group.version;
  result.group.member_count = static_cast<number>(result.members.size());
  store::save_group(db, result.group, status, now);
}

void end_group(sql& db, number now, outcome& result) {
  store::leave_all(db, result.group.id, now);
  result.members.clear();
  result.dissolved = true;
  save(db, store::dissolved_group, now, result);
}

}  // namespace

void enter(sql& db, const actor& who, number group, outcome& result) {
  auto row = store::lock_group(db, group);
  if (!row) throw no_such_group;
  result.group = std::move(*row);
  result.members = store::members(db, group);
  if (!who.administrator && !contains(result.members, who.id)) throw no_such_group;
}

void admit(sql& db, const id_list& users, const limits& most, number now, outcome& result) {
  if (result.members.size() + users.size() > most.max_members) {
    throw refusal{status::too_large, "the group would have too many members"};
  }
  store::join(db, result.group.id, users, store::newest_message(db, result.group.id), now);
  result.members = merged(result.members, users);
  result.changed = users;
  save(db, store::live_group, now, result);
}

outcome create_group(sql& db, const actor& who, const group_wish& wish, const limits& most, number now) {
  auto wanted = wish.members;
  const number owner = who.administrator ? wish.owner : who.id;
  if (owner != 0) wanted.push_back(owner);
  const auto people = store::admissible(db, normalized(std::move(wanted)), who.id);
  return attempt(db, [&](outcome& result) {
    if (people.empty()) throw refusal{status::malformed, "a group needs a member"};
    if (people.size() > most.max_members) throw refusal{status::too_large, "the group would have too many members"};
    if (!who.administrator && !contains(people, who.id)) throw refusal{status::not_allowed, "no such user"};
    if (owner != 0 && !contains(people, owner)) throw refusal{status::no_target, "the owner is no active user"};
    result.group.name = wish.name;
    result.group.avatar = wish.avatar;
    result.group.owner = owner;
    result.group.type = wish.type;
    result.group.member_count = static_cast<number>(people.size());
    result.group.id = store::insert_group(db, result.group, now);
    store::join(db, result.group.id, people, 0, now);
    result.members = result.changed = people;
  });
}

outcome add_members(sql& db, const actor& who, number group, const id_list& users, const limits& most, number now) {
  const auto people = store::admissible(db, users, who.id);
  return attempt(db, [&](outcome& result) {
    enter(db, who, group, result);
    if (result.group.type != store::temporary_group && !owns(who, result.group)) throw only_the_owner;
    const auto fresh = without(people, result.members);
    if (fresh.empty()) throw refusal{status::no_target, "nobody to add"};
    admit(db, fresh, most, now, result);
  });
}

outcome remove_members(sql& db, const actor& who, number group, const id_list& users, number now) {
  return attempt(db, [&](outcome& result) {
    enter(db, who, group, result);
    const bool leaving = users.size() == 1 && users.front() == who.id;
    if (!leaving && !owns(who, result.group)) throw only_the_owner;
    result.changed = common(result.members, users);
    if (result.changed.empty()) throw refusal{status::no_target, "nobody to remove"};
    if (result.changed.size() == result.members.size()) return end_group(db, now, result);
    store::leave(db, group, result.changed, now);
    result.members = without(result.members, result.changed);
    result.owner_changed = contains(result.changed, result.group.owner);
    if (result.owner_changed) result.group.owner = store::longest_standing(db, group);
    save(db, store::live_group, now, result);
  });
}

outcome dissolve_group(sql& db, const actor& who, number group, number now) {
  return attempt(db, [&](outcome& result) {
    enter(db, who, group, result);
    if (!owns(who, result.group)) throw only_the_owner;
    result.changed = result.members;
    end_group(db, now, result);
  });
}

outcome hand_over(sql& db, const actor& who, number group, number to, number now) {
  return attempt(db, [&](outcome& result) {
    enter(db, who, group, result);
    if (!owns(who, result.group)) throw only_the_owner;
    if (!contains(result.members, to)) throw refusal{status::no_target, "the new owner has to be a member"};
    if (result.group.owner == to) return;
    if (store::admissible(db, {to}, 0).empty()) throw refusal{status::no_target, "the new owner has left"};
    result.group.owner = to;
    result.owner_changed = true;
    save(db, store::live_group, now, result);
  });
}

outcome change_profile(sql& db, const actor& who, number group, const std::string* name, const std::string* avatar,
                       number now) {
  return attempt(db, [&](outcome& result) {
    enter(db, who, group, result);
    if (!owns(who, result.group)) throw only_the_owner;
    if (name) result.group.name = *name;
    if (avatar) result.group.avatar = *avatar;
    save(db, store::live_group, now, result);
  });
}

outcome set_shield(sql& db, const actor& who, number group, bool muted, number now) {
  return attempt(db, [&](outcome& result) {
    auto row = store::lock_group(db, group);
    if (!row || !store::is_member(db, group, who.id)) throw no_such_group;
    result.group = std::move(*row);
    result.changed = {who.id};
    store::set_shield(db, group, who.id, muted, now);
  });
}

}  // namespace group

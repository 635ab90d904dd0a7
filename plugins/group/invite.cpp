// Invitations, as far as they change groups.
#include "changes.hpp"

namespace group {

using parley::sql;
using parley::status;

outcome invite(sql& db, const actor& who, number group, const id_list& users, std::string_view text, const limits& most,
               number now) {
  const auto since = most.oldest_invitation(now);
  store::forget_expired(db, since);
  const auto people = store::admissible(db, users, 0);
  return attempt(db, [&](outcome& result) {
    enter(db, who, group, result);
    // An invitation lasts as long as the inviter is a member; an administrator adds instead.
    if (who.administrator) throw refusal{status::not_allowed, "only members invite"};
    if (result.group.type != store::temporary_group && who.id != result.group.owner) {
      throw refusal{status::not_allowed, "only the group's owner may"};
    }
    const auto candidates = without(people, result.members);
    const auto before = store::invited(db, group, candidates, since);
    auto fresh = without(candidates, before);
    fresh = without(fresh, store::overwhelmed(db, fresh, most.max_pending, since));
    result.changed = merged(before, fresh);
    if (result.changed.empty()) throw refusal{status::no_target, "nobody to invite"};
    // Whoever blocks the inviter is no different to it from those who do not answer.
    result.told = without(fresh, store::blocking(db, fresh, who.id));
    if (store::count_invitations(db, group, since) + result.told.size() > most.max_invitations) {
      throw refusal{status::too_large, "too many invitations into this group wait for an answer"};
    }
    store::insert_invitations(db, group, who.id, result.told, text, now);
  });
}

outcome answer_invitation(sql& db, number user, number group, bool accept, const limits& most, number now) {
  return attempt(db, [&](outcome& result) {
    auto row = store::lock_group(db, group);
    if (!row || store::invited(db, group, {user}, most.oldest_invitation(now)).empty()) {
      throw refusal{status::no_target, "no such invitation"};
    }
    store::forget_invitation(db, group, user);
    if (!accept) return;
    result.group = std::move(*row);
    result.members = store::members(db, group);
    if (contains(result.members, user)) return;
    admit(db, {user}, most, now, result);
  });
}

}  // namespace group

// What changes groups: each a transaction that begins with the lock of the group's row, so that two nodes take turns.
// [worker]
#pragma once

#include <parley/sql.hpp>
#include <parley/status.hpp>

#include <string>
#include <string_view>

#include "ids.hpp"
#include "store.hpp"

namespace group {

/// Who asks. An administrator is nobody's user and may do everything.
struct actor {
  number id = 0;
  bool administrator = false;
};

struct limits {
  std::size_t max_members = 10'000;
  number max_invitations = 1000;  // pending, of a group
  number max_pending = 100;       // of a user
  number invitation_s = 30 * 24 * 3600;

  /// When an invitation was created that is just not too old.
  number oldest_invitation(number now) const { return now > invitation_s ? now - invitation_s : 0; }
};

/// What came of it. Lists are ascending, each user once.
struct outcome {
  parley::status verdict = parley::status::ok;
  const char* text = "";   // why not
  store::group_row group;  // as it is now
  id_list members;         // as they are now
  id_list changed;         // who joined, who left, or who was invited
  id_list told;            // of those invited: who is to hear of it
  bool owner_changed = false;
  bool dissolved = false;
  explicit operator bool() const { return verdict == parley::status::ok; }
};

struct group_wish {
  std::string_view name;
  std::string_view avatar;
  number type = store::temporary_group;
  const id_list& members;
  number owner = 0;  // of an administrator's; a member too then
};
outcome create_group(parley::sql& db, const actor& who, const group_wish& wish, const limits& most, number now);
outcome add_members(parley::sql& db, const actor& who, number group, const id_list& users, const limits& most,
                    number now);
outcome remove_members(parley::sql& db, const actor& who, number group, const id_list& users, number now);

// By the owner.
outcome dissolve_group(parley::sql& db, const actor& who, number group, number now);
outcome hand_over(parley::sql& db, const actor& who, number group, number to, number now);
/// Null: as it is.
outcome change_profile(parley::sql& db, const actor& who, number group, const std::string* name,
                       const std::string* avatar, number now);

/// By a member, for itself.
outcome set_shield(parley::sql& db, const actor& who, number group, bool muted, number now);

// invite.cpp
outcome invite(parley::sql& db, const actor& who, number group, const id_list& users, std::string_view text,
               const limits& most, number now);
outcome answer_invitation(parley::sql& db, number user, number group, bool accept, const limits& most, number now);

/// Stops a change; its transaction is rolled back.
struct refusal {
  parley::status code;
  const char* text;
};

inline constexpr refusal no_such_group{parley::status::no_target, "no such group"};

/// body(outcome&) as one transaction.
template <class Body>
outcome attempt(parley::sql& db, Body&& body) {
  outcome result;
  try {
    db.transaction([&] {
      result = {};
      body(result);
    });
  } catch (const refusal& why) {
    result = {};
    result.verdict = why.code;
    result.text = why.text;
  }
  return result;
}

/// Locks the group and fills in its row and members. A group that one is no member of is not there.
void enter(parley::sql& db, const actor& who, number group, outcome& result);
/// `users`, none of whom is a member, become members.
void admit(parley::sql& db, const id_list& users, const limits& most, number now, outcome& result);

}  // namespace group

// SQL of admins and their sign-ins. [worker]
#pragma once

#include <parley/sql.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "role.hpp"
#include "store.hpp"

namespace http_admin::store {

struct admin {
  number id = 0;
  std::string name;
  role may = role::viewer;
  std::string password;  // argon2id
  bool disabled = false;
  number created = 0;
  number updated = 0;
  number last_login = 0;  // 0: never
};

/// Names differ by bytes.
std::optional<admin> find_admin(parley::sql& db, std::string_view name);
std::optional<admin> find_admin(parley::sql& db, number id);
/// By name; at most `most`. Without passwords.
std::vector<admin> list_admins(parley::sql& db, std::size_t most);
/// Its id; 0 when the name is taken.
number add_admin(parley::sql& db, const admin& row);

struct admin_change {
  std::optional<role> may;
  std::optional<std::string> password;  // argon2id
  std::optional<bool> disabled;
  std::string keep;   // digest of the sign-in that a new password does not end
  std::string was{};  // only while the password is still this one, and its admin let in; else `unknown`
};
enum class edit_end { done, unknown, last };
/// A disabled admin and one with a new password are signed out. `last`: no enabled admin would be left who may
/// everything; nothing has changed.
edit_end edit_admin(parley::sql& db, number id, const admin_change& change, number now);
edit_end remove_admin(parley::sql& db, number id);

// ---- sign-ins ----

struct sign_in {
  admin who;
  number created = 0;
  number seen = 0;
};
struct sign_in_begun {
  std::string digest;
  number admin = 0;
  std::string address;
  std::string password;  // argon2id, which the one given was compared with
};
/// The oldest of an admin go beyond `most`. False when the password is another by now, or its admin not let in any
/// more.
bool add_sign_in(parley::sql& db, const sign_in_begun& what, number now, std::size_t most);
std::optional<sign_in> find_sign_in(parley::sql& db, std::string_view digest);
void touch_sign_in(parley::sql& db, std::string_view digest, number now);
void end_sign_in(parley::sql& db, std::string_view digest);
/// Those not seen since.
void expire_sign_ins(parley::sql& db, number before);

}  // namespace http_admin::store

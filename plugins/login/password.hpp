// Passwords: TeamTalk's md5 rule, and argon2id for everything new.
//
// The secret is the 32 lower-case hex digits that clients send: md5 of the plain text. It is as good as the password.
#pragma once

#include <string>
#include <string_view>

namespace login {

enum class cost {
  standard,  ///< t=2, 19 MiB: tens of milliseconds per check
  low,       ///< t=1, 256 KiB: a fraction of a millisecond; for small machines and tests
};

/// 32 lower-case hex digits: the shape of every secret that can be right.
bool is_secret(std::string_view text);

std::string md5_hex(std::string_view text);

/// What a client would send for a plain password.
inline std::string secret_of(std::string_view plain) {
  return md5_hex(plain);
}

/// What TeamTalk stores in IMUser.password: md5hex(secret + salt).
std::string teamtalk_hash(std::string_view secret, std::string_view salt);

/// Whether TeamTalk would let this secret in. Takes the same time for every secret.
bool teamtalk_matches(std::string_view secret, std::string_view salt, std::string_view stored);

/// A salt as IMUser.salt holds it: 4 random characters.
std::string teamtalk_salt();

/// An argon2id string ("$argon2id$v=19$m=...") with a salt of its own. Throws std::runtime_error when memory is short.
/// [worker]
std::string argon2_hash(std::string_view secret, cost effort);

/// False also for text that is no argon2 string. [worker]
bool argon2_matches(std::string_view secret, const std::string& stored);

/// What is stored of a password: argon2id, and beside it TeamTalk's md5 where one is kept.
struct stored_secret {
  std::string argon2;
  std::string md5, salt;
};

/// `keep_md5`: also the way TeamTalk's own servers can read it. Throws as argon2_hash. [worker]
stored_secret store_form(std::string_view secret, cost effort, bool keep_md5);

/// Stored with less effort than `effort` asks for. Never true for low: nothing is weakened.
bool argon2_outdated(const std::string& stored, cost effort);

}  // namespace login

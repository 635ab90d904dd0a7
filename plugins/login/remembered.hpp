// Secrets verified before: a warm login costs one HMAC instead of one argon2id.
#pragma once

#include <parley/state_bytes.hpp>

#include <sodium.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "bounded_map.hpp"

namespace login {

/// Holds HMAC(process key, user + stored hash + secret) per user, nothing that could be read back. As the stored hash
/// is part of it, a password changed in SQL is a stranger here. The caller reads the row at each login. [loop]
class remembered {
 public:
  explicit remembered(std::size_t capacity);

  bool knows(std::uint32_t user, std::string_view stored_hash, std::string_view secret);
  /// Replaces what was known of this user.
  void keep(std::uint32_t user, std::string_view stored_hash, std::string_view secret);
  std::size_t size() const { return tags_.size(); }

  /// For the next generation: the key and the tags, those who came last first, in at most `most` bytes where that is
  /// enough for the key. Whoever holds these bytes can test guesses of a secret as one who can read this process can:
  /// they are for the process itself and for the preflight helper, which runs the host's own executable under the same
  /// user, gets them through an anonymous file and is gone before the swap. They are written nowhere.
  void save(std::string& out, std::size_t most) const;
  /// Takes the place of all that was known; false, and nothing has changed, when it is malformed. As many are
  /// remembered as there is room for here.
  bool restore(parley::state_reader& in);

 private:
  using tag = std::array<unsigned char, crypto_auth_BYTES>;
  tag tag_of(std::uint32_t user, std::string_view stored_hash, std::string_view secret) const;

  std::array<unsigned char, crypto_auth_KEYBYTES> key_;
  bool enabled_;
  bounded_map<std::uint32_t, tag> tags_;
};

}  // namespace login

// Secrets verified before: a warm login costs one HMAC instead of one argon2id.
#pragma once

#include <sodium.h>

#include <array>
#include <cstdint>
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

 private:
  using tag = std::array<unsigned char, crypto_auth_BYTES>;
  tag tag_of(std::uint32_t user, std::string_view stored_hash, std::string_view secret) const;

  std::array<unsigned char, crypto_auth_KEYBYTES> key_;
  bool enabled_;
  bounded_map<std::uint32_t, tag> tags_;
};

}  // namespace login

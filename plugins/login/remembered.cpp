#include "remembered.hpp"

#include <string>

namespace login {

remembered::remembered(std::size_t capacity) : enabled_(capacity > 0), tags_(capacity) {
  crypto_auth_keygen(key_.data());
}

remembered::tag remembered::tag_of(std::uint32_t user, std::string_view stored_hash, std::string_view secret) const {
  std::string message = std::to_string(user);
  for (const auto part : {stored_hash, secret}) {
    message += '\0';
    message += part;
  }
  tag out;
  crypto_auth(out.data(), reinterpret_cast<const unsigned char*>(message.data()), message.size(), key_.data());
  return out;
}

bool remembered::knows(std::uint32_t user, std::string_view stored_hash, std::string_view secret) {
  const tag* known = tags_.find(user);
  if (!known) return false;
  const tag asked = tag_of(user, stored_hash, secret);
  return sodium_memcmp(known->data(), asked.data(), asked.size()) == 0;
}

void remembered::keep(std::uint32_t user, std::string_view stored_hash, std::string_view secret) {
  if (enabled_) tags_[user] = tag_of(user, stored_hash, secret);
}

}  // namespace login

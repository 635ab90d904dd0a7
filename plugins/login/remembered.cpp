#include "remembered.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace login {

using parley::put;

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

void remembered::save(std::string& out, std::size_t most) const {
  constexpr std::size_t head = crypto_auth_KEYBYTES + sizeof(std::uint32_t);
  constexpr std::size_t each = sizeof(std::uint32_t) + crypto_auth_BYTES;
  const auto count = std::min(tags_.size(), most < head ? 0 : (most - head) / each);
  put(out, key_);
  put(out, static_cast<std::uint32_t>(count));
  std::size_t left = count;
  for (const auto& [user, known] : tags_.entries()) {
    if (left-- == 0) break;
    put(out, user);
    put(out, known);
  }
}

bool remembered::restore(parley::state_reader& in) {
  const auto key = in.get<decltype(key_)>();
  bounded_map<std::uint32_t, tag> tags(tags_.capacity());
  for (auto left = in.get<std::uint32_t>(); left > 0 && in.ok(); --left) {
    const auto user = in.get<std::uint32_t>();
    const auto known = in.get<tag>();
    if (in.ok()) tags.add_oldest(user, known);
  }
  if (!in.ok()) return false;
  key_ = key;
  tags_ = std::move(tags);
  return true;
}

}  // namespace login

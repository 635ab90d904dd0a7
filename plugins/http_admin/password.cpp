#include "password.hpp"

#include <parley/utf8.hpp>

#include <sodium.h>

#include <array>
#include <stdexcept>

namespace http_admin {
namespace {

constexpr std::size_t fewest_bytes = 8, most_bytes = 200;  // bytes

constexpr unsigned long long passes(cost effort) {
  return effort == cost::standard ? 2 : 1;
}
constexpr std::size_t memory(cost effort) {
  return effort == cost::standard ? 19u << 20 : 256u << 10;
}

}  // namespace

std::string_view fault_of_password(std::string_view plain) {
  if (plain.size() < fewest_bytes) return "a password has at least 8 characters";
  if (plain.size() > most_bytes) return "a password has at most 200 bytes";
  if (!parley::utf8_characters(plain) || plain.find('\0') != plain.npos) return "a password is text, in UTF-8";
  return {};
}

std::string new_password() {
  std::array<unsigned char, 15> random{};
  randombytes_buf(random.data(), random.size());
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string out(sodium_base64_ENCODED_LEN(random.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), random.data(), random.size(), variant);
  out.pop_back();  // the NUL
  return out;
}

std::string password_hash(std::string_view plain, cost effort) {
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str_alg(out.data(), plain.data(), plain.size(), passes(effort), memory(effort),
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw std::runtime_error("no memory to hash a password; argon2id wants " + std::to_string(memory(effort) >> 10) +
                             " KiB");
  return out.data();
}

bool password_matches(std::string_view plain, const std::string& stored) {
  return crypto_pwhash_str_verify(stored.c_str(), plain.data(), plain.size()) == 0;
}

const char* nobodys_hash(cost effort) {
  return effort == cost::standard ? "$argon2id$v=19$m=19456,t=2,p=1$OT72opBg0FlfWNjx/wqu9g$"
                                    "2FzlE1WmtCohTiAJ4/OmLgYhwyGeakJ/rBxKC6DJ8CE"
                                  : "$argon2id$v=19$m=256,t=1,p=1$mowEYSgx9BSqTl6JlXZkhA$"
                                    "9OhXWpcFZrjD68BW3TdpHEpB6DnCbl212U0CXXoL9wE";
}

}  // namespace http_admin

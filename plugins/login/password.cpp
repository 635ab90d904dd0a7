#include "password.hpp"

#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "text.hpp"

namespace login {
namespace {

struct effort_limits {
  unsigned long long passes;
  std::size_t memory;
};

constexpr effort_limits limits(cost effort) {
  return effort == cost::standard ? effort_limits{2, 19u << 20} : effort_limits{1, 256u << 10};
}

}  // namespace

bool is_secret(std::string_view text) {
  return text.size() == 32 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string md5_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  std::size_t size = 0;
  if (!EVP_Q_digest(nullptr, "MD5", nullptr, text.data(), text.size(), digest.data(), &size)) {
    throw std::runtime_error("this machine's libcrypto offers no md5, which TeamTalk's passwords need");
  }
  return hex({digest.data(), size});
}

std::string teamtalk_hash(std::string_view secret, std::string_view salt) {
  return md5_hex(std::string(secret) + std::string(salt));
}

bool teamtalk_matches(std::string_view secret, std::string_view salt, std::string_view stored) {
  const std::string expected = teamtalk_hash(secret, salt);
  return stored.size() == expected.size() && sodium_memcmp(stored.data(), expected.data(), expected.size()) == 0;
}

std::string teamtalk_salt() {
  std::array<unsigned char, 2> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  return hex(bytes);
}

std::string argon2_hash(std::string_view secret, cost effort) {
  const auto [passes, memory] = limits(effort);
  std::array<char, crypto_pwhash_STRBYTES> out;
  if (crypto_pwhash_str_alg(out.data(), secret.data(), secret.size(), passes, memory, crypto_pwhash_ALG_ARGON2ID13) !=
      0) {
    throw std::runtime_error("no memory to hash a password; argon2id wants " + std::to_string(memory >> 10) + " KiB");
  }
  return out.data();
}

bool argon2_matches(std::string_view secret, const std::string& stored) {
  return crypto_pwhash_str_verify(stored.c_str(), secret.data(), secret.size()) == 0;
}

stored_secret store_form(std::string_view secret, cost effort, bool keep_md5) {
  stored_secret out;
  out.argon2 = argon2_hash(secret, effort);
  if (keep_md5) {
    out.salt = teamtalk_salt();
    out.md5 = teamtalk_hash(secret, out.salt);
  }
  return out;
}

bool argon2_outdated(const std::string& stored, cost effort) {
  const auto [passes, memory] = limits(effort);
  return effort == cost::standard && crypto_pwhash_str_needs_rehash(stored.c_str(), passes, memory) != 0;
}

}  // namespace login

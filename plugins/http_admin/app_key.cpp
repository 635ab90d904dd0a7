#include "app_key.hpp"

#include <sodium.h>

#include <array>

namespace http_admin {

std::string new_app_key() {
  std::array<unsigned char, 32> random{};
  randombytes_buf(random.data(), random.size());
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string out(sodium_base64_ENCODED_LEN(random.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), random.data(), random.size(), variant);
  out.pop_back();  // the NUL
  return out;
}

std::string digest_of(std::string_view key) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(key.data()), key.size());
  std::string out(2 * digest.size() + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), digest.data(), digest.size());
  out.pop_back();
  return out;
}

}  // namespace http_admin

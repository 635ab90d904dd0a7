#include "client/digest.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <cstdlib>

namespace parley::client {

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    out.push_back(digits[static_cast<unsigned char>(c) >> 4]);
    out.push_back(digits[static_cast<unsigned char>(c) & 15]);
  }
  return out;
}

std::string md5_hex(std::string_view bytes) {
  std::string digest(16, '\0');
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_md5(),
                 nullptr) != 1) {
    std::abort();  // a libcrypto without MD5 cannot log in anywhere
  }
  return to_hex(digest);
}

std::string random_bytes(std::size_t size) {
  std::string out(size, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(size)) != 1) std::abort();
  return out;
}

}  // namespace parley::client

#include "signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <stdexcept>

#include "text.hpp"

namespace push {

std::string signature(std::string_view secret, std::string_view timestamp, std::string_view body) {
  const std::string text = std::string(timestamp) + "." + std::string(body);
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
            reinterpret_cast<const unsigned char*>(text.data()), text.size(),
            reinterpret_cast<unsigned char*>(out.data()), &size)) {
    throw std::runtime_error("HMAC-SHA256 is not available");
  }
  out.resize(size);
  return "sha256=" + hex(out);
}

namespace {

void fill(void* to, std::size_t bytes) {
  if (RAND_bytes(static_cast<unsigned char*>(to), static_cast<int>(bytes)) != 1) {
    throw std::runtime_error("no source of random numbers");
  }
}

}  // namespace

std::string random_hex(std::size_t bytes) {
  std::string out(bytes, '\0');
  fill(out.data(), bytes);
  return hex(out);
}

std::uint32_t random_number() {
  std::uint32_t out = 0;
  fill(&out, sizeof out);
  return out;
}

}  // namespace push

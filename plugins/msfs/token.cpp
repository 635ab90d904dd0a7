#include "token.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <charconv>
#include <stdexcept>

#include "descriptor.hpp"

namespace msfs {
namespace {

template <class Number>
bool read_number(std::string_view text, Number& out) {
  const auto* end = text.data() + text.size();
  const auto [at, failed] = std::from_chars(text.data(), end, out);
  return !text.empty() && failed == std::errc() && at == end;
}

}  // namespace

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) != 1) {
    throw std::runtime_error("no source of random numbers");
  }
  return out;
}

std::string hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::string token_mint::sign(std::string_view text) const {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (!HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
            reinterpret_cast<const unsigned char*>(text.data()), text.size(), out, &size)) {
    throw std::runtime_error("HMAC-SHA256 is not available");
  }
  return hex({reinterpret_cast<const char*>(out), size});
}

std::string token_mint::make(std::uint32_t user, std::uint64_t expires_s) const {
  const auto text = std::to_string(user) + '.' + std::to_string(expires_s) + '.' + hex(random_bytes(8));
  return text + '.' + sign(text);
}

std::optional<std::uint32_t> token_mint::check(std::string_view token, std::uint64_t now_s) const {
  const auto last = token.rfind('.');
  if (last == token.npos || token.size() > 200) return std::nullopt;
  const auto text = token.substr(0, last);
  const auto wanted = sign(text);
  const auto given = token.substr(last + 1);
  if (given.size() != wanted.size() || CRYPTO_memcmp(given.data(), wanted.data(), wanted.size()) != 0) {
    return std::nullopt;
  }
  const auto first = text.find('.');
  const auto second = text.find('.', first + 1);
  std::uint32_t user = 0;
  std::uint64_t expires = 0;
  if (second == text.npos || !read_number(text.substr(0, first), user) ||
      !read_number(text.substr(first + 1, second - first - 1), expires) || expires <= now_s) {
    return std::nullopt;
  }
  return user;
}

std::string kept_key(const std::string& file) {
  if (const auto kept = read_small_file(file); kept.size() >= 32) return kept;
  const auto made = hex(random_bytes(32));
  write_small_file(file, made);
  return read_small_file(file);
}

}  // namespace msfs

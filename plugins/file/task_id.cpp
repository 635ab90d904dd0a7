#include "task_id.hpp"

#include <openssl/rand.h>

#include <array>
#include <cstddef>
#include <stdexcept>

namespace file {
namespace {

constexpr bool is_dash(std::size_t at) {
  return at == 8 || at == 13 || at == 18 || at == 23;
}

}  // namespace

std::string new_task_id() {
  std::array<unsigned char, 16> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) {
    throw std::runtime_error("no source of random numbers");
  }
  random[6] = static_cast<unsigned char>((random[6] & 0x0F) | 0x40);  // RFC 4122, version 4
  random[8] = static_cast<unsigned char>((random[8] & 0x3F) | 0x80);
  std::string out;
  for (const auto byte : random) {
    if (is_dash(out.size())) out += '-';
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

bool is_task_id(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (is_dash(i) ? c != '-' : !hex) return false;
  }
  return true;
}

}  // namespace file

#include "text.hpp"

#include <algorithm>

namespace buddy {
namespace {

bool continues(unsigned char byte) {
  return (byte & 0xC0) == 0x80;
}

/// Length of the character at the front, 0 when it is none (Unicode table 3-7: no overlong forms, no surrogates).
std::size_t character(const unsigned char* at, std::size_t left) {
  const unsigned char first = at[0];
  if (first < 0x80) return first != 0;
  if (first < 0xC2 || first > 0xF4) return 0;
  if (first < 0xE0) return left >= 2 && continues(at[1]) ? 2 : 0;
  if (left < 3 || !continues(at[1]) || !continues(at[2])) return 0;
  if (first < 0xF0) {
    const bool overlong = first == 0xE0 && at[1] < 0xA0;
    const bool surrogate = first == 0xED && at[1] > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  const bool overlong = first == 0xF0 && at[1] < 0x90;
  const bool beyond = first == 0xF4 && at[1] > 0x8F;
  return left >= 4 && continues(at[3]) && !overlong && !beyond ? 4 : 0;
}

}  // namespace

std::optional<std::size_t> characters(std::string_view text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t count = 0;
  for (std::size_t left = text.size(); left > 0; ++count) {
    const auto size = character(at, left);
    if (size == 0) return std::nullopt;
    at += size;
    left -= size;
  }
  return count;
}

bool is_text(std::string_view text, std::size_t most) {
  if (text.size() > 4 * most) return false;
  const auto count = characters(text);
  return count && *count <= most;
}

bool is_name(std::string_view text, std::size_t most) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return is_text(text, most) && std::none_of(text.begin(), text.end(), control);
}

}  // namespace buddy

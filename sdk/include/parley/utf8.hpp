// UTF-8: what may be stored as text, and where it may be cut.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace parley {

namespace detail {

/// Eight bytes of ASCII.
inline bool plain_word(const unsigned char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return (word & 0x8080808080808080) == 0;
}

inline bool continues(unsigned char byte) {
  return (byte & 0xC0) == 0x80;
}

/// Length of the character at the front, 0 when it is none (Unicode table 3-7: no overlong forms, no surrogates).
inline std::size_t character(const unsigned char* at, std::size_t left) {
  const unsigned char first = at[0];
  if (first < 0x80) return 1;
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

}  // namespace detail

/// Characters in `text`, NUL among them; nothing when it is not valid UTF-8 (overlong forms and surrogates included).
inline std::optional<std::size_t> utf8_characters(std::string_view text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t count = 0;
  for (std::size_t left = text.size(); left > 0; ++count) {
    for (; left >= 8 && detail::plain_word(at); at += 8, left -= 8) count += 8;
    if (left == 0) break;
    const std::size_t size = detail::character(at, left);
    if (size == 0) return std::nullopt;
    at += size;
    left -= size;
  }
  return count;
}

/// The same of what a column of text takes, which is without NUL.
inline std::optional<std::size_t> storable_characters(std::string_view text) {
  return text.find('\0') == text.npos ? utf8_characters(text) : std::nullopt;
}

/// Valid UTF-8 of at most `most` characters, without NUL. Looks at no more bytes than those can have.
inline bool storable(std::string_view text, std::size_t most) {
  if (text.size() / 4 > most) return false;
  const auto count = storable_characters(text);
  return count && *count <= most;
}

/// A control character (ASCII C0 or DEL), which a name or an address never needs.
inline bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// The whole text, or what of its first `bytes` bytes ends at a character's boundary, and "...".
inline std::string cut_text(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  std::size_t end = bytes;
  // text[end] begins the next character, unless it goes on with the last one.
  while (end > 0 && detail::continues(static_cast<unsigned char>(text[end]))) --end;
  return std::string(text.substr(0, end)) + "...";
}

}  // namespace parley

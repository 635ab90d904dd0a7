// The character classes of HTTP (RFC 9110 5.6.2, 5.5; RFC 9112 3).
#pragma once

#include <string_view>

namespace parley::host {

constexpr bool is_alnum(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// A method's or a header name's.
constexpr bool is_token(unsigned char c) {
  return is_alnum(c) ||
         (c != 0 && std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos);
}

/// A request target's: visible ASCII, no fragment.
constexpr bool is_target(unsigned char c) {
  return c > 0x20 && c < 0x7f && c != '#';
}

/// A header value's: anything but control characters; bytes above ASCII are opaque.
constexpr bool is_field_value(unsigned char c) {
  return c == '\t' || (c >= 0x20 && c != 0x7f);
}

/// Without the spaces and tabs around it.
constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  }
  return true;
}

}  // namespace parley::host

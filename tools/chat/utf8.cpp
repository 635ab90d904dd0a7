#include "chat/utf8.hpp"

#include <wchar.h>

namespace parley::chat {

bool take_code_point(std::string& bytes, char32_t& point) {
  if (bytes.empty()) return false;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char first = at(0);
  const std::size_t size = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  point = size == 1 ? first : first & (0xffu >> (size + 1));
  bool valid = first < 0x80 || (first >= 0xc2 && first <= 0xf4);
  for (std::size_t i = 1; valid && i < size; ++i) {
    if (i == bytes.size()) return false;
    valid = (at(i) & 0xc0) == 0x80;
    point = point << 6 | (at(i) & 0x3f);
  }
  if (!valid) point = U'\uFFFD';
  bytes.erase(0, valid ? size : 1);
  return true;
}

void append_utf8(std::string& out, char32_t point) {
  const auto tail = [&](int shift) { out.push_back(static_cast<char>(0x80 | (point >> shift & 0x3f))); };
  if (point < 0x80) {
    out.push_back(static_cast<char>(point));
  } else if (point < 0x800) {
    out.push_back(static_cast<char>(0xc0 | point >> 6));
    tail(0);
  } else if (point < 0x10000) {
    out.push_back(static_cast<char>(0xe0 | point >> 12));
    tail(6);
    tail(0);
  } else {
    out.push_back(static_cast<char>(0xf0 | point >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  for (const char32_t point : text) append_utf8(out, point);
  return out;
}

std::size_t columns(char32_t point) {
  const int width = wcwidth(static_cast<wchar_t>(point));
  return width < 0 ? 1 : static_cast<std::size_t>(width);
}

std::size_t columns(std::u32string_view text) {
  std::size_t sum = 0;
  for (const char32_t point : text) sum += columns(point);
  return sum;
}

}  // namespace parley::chat

#include "client/printable.hpp"

#include <cstdint>

namespace parley::client {
namespace {

struct decoded {
  std::uint32_t point = 0;
  std::size_t size = 0;  ///< 0: not UTF-8
};

decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < size) return {};
  std::uint32_t point = first & (0xffu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    point = point << 6 | (byte(i) & 0x3f);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xd800 && point <= 0xdfff;
  if (point < smallest[size] || point > 0x10ffff || surrogate) return {};
  return {point, size};
}

bool redirects(std::uint32_t point) {
  return point == 0x2028 || point == 0x2029 || (point >= 0x202a && point <= 0x202e) ||
         (point >= 0x2066 && point <= 0x2069);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const decoded next = decode(text);
    const std::size_t size = next.size == 0 ? 1 : next.size;
    if (next.size == 0 || (next.point >= 0x80 && next.point < 0xa0) || redirects(next.point)) {
      out += "\uFFFD";
    } else if (next.point == '\n') {
      out += "↵ ";
    } else if (next.point == '\t') {
      out += ' ';
    } else if (next.point < 0x20) {
      out += {'^', static_cast<char>(next.point + '@')};
    } else if (next.point == 0x7f) {
      out += "^?";
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t columns) {
  std::size_t points = 0;
  std::size_t cut = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) == 0x80) continue;
    if (points + 1 == columns) cut = i;
    if (points++ == columns) return std::string(text.substr(0, cut)) + "…";
  }
  return std::string(text);
}

}  // namespace parley::client

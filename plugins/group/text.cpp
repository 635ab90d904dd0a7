#include "text.hpp"

#include <cstdint>

namespace group {
namespace {

/// Bytes that follow the lead byte, its bits, and the smallest code point that may be written so; -1 when it leads
/// nothing.
struct lead {
  int follow;
  std::uint32_t bits;
  std::uint32_t least;
};

lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {0, byte, 0};
  if ((byte & 0xe0) == 0xc0) return {1, byte & 0x1fu, 0x80};
  if ((byte & 0xf0) == 0xe0) return {2, byte & 0x0fu, 0x800};
  if ((byte & 0xf8) == 0xf0) return {3, byte & 0x07u, 0x10000};
  return {-1, 0, 0};
}

}  // namespace

bool storable(std::string_view text, std::size_t most) {
  if (text.size() > 4 * most) return false;
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) {
    auto [follow, point, least] = lead_of(static_cast<unsigned char>(text[i++]));
    if (follow < 0 || text.size() - i < static_cast<std::size_t>(follow)) return false;
    for (; follow > 0; --follow) {
      const auto byte = static_cast<unsigned char>(text[i++]);
      if ((byte & 0xc0) != 0x80) return false;
      point = point << 6 | (byte & 0x3fu);
    }
    if (point == 0 || point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return false;
  }
  return count <= most;
}

}  // namespace group

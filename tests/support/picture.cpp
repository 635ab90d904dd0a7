#include "support/picture.hpp"

#include <zlib.h>

namespace parley::test {
namespace {

std::string big_endian(std::uint32_t n) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(n >> shift);
  return out;
}

std::string chunk(const std::string& type_and_data) {
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(type_and_data.data()), static_cast<uInt>(type_and_data.size()));
  return big_endian(static_cast<std::uint32_t>(type_and_data.size() - 4)) + type_and_data +
         big_endian(static_cast<std::uint32_t>(sum));
}

/// `row`, `height` times.
std::string png_of(std::uint32_t width, std::uint32_t height, char depth, char colour, std::string row) {
  z_stream z{};
  deflateInit(&z, Z_BEST_COMPRESSION);
  std::string packed, piece(64 << 10, '\0');
  for (std::uint32_t y = 0; y < height; ++y) {
    z.next_in = reinterpret_cast<Bytef*>(row.data());
    z.avail_in = static_cast<uInt>(row.size());
    const int flush = y + 1 == height ? Z_FINISH : Z_NO_FLUSH;
    do {
      z.next_out = reinterpret_cast<Bytef*>(piece.data());
      z.avail_out = static_cast<uInt>(piece.size());
      deflate(&z, flush);
      packed.append(piece.data(), piece.size() - z.avail_out);
    } while (z.avail_out == 0);
  }
  deflateEnd(&z);
  return "\x89PNG\r\n\x1a\n" +
         chunk("IHDR" + big_endian(width) + big_endian(height) + depth + colour + std::string(3, '\0')) +
         chunk("IDAT" + packed) + chunk("IEND");
}

}  // namespace

std::string png(std::uint32_t width, std::uint32_t height) {
  std::string row(1, '\0');
  for (std::uint32_t x = 0; x < width; ++x) row += "\x80\x40\xc0";
  return png_of(width, height, 8, 2, row);
}

std::string png_bomb(std::uint32_t width, std::uint32_t height) {
  return png_of(width, height, 1, 0, std::string(1 + (width + 7) / 8, '\0'));
}

std::pair<unsigned, unsigned> jpeg_size(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u; };
  if (at(0) != 0xff || at(1) != 0xd8) return {};
  for (std::size_t i = 2; i + 8 < bytes.size() && at(i) == 0xff; i += 2 + at(i + 2) * 256 + at(i + 3)) {
    const auto kind = at(i + 1);
    if (kind == 0xc0 || kind == 0xc2) return {at(i + 7) * 256 + at(i + 8), at(i + 5) * 256 + at(i + 6)};
  }
  return {};
}

}  // namespace parley::test

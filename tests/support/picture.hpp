// Images made by code, for tests of those who take images.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace parley::test {

/// A PNG of one colour, 8 bits a channel.
std::string png(std::uint32_t width, std::uint32_t height);
/// A PNG of so many black pixels in so few bytes that unpacking it is the attack: 30,000 times 30,000 are 110 KB.
std::string png_bomb(std::uint32_t width, std::uint32_t height);
/// Of a JPEG, by its frame header; 0, 0 when it is none.
std::pair<unsigned, unsigned> jpeg_size(std::string_view bytes);

}  // namespace parley::test

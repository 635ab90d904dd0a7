// What a file is by its first bytes, whatever it is called.
#pragma once

#include <string_view>

namespace msfs {

inline constexpr std::size_t sniffed_bytes = 32;

/// image/jpeg, png, gif, webp or bmp; empty: none of these.
std::string_view image_type(std::string_view first_bytes);

}  // namespace msfs

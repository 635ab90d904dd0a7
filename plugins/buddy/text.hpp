// What a text must be to be stored.
#pragma once

#include <parley/utf8.hpp>

#include <cstddef>
#include <string_view>

namespace buddy {

/// Lines may end in it.
inline bool is_text(std::string_view text, std::size_t most) {
  return parley::storable(text, most);
}

/// The same without control characters: a name on one line. May be empty.
inline bool is_name(std::string_view text, std::size_t most) {
  return parley::storable(text, most) && !parley::has_control(text);
}

}  // namespace buddy

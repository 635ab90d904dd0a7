// Names of files.
#pragma once

#include <parley/utf8.hpp>

#include <string_view>

namespace file {

/// 1 to 255 characters of UTF-8 without control characters.
inline bool is_file_name(std::string_view name) {
  return !name.empty() && parley::storable(name, 255) && !parley::has_control(name);
}

}  // namespace file

// What files are called: by clients, in the store, in URLs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "faults.hpp"

namespace msfs {

/// What is kept of the name a client gave.
struct kept_name {
  fault why = fault::none;  // 9, 10 or 11
  std::string size;         // "_640x480" where the name ends so, or empty
  std::string extension;    // 1 to 15 letters and digits, as written
};
kept_name read_name(std::string_view name);

/// "AAA/BBB/<microseconds>_<20 hex digits>[_<W>x<H>].<ext>": where nobody can guess it, spread without a counter.
std::string stored_path(std::uint64_t unix_us, const std::array<unsigned char, 12>& random, const kept_name& name);

/// "AAA/BBB/NAME", directories 000 to 255, NAME 1 to 255 letters, digits, and . _ - but no dot in front.
bool is_stored_path(std::string_view path);
/// The same, and stored_path() made it: not one of TeamTalk's.
bool is_own_path(std::string_view path);

enum class url_verdict { fine, malformed, not_there };
struct url_path {
  url_verdict verdict = url_verdict::not_there;
  std::string path;  // fine: is_stored_path()
};
/// Of a URL below /g0/, percent-decoded once.
url_path path_of_url(std::string_view url);

/// "<original>_<W>x<H>.jpg"
struct thumbnail_name {
  std::string original;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};
std::optional<thumbnail_name> read_thumbnail_name(std::string_view path);

/// Thumbnails are made in a few sizes only, the next larger one than asked for; 0: larger than any.
std::uint32_t thumbnail_step(std::uint32_t pixels);
std::string thumbnail_path(std::string_view original, std::uint32_t width, std::uint32_t height);

}  // namespace msfs

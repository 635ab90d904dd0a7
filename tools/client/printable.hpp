#pragma once

#include <string>
#include <string_view>

namespace parley::client {

/// What others wrote, safe for a terminal: control characters (C0, DEL, C1), line separators and text direction
/// overrides become visible, invalid UTF-8 becomes U+FFFD. A line feed becomes "↵ ", so that the result is one line.
std::string printable(std::string_view text);

/// At most `columns` code points, with "…" in place of what was cut. Expects valid UTF-8.
std::string shortened(std::string_view text, std::size_t columns);

}  // namespace parley::client

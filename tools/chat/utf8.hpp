#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace parley::chat {

/// Takes one code point off the front of `bytes`. False, and nothing taken, when `bytes` ends inside of it. A byte that
/// cannot start one is taken and given as U+FFFD.
bool take_code_point(std::string& bytes, char32_t& point);

void append_utf8(std::string& out, char32_t point);
std::string to_utf8(std::u32string_view text);

/// Columns on a terminal; needs a UTF-8 locale for wide characters.
std::size_t columns(char32_t point);
std::size_t columns(std::u32string_view text);

}  // namespace parley::chat

// What a text must be to be stored.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace buddy {

/// Characters in `text`; nothing when it is not valid UTF-8 (overlong forms and surrogates included) or holds a NUL.
std::optional<std::size_t> characters(std::string_view text);

/// Valid, and of at most `most` characters. Lines may end in it.
bool is_text(std::string_view text, std::size_t most);

/// The same without control characters: a name on one line. May be empty.
bool is_name(std::string_view text, std::size_t most);

}  // namespace buddy

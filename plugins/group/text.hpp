// What names, avatars and invitations may contain.
#pragma once

#include <cstddef>
#include <string_view>

namespace group {

/// TeamTalk's columns.
inline constexpr std::size_t name_characters = 256;
inline constexpr std::size_t avatar_characters = 256;
inline constexpr std::size_t invitation_characters = 256;

/// Valid UTF-8 of at most `most` characters, without NUL. Looks at no more bytes than those can have.
bool storable(std::string_view text, std::size_t most);

}  // namespace group

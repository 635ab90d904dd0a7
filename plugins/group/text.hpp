// What names, avatars and invitations may contain.
#pragma once

#include <parley/utf8.hpp>

#include <cstddef>

namespace group {

using parley::storable;

/// TeamTalk's columns.
inline constexpr std::size_t name_characters = 256;
inline constexpr std::size_t avatar_characters = 256;
inline constexpr std::size_t invitation_characters = 256;

}  // namespace group

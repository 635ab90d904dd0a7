// UTF-8 and hexadecimal text, as the schema and the protocol want them.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace login {

/// Code points in `text`; nothing when it is not valid UTF-8 (overlong forms and surrogates included).
std::optional<std::size_t> characters(std::string_view text);

/// Valid UTF-8 of at most `most` characters, without NUL.
bool storable(std::string_view text, std::size_t most);

/// Has a control character (ASCII C0 or DEL), which a name or an address never needs.
bool has_control(std::string_view text);

std::string hex(std::span<const unsigned char> bytes);

/// Without blanks around it.
std::string_view trimmed(std::string_view text);

}  // namespace login

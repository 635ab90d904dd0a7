// UTF-8, as far as cutting needs it, and base64.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace push {

/// The whole text, or what of its first `bytes` bytes ends at a character's boundary, and "...".
std::string cut(std::string_view text, std::size_t bytes);

/// Skips white space and '='. Nothing when there is any other foreign character.
std::optional<std::string> base64_decode(std::string_view text);

/// Lower case.
std::string hex(std::string_view bytes);

}  // namespace push

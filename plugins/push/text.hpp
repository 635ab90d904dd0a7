// Base64 and hexadecimal text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace push {

/// Skips white space and '='. Nothing when there is any other foreign character.
std::optional<std::string> base64_decode(std::string_view text);

/// Lower case.
std::string hex(std::string_view bytes);

}  // namespace push

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace parley::client {

/// Standard alphabet, padded, no line breaks.
std::string base64_encode(std::string_view bytes);

/// Skips white space and '='. Nothing when there is any other foreign character or a digit is left over.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace parley::client

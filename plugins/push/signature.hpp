// How a receiver knows that a request is ours.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace push {

/// "sha256=" and HMAC-SHA256 of timestamp + "." + body, in hexadecimal.
std::string signature(std::string_view secret, std::string_view timestamp, std::string_view body);

/// That many random bytes, in hexadecimal.
std::string random_hex(std::size_t bytes);
std::uint32_t random_number();

}  // namespace push

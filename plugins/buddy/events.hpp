// The event user.changed (proto/events/user.proto), encoded.
//
// Rationale: its message lives in namespace parley::events, which is also a class of the SDK; so it stays behind this.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace buddy {

std::string signature_changed(std::uint32_t user, std::string_view sign_info, std::uint32_t now);
std::string avatar_changed(std::uint32_t user, std::string_view avatar, std::uint32_t now);
std::string friends_changed(std::uint32_t user, std::uint32_t peer, std::uint32_t now);
std::string blocks_changed(std::uint32_t user, std::uint32_t peer, std::uint32_t now);

}  // namespace buddy

// What a session's slot keeps of its login, for whoever lists terminals: 5 bytes and the address.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace login {

struct terminal_origin {
  std::uint32_t since = 0;  ///< Unix seconds
  bool web = false;         ///< over a WebSocket
  std::string address;
};

inline constexpr std::uint32_t terminal_slot_version = 1;
std::string saved(const terminal_origin& origin);
std::optional<terminal_origin> restored(std::uint32_t version, std::string_view bytes);

/// "win", "mac", "ios", "android", "web"; of others the number.
std::string terminal_word(std::uint32_t client_type, bool web);

}  // namespace login

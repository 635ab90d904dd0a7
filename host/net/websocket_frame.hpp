// WebSocket's frames (RFC 6455, section 5.2), as a server sends them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley::host {

enum class ws_opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// Section 7.4.1.
namespace ws_code {
inline constexpr std::uint16_t normal = 1000, going_away = 1001, protocol = 1002, unsupported = 1003, invalid = 1007,
                               policy = 1008, too_big = 1009;
}

inline constexpr std::size_t most_ws_control = 125;     // bytes of a control frame's payload
inline constexpr std::size_t most_ws_head = 2 + 8 + 4;  // of a client's frame

/// The head of a whole message, unmasked.
inline void append_ws_head(std::string& out, ws_opcode opcode, std::size_t size) {
  out += static_cast<char>(0x80 | static_cast<unsigned>(opcode));
  const auto put = [&](int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(size >> shift);
  };
  if (size < 126) {
    out += static_cast<char>(size);
  } else if (size < 65536) {
    out += static_cast<char>(126);
    put(2);
  } else {
    out += static_cast<char>(127);
    put(8);
  }
}

inline void append_ws_close(std::string& out, std::uint16_t code) {
  append_ws_head(out, ws_opcode::close, 2);
  out += static_cast<char>(code >> 8);
  out += static_cast<char>(code);
}

}  // namespace parley::host

// The 16-byte PDU header (proto/README.md, section 1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace parley::host {

inline constexpr std::size_t header_size = 16;

/// One complete PDU inside a read buffer; borrowed until the sink returns.
struct pdu_view {
  std::uint16_t command = 0;
  std::uint16_t seq = 0;
  std::string_view raw;  // header and body
  std::string_view body;
};

inline std::uint16_t load16(const char* p) {
  const auto* u = reinterpret_cast<const std::uint8_t*>(p);
  return static_cast<std::uint16_t>(u[0] << 8 | u[1]);
}
inline std::uint32_t load32(const char* p) {
  const auto* u = reinterpret_cast<const std::uint8_t*>(p);
  return static_cast<std::uint32_t>(u[0]) << 24 | static_cast<std::uint32_t>(u[1]) << 16 |
         static_cast<std::uint32_t>(u[2]) << 8 | u[3];
}

/// Writes a header as servers send it: version 1, service id = command >> 8.
inline void store_header(char* p, std::uint16_t command, std::uint16_t seq, std::size_t body_size) {
  const auto length = static_cast<std::uint32_t>(header_size + body_size);
  const std::uint8_t bytes[header_size] = {static_cast<std::uint8_t>(length >> 24),
                                           static_cast<std::uint8_t>(length >> 16),
                                           static_cast<std::uint8_t>(length >> 8),
                                           static_cast<std::uint8_t>(length),
                                           0,
                                           1,
                                           0,
                                           0,
                                           0,
                                           static_cast<std::uint8_t>(command >> 8),
                                           static_cast<std::uint8_t>(command >> 8),
                                           static_cast<std::uint8_t>(command),
                                           static_cast<std::uint8_t>(seq >> 8),
                                           static_cast<std::uint8_t>(seq),
                                           0,
                                           0};
  __builtin_memcpy(p, bytes, header_size);
}

}  // namespace parley::host

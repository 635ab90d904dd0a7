#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "host/tls/client_context.hpp"

namespace parley::client {

/// Where a server listens. `host` is an IPv4 address or a name.
struct endpoint {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8000;
  std::shared_ptr<const parley::tls::client_context> tls;  ///< whom to trust; null without TLS

  std::string websocket;  ///< the path of WebSocket on an http listener; empty = none

  std::string text() const { return host + ":" + std::to_string(port); }
  bool operator==(const endpoint&) const = default;
};

/// HOST:PORT, or HOST alone for port 8000. Nothing when the port is no number from 1 to 65535 or the host is empty.
std::optional<endpoint> parse_endpoint(std::string_view text);

}  // namespace parley::client

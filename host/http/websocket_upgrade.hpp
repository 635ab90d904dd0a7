// The opening handshake of WebSocket (RFC 6455, section 4.2), on the server's side. No I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/http/request_parser.hpp"

namespace parley::host {

struct upgrade_answer {
  unsigned code = 101;      // else what the request is refused with
  std::string accept;       // with 101
  const char* reason = "";  // else
};

/// `origins`: what pages may connect, as "https://chat.example.org"; "*" is every page; none: those of the same host,
/// that is of the request's Host, and over TLS (`secure`) those of https alone. A request without Origin is no
/// browser's.
upgrade_answer judge_upgrade(const request_head& head, const std::vector<std::string>& origins, bool secure);

/// Of a Sec-WebSocket-Key.
std::string websocket_accept(std::string_view key);

}  // namespace parley::host

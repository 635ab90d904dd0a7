// A client's side of WebSocket as bytes, for tests of what a server must accept and refuse.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "support/socket.hpp"

namespace parley::test {

struct ws_frame {
  int opcode = 0;  ///< 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong
  bool last = true;
  std::string payload;
  /// Of a close frame; 1005 when it has none.
  int code() const {
    if (payload.size() < 2) return 1005;
    return static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
  }
};

/// Masked, as clients have to.
std::string encode_ws(int opcode, std::string_view payload, bool last = true);
/// A close frame's payload.
std::string ws_close(int code, std::string_view reason = {});
/// The first whole frame, taken from `bytes`. Throws failure at a masked one, or at reserved bits.
std::optional<ws_frame> take_ws(std::string& bytes);

/// The request that opens it; `more` are header lines.
std::string ws_request(const std::string& path = "/ws", const std::string& more = "");

/// One connection. The handshake is open()'s; then frames.
class websocket {
 public:
  /// False when the server does not answer 101: answer() has what it said.
  bool open(stream_socket socket, const std::string& request = ws_request());
  bool open(std::uint16_t port) { return open(stream_socket::tcp(port)); }
  const std::string& answer() const { return answer_; }

  bool send(int opcode, std::string_view payload, bool last = true) {
    return send_raw(encode_ws(opcode, payload, last));
  }
  bool send_raw(std::string_view bytes);
  /// The next frame; nothing when the server closes or says nothing.
  std::optional<ws_frame> next(milliseconds time = answer_time);
  /// The code the server closes with, past all other frames; 0 when it does not.
  int closing_code(milliseconds time = answer_time);
  /// Whether the connection is closed within that time.
  bool closed_within(milliseconds time = answer_time);
  stream_socket& socket() { return socket_; }
  std::string& unread() { return unread_; }

 private:
  stream_socket socket_;
  std::string answer_;
  std::string unread_;
};

}  // namespace parley::test

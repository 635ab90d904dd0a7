// The protocol as bytes (proto/README.md 1), for tests of what a server must accept and refuse.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "support/socket.hpp"

namespace parley::test {

inline constexpr std::size_t header_size = 16;

struct wire_pdu {
  std::uint16_t service = 0;
  std::uint16_t command = 0;
  std::uint16_t seq = 0;
  std::string body;
  std::string raw;  ///< header and body as they came
};

std::string encode_pdu(std::uint16_t command, std::uint16_t seq, std::string_view body);
/// A header that claims `length`.
std::string encode_header(std::uint32_t length, std::uint16_t command, std::uint16_t seq);

/// One connection. What arrives and is not asked for stays in the inbox, in order.
class wire_client {
 public:
  void connect(std::uint16_t port, int receive_buffer = 0) { socket_ = stream_socket::tcp(port, receive_buffer); }
  /// With TLS; false when the handshake fails.
  bool connect_tls(std::uint16_t port, std::shared_ptr<const tls::client_context> trust) {
    connect(port);
    return socket_.secure(std::move(trust));
  }
  /// Over WebSocket: every PDU sent and received is one message. False when the server does not take it.
  bool connect_websocket(std::uint16_t http_port, std::shared_ptr<const parley::tls::client_context> trust = nullptr);
  void close() { socket_.close(); }

  /// False when the connection is gone.
  bool send(std::uint16_t command, std::uint16_t seq, std::string_view body) {
    return send_raw(encode_pdu(command, seq, body));
  }
  bool send_raw(std::string_view bytes, milliseconds time = answer_time);

  /// The oldest PDU; waits for one.
  std::optional<wire_pdu> next(milliseconds time = answer_time);
  /// The oldest of that command (and seq).
  std::optional<wire_pdu> next_of(std::uint16_t command, milliseconds time = answer_time);
  std::optional<wire_pdu> answer(std::uint16_t command, std::uint16_t seq, milliseconds time = answer_time);

  /// Once the server has closed; what comes before stays in the inbox.
  bool closed_within(milliseconds time);
  bool closed() const { return closed_; }
  /// A heartbeat comes back: the connection lives, and whatever the server had sent before is in the inbox.
  bool alive(milliseconds time = answer_time);

  std::deque<wire_pdu>& inbox() { return inbox_; }
  stream_socket& socket() { return socket_; }

 private:
  template <class Wanted>
  std::optional<wire_pdu> take(Wanted&& wanted, milliseconds time);
  /// False when nothing more can come.
  bool read(steady::time_point deadline);

  stream_socket socket_;
  void unwrap();

  std::string unread_;
  std::string frames_;    ///< WebSocket's, not whole yet
  bool wrapped_ = false;  ///< over WebSocket
  std::deque<wire_pdu> inbox_;
  std::uint16_t heartbeats_ = 0;
  bool closed_ = false;
};

}  // namespace parley::test

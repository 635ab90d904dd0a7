#pragma once

#include <memory>
#include <string>

#include "client/connection.hpp"
#include "client/framer.hpp"
#include "client/websocket.hpp"
#include "host/tls/engine.hpp"

namespace parley::client {

/// What libuv holds on to while a connection lives. Internal to connection and event_loop.
///
///   idle -> resolving -> connecting -> open -> parting -> closing -> (deleted)
///   connecting -> securing -> open, with TLS; -> upgrading -> open, with WebSocket
///     any of them -> closing
class connection_state {
 public:
  static constexpr std::size_t buffer_size = 64 * 1024;
  enum class phase : std::uint8_t { idle, resolving, connecting, securing, upgrading, open, parting, closing };

  connection_state(event_loop& loop, connection::handlers on);

  void connect(const endpoint& to);
  void flush();
  void sweep(std::uint64_t now_ms);
  /// Room to append to; the bytes leave at the end of this turn of the loop.
  std::string& out();
  /// Calls `closed` unless disowned.
  void fail(std::string_view reason);
  /// Nobody listens any more. What was said leaves, then the server has a while to close first: closing on bytes that
  /// nobody reads would take the last words back.
  void part();
  /// Nobody listens any more; deleted once everything is over.
  void disown();

  phase at() const { return phase_; }
  std::size_t unsent() const { return out_.size() + writing_.size(); }

 private:
  void connect_to(const sockaddr* address);
  void opened(int status);
  void usable();
  void unseal(std::string_view sealed);
  void take(std::string_view chunk);
  void unwrap(std::string_view chunk);
  void hand_out_all(std::string_view chunk);
  void received(ssize_t size, const char* bytes);
  void written(int status);
  bool hand_out(const pdu& next);
  void say_goodbye();
  void send_now();
  void shut();

  event_loop& loop_;
  connection::handlers on_;
  uv_tcp_t tcp_;
  uv_getaddrinfo_t resolving_;
  uv_connect_t connecting_;
  uv_write_t write_;
  uv_shutdown_t goodbye_;
  endpoint to_;
  std::unique_ptr<tls::engine> tls_;      ///< null without TLS
  std::unique_ptr<websocket> websocket_;  ///< null without it
  std::string control_;                   ///< WebSocket's own frames
  std::string out_;
  std::string writing_;
  framer framer_;
  std::uint32_t heartbeats_out_ = 0;
  std::uint64_t last_sent_ms_ = 0;
  std::uint64_t last_received_ms_ = 0;
  std::uint64_t part_by_ms_ = 0;
  phase phase_ = phase::idle;
  bool disowned_ = false;
  bool dirty_ = false;
  bool in_flight_ = false;
  bool request_open_ = false;  ///< a resolve request is with libuv
  bool handle_closed_ = false;
};

}  // namespace parley::client

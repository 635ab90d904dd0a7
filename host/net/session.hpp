// A session: a connection plus identity, as the host keeps it. It outlives every plugin that serves it.
#pragma once

#include <uv.h>

#include <memory>
#include <string>
#include <vector>

#include "host/base/intrusive_list.hpp"
#include "host/cluster/ties.hpp"
#include "host/net/framer.hpp"
#include "host/net/outbound.hpp"
#include "host/net/websocket_reader.hpp"
#include "host/tls/engine.hpp"
#include "parley/abi.h"

namespace parley::host {

class listener;
class session_table;

/// A plugin's own bytes on a session.
struct slot_bytes {
  std::string owner;
  std::uint32_t version = 0;
  std::string bytes;
  std::uint64_t far_serial = 0;  // of the last write by another node
};

/// What one client address looks like, for limits and logs.
struct peer_address {
  unsigned char bytes[16] = {};
  bool v6 = false;
  bool operator==(const peer_address&) const = default;
  std::string text() const;
};
peer_address address_of(const uv_tcp_t& tcp);

/// What a session over WebSocket has instead of the framer.
struct websocket_side {
  websocket_reader reader;
  std::uint16_t close_code = 0;  // 0 = by the reason
  bool close_sent = false;
};

/// open -> draining (closing after the flush) -> closed; memory goes when libuv has closed the handle.
enum class session_state : std::uint8_t { open, draining, closed };

/// Lives on the loop, in the session table. Members are the table's business; others use its functions.
struct session : list_hook {
  uv_tcp_t tcp;
  parley_session_id id = 0;
  listener* home = nullptr;
  session_table* table = nullptr;

  parley_principal principal{};
  session* next_terminal = nullptr;  // of the same principal

  std::unique_ptr<parley::tls::engine> tls;  // null without TLS

  std::unique_ptr<websocket_side> websocket;  // null over TCP alone

  framer input;
  outbound output;                // not yet given to libuv
  std::uint32_t in_flight = 0;    // bytes given to libuv, not yet written
  std::uint32_t dirty_index = 0;  // place in the dirty list + 1
  std::uint32_t stalled_at = 0;   // bytes on their way when the idle check last found it over its watermark
  std::uint32_t requests = 0;     // pending ones

  std::uint32_t last_received = 0;  // seconds of the loop clock
  std::uint32_t opened = 0;
  session_state state = session_state::open;
  std::uint8_t level = 0;
  bool authenticated = false;
  std::uint8_t identified_by = 0;  // no terminal, and for one plugin: its place in session_table::identifiers_, + 1
  bool reading = false;
  std::uint8_t held = 0;  // a filter or the hold of a login is deciding: later commands wait
  bool shutdown_sent = false;
  const char* close_reason = "";
  peer_address peer;
  std::string peer_text;  // an IPv4 address fits without allocation

  struct rate {
    std::uint32_t second = 0;
    std::uint32_t count = 0;
  };
  std::unique_ptr<rate[]> rates;  // one per rule of the listener, made at first use
  std::unique_ptr<std::vector<slot_bytes>> slots;
  std::unique_ptr<far_ties> far;  // made with its first command that is served elsewhere

  std::size_t unsent() const { return output.size() + in_flight; }
  /// "tcp", "tls", "websocket", "websocket+tls"
  const char* transport() const { return websocket ? (tls ? "websocket+tls" : "websocket") : tls ? "tls" : "tcp"; }
  bool handshaking() const { return tls && !tls->ready(); }
};

}  // namespace parley::host

// What /metrics tells about HTTP, over all listeners.
#pragma once

#include <array>
#include <cstdint>

namespace parley::host {

/// Counters since the start, but for `connections`, `in_flight` and what ends in `_now`.
struct http_stats {
  std::uint64_t connections = 0;  // open now
  std::uint64_t in_flight = 0;    // handed to a handler and not answered now
  std::uint64_t accepted = 0;
  std::uint64_t requests = 0;                // handed to a handler
  std::array<std::uint64_t, 6> responses{};  // by the first digit of the code

  std::uint64_t upgrades = 0;  // connections that became WebSocket sessions
  std::uint64_t upgrades_refused = 0;

  // Connections not taken.
  std::uint64_t refused_full = 0;
  std::uint64_t refused_address = 0;
  std::uint64_t accept_pauses = 0;  // out of descriptors or memory

  // Bodies staged in files, and files answered with.
  std::uint64_t uploads_now = 0;
  std::uint64_t staged_now = 0;  // bytes
  std::uint64_t uploads = 0;     // handed to a handler
  std::uint64_t uploaded_bytes = 0;
  std::uint64_t uploads_refused = 0;  // over a limit
  std::uint64_t uploads_failed = 0;   // the disk did not take them
  std::uint64_t uploads_cut = 0;      // given up by the client, or too slow
  std::uint64_t files = 0;            // answers
  std::uint64_t file_bytes = 0;
  std::uint64_t files_cut = 0;      // became shorter while they were sent
  std::uint64_t files_unknown = 0;  // 404

  // Requests answered by the host itself.
  std::uint64_t malformed = 0;
  std::uint64_t head_too_large = 0;
  std::uint64_t body_too_large = 0;
  std::uint64_t not_found = 0;
  std::uint64_t method_not_allowed = 0;
  std::uint64_t request_timeouts = 0;
  std::uint64_t answer_timeouts = 0;
  std::uint64_t handler_faults = 0;  // threw, or answered with what cannot be sent

  // Connections ended by the host or lost.
  std::uint64_t idle_closed = 0;
  std::uint64_t slow_clients = 0;
  std::uint64_t clients_gone = 0;  // with a request in flight
};

}  // namespace parley::host

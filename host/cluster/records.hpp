// What nodes send each other. Each record is a PDU of the host's framer: its command id is one of these, its seq is 0,
// its body is written by record_writer. host/cluster/README.md says what each means.
#pragma once

#include <cstdint>

namespace parley::host {

/// Of the handshake and of everything below; another one is refused.
inline constexpr std::uint32_t link_version = 1;

enum class record : std::uint16_t {
  // the handshake, in this order
  hello = 1,      // dialer: version, own name, incarnation, number, the other's name, nonce, clock
  challenge = 2,  // accepter: version, own name, incarnation, number, nonce, clock
  proof = 3,      // dialer, then accepter: proof, clock
  refusal = 4,    // either: why

  ping = 16,       // clock
  pong = 17,       // the ping's clock, own clock, the last notice taken
  announce = 18,   // notice, whether it drains, plugins: name, version, commands (id, access), events
  directory = 19,  // flags, changes: see cluster_directory.cpp
  forget = 20,     // name of a node that will not be back

  // the session's home -> the owner of a command
  command = 32,  // see remote_command
  gone = 33,     // session
  // the owner -> the session's home
  reply = 40,         // request, command, body
  finish = 41,        // request, verdict, text, retry_after_ms
  push = 42,          // session, seq, command, body
  authenticate = 43,  // session, principal, tag, flags, level, plugin
  close = 44,         // session, reason
  slot = 45,          // session, plugin, serial, version, bytes

  // anybody -> where the principals' terminals are
  push_many = 48,  // selector, command, body, principals
  // anybody -> where somebody listens
  event = 49,  // publisher, name, body
};

constexpr std::uint16_t raw(record r) {
  return static_cast<std::uint16_t>(r);
}

}  // namespace parley::host

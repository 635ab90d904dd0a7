// What the TLS connections of one kind share: buffers, numbers, and how much of a turn handshakes may take.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "host/net/loop.hpp"
#include "host/tls/engine.hpp"

namespace parley::host {

/// Since the start.
struct tls_stats {
  std::uint64_t handshakes = 0;  // full ones and resumed
  std::uint64_t resumed = 0;
  std::uint64_t failed = 0;
  std::uint64_t plain_text = 0;  // the first bytes were no TLS
  std::uint64_t timeouts = 0;    // of handshakes
  std::uint64_t broken = 0;      // after the handshake
  std::uint64_t put_off = 0;     // reads that waited for a later turn
  std::uint64_t signing_ns = 0;  // loop time that handshakes took
};

/// [loop]
class tls_desk {
 public:
  explicit tls_desk(loop& l) : loop_(l) {}

  /// Whether a handshake may go on in this turn. An RSA signature takes a millisecond: a burst of a thousand
  /// connections would stop everybody for a second. What may not is read in a later turn.
  bool may_shake_hands();

  /// What `sealed` says, borrowed until the next call. `how` is about the connection, after that.
  std::string_view receive(tls::engine& of, std::string_view sealed, tls::engine::outcome& how);

  tls::record_buffer& records() { return records_; }
  tls_stats& stats() { return stats_; }

 private:
  loop& loop_;
  std::vector<char> plain_;
  tls::record_buffer records_;
  std::uint64_t turn_ = 0;
  std::uint64_t spent_ns_ = 0;  // in that turn
  tls_stats stats_;
};

}  // namespace parley::host

// A listening socket that hands out accepted descriptors.
//
// Rationale: not uv_listen, because that cannot be paused: out of descriptors it closes clients that could have waited.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <functional>
#include <string>

#include "host/http/uv_owned.hpp"
#include "host/net/loop.hpp"
#include "parley/status.hpp"

namespace parley::host {

/// accepting <-> paused (out of descriptors or memory: new clients wait in the backlog) -> closed. [loop]
class acceptor {
 public:
  struct callbacks {
    /// The descriptor is the callee's now; non-blocking, close-on-exec.
    std::function<void(int descriptor, const sockaddr_storage& from)> accepted;
    std::function<void(int error)> paused;
  };

  acceptor(loop& l, callbacks to);
  acceptor(const acceptor&) = delete;
  acceptor& operator=(const acceptor&) = delete;
  ~acceptor() { close(); }

  /// `bind` is an IPv4 or IPv6 address, port 0 any free one. The error says which and why.
  result<void> listen(const std::string& bind, std::uint16_t port, int backlog);
  /// The callbacks may do so too. Clients still in the backlog are refused by the system.
  void close();
  bool listening() const { return descriptor_ >= 0; }
  std::uint16_t port() const { return port_; }

 private:
  int open_socket(const std::string& bind, std::uint16_t port, int backlog);
  int watch();
  void accept_some();
  void pause(int error);
  void resume();

  loop& loop_;
  callbacks to_;
  int descriptor_ = -1;
  std::uint16_t port_ = 0;
  uv_owned<uv_poll_t> readable_;
  uv_owned<uv_timer_t> retry_;
};

}  // namespace parley::host

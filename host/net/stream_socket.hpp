// A stream to another program: looks the name up, connects, reads and writes, all on libuv and none of it blocking.
#pragma once

#include <netdb.h>

#include <string>
#include <string_view>
#include <vector>

#include "host/net/loop.hpp"

namespace parley::host {

/// Where to: a host (a name or an address) and port, or the path of a unix socket.
struct stream_address {
  std::string host;
  std::uint16_t port = 0;
  std::string path;
};

/// One attempt at one connection; what ends it ends it for good.
///
/// Rationale, for Redis: hiredis brings an adapter that polls its socket through libuv. It looks names up with a
/// blocking call, and the packaged one drops poll errors, so that a refused connection is never heard of. Here libuv
/// owns the socket, which reports both, and hiredis only reads replies (redis_link.cpp). [loop]
class stream_socket {
 public:
  /// Called from the loop, never from within a function of the socket. `lost` is the last call.
  struct user {
    virtual ~user() = default;
    virtual void socket_connected() = 0;
    virtual void socket_received(std::string_view data) = 0;
    virtual void socket_lost(const std::string& why) = 0;
  };

  stream_socket(loop& l, const stream_address& where, user& u);
  /// Takes what waits at a listening TCP handle; lost at once when that fails.
  stream_socket(loop& l, uv_stream_t* server, user& u);
  stream_socket(const stream_socket&) = delete;
  /// Closes; nothing is called any more.
  ~stream_socket();

  void write(std::string data);
  /// The other side's address without port; empty when it is not TCP or not connected.
  std::string peer() const;
  /// Bytes that the kernel has not taken yet.
  std::size_t unwritten() const { return unwritten_; }

 private:
  struct endpoint;
  struct lookup;
  struct write_request;
  struct io;

  void look_up(const stream_address& where);
  void looked_up(int status, addrinfo* found);
  void connect_next();
  void connect_path(const std::string& path);
  void connected(int status);
  void abandon_endpoint();
  void fail_later(int status);

  loop& loop_;
  user& user_;
  lookup* lookup_ = nullptr;       // libuv's until it is done
  addrinfo* addresses_ = nullptr;  // of the name, all of them
  addrinfo* next_ = nullptr;       // the one to try next
  endpoint* endpoint_ = nullptr;   // libuv's until it is closed
  std::vector<char> buffer_;
  std::size_t unwritten_ = 0;
  std::string failure_;
  turn_end_task failing_;  // what libuv refused at once is told later, as everything else
};

}  // namespace parley::host

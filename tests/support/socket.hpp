// Plain blocking sockets with deadlines.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "host/tls/engine.hpp"
#include "support/failure.hpp"

namespace parley::test {

using steady = std::chrono::steady_clock;

/// A port of the loopback on which nobody listens. Below the ephemeral ones, so that no outgoing connection takes it
/// before the server does.
std::uint16_t free_port();

/// Owns a stream socket.
class stream_socket {
 public:
  stream_socket() = default;
  explicit stream_socket(int fd) : fd_(fd) {}
  stream_socket(stream_socket&& other) noexcept : tls_(std::move(other.tls_)), fd_(other.release()) {}
  stream_socket& operator=(stream_socket&& other) noexcept;
  ~stream_socket() { close(); }

  /// Throw failure when nobody listens. receive_buffer 0 leaves the kernel's.
  static stream_socket tcp(std::uint16_t port, int receive_buffer = 0);
  static stream_socket local(const std::string& path);

  /// From now on everything is TLS, to a server that has to be `host`. False when the handshake fails: tls()->reason().
  bool secure(std::shared_ptr<const parley::tls::client_context> trust, const std::string& host = "localhost");
  parley::tls::engine* tls() { return tls_.get(); }

  enum class read_result { data, nothing, closed };
  /// Appends what arrives until the deadline.
  read_result read_some(std::string& into, steady::time_point deadline);
  /// False when the other side is gone or takes nothing until the deadline.
  bool write_all(std::string_view bytes, steady::time_point deadline);

  bool open() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  int release() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }
  void close();

 private:
  read_result unseal(std::string_view sealed, std::string& into);
  bool write_out(std::string_view bytes, steady::time_point deadline);

  std::unique_ptr<parley::tls::engine> tls_;
  int fd_ = -1;
};

}  // namespace parley::test

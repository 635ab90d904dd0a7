#include "support/socket.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <random>
#include <vector>

namespace parley::test {
namespace {

bool wait_for(int fd, short events, steady::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady::now()).count();
    pollfd watched{fd, events, 0};
    const int ready = poll(&watched, 1, static_cast<int>(left > 0 ? left : 0));
    if (ready > 0) return true;
    if (ready == 0 && left <= 0) return false;
  }
}

template <class Address>
stream_socket connected(int family, const Address& address, int receive_buffer, const std::string& where) {
  stream_socket out(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (receive_buffer > 0) setsockopt(out.fd(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  if (::connect(out.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw failure("cannot connect to " + where + ": " + std::strerror(errno));
  }
  return out;
}

}  // namespace

std::uint16_t free_port() {
  static std::mt19937 random{std::random_device{}()};
  for (int attempt = 0; attempt < 200; ++attempt) {
    const auto port = static_cast<std::uint16_t>(std::uniform_int_distribution<int>(20000, 32000)(random));
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool free = bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    close(probe);
    if (free) return port;
  }
  throw failure("no free port");
}

stream_socket& stream_socket::operator=(stream_socket&& other) noexcept {
  close();
  tls_ = std::move(other.tls_);
  fd_ = other.release();
  return *this;
}

stream_socket stream_socket::tcp(std::uint16_t port, int receive_buffer) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto out = connected(AF_INET, address, receive_buffer, "port " + std::to_string(port));
  const int on = 1;
  setsockopt(out.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return out;
}

stream_socket stream_socket::local(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw failure("too long for a socket's name: " + path);
  std::memcpy(address.sun_path, path.data(), path.size());
  return connected(AF_UNIX, address, 0, path);
}

stream_socket::read_result stream_socket::read_some(std::string& into, steady::time_point deadline) {
  if (fd_ < 0) return read_result::closed;
  if (!wait_for(fd_, POLLIN, deadline)) return read_result::nothing;
  char buffer[65536];
  const auto got = ::recv(fd_, buffer, sizeof buffer, 0);
  if (got <= 0) return read_result::closed;
  if (tls_) return unseal({buffer, static_cast<std::size_t>(got)}, into);
  into.append(buffer, static_cast<std::size_t>(got));
  return read_result::data;
}

stream_socket::read_result stream_socket::unseal(std::string_view sealed, std::string& into) {
  std::vector<char> plain(tls::engine::plain_room(sealed.size()));
  std::size_t got = 0;
  const auto how = tls_->receive(sealed, plain, got);
  into.append(plain.data(), got);
  write_out(std::exchange(tls_->output(), {}), steady::now() + patience(milliseconds(1000)));
  if (got > 0 || how == tls::engine::outcome::ok) return read_result::data;
  return read_result::closed;
}

bool stream_socket::secure(std::shared_ptr<const tls::client_context> trust, const std::string& host) {
  tls_ = std::make_unique<tls::engine>(std::move(trust), host);
  tls_->begin();
  const auto deadline = steady::now() + patience(answer_time);
  if (!write_out(std::exchange(tls_->output(), {}), deadline)) return false;
  for (std::string none; !tls_->ready();) {
    if (read_some(none, deadline) != read_result::data) return false;
  }
  return true;
}

bool stream_socket::write_all(std::string_view bytes, steady::time_point deadline) {
  if (!tls_) return write_out(bytes, deadline);
  tls::record_buffer records;
  if (!tls_->append(bytes, records) || !tls_->finish(records)) return false;
  return write_out(std::exchange(tls_->output(), {}), deadline);
}

bool stream_socket::write_out(std::string_view bytes, steady::time_point deadline) {
  while (!bytes.empty()) {
    if (fd_ < 0) return false;
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if ((errno != EAGAIN && errno != EINTR) || !wait_for(fd_, POLLOUT, deadline)) {
      return false;
    }
  }
  return true;
}

void stream_socket::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

}  // namespace parley::test

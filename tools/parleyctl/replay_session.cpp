#include "tools/parleyctl/replay_session.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "tools/client/pdu.hpp"

namespace parleyctl {

using parley::client::header;

replay_session::replay_session(const std::string& address, std::uint16_t port) {
  sockaddr_storage to{};
  socklen_t size = sizeof(sockaddr_in);
  auto& v4 = reinterpret_cast<sockaddr_in&>(to);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(to);
  if (inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
  } else if (inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    size = sizeof v6;
  }
  fd_ = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0 || connect(fd_, reinterpret_cast<sockaddr*>(&to), size) != 0) {
    const std::string why = std::strerror(errno);
    if (fd_ >= 0) close(std::exchange(fd_, -1));
    throw std::runtime_error("cannot connect to " + address + ":" + std::to_string(port) + ": " + why);
  }
}

replay_session::replay_session(replay_session&& other) noexcept
    : expected(std::move(other.expected)),
      got(std::move(other.got)),
      fd_(std::exchange(other.fd_, -1)),
      unread_(std::move(other.unread_)) {}

replay_session::~replay_session() {
  if (fd_ >= 0) close(fd_);
}

void replay_session::send(std::uint16_t command, std::uint16_t seq, std::string_view body) {
  char head[header::size];
  parley::client::write_header({static_cast<std::uint32_t>(header::size + body.size()), 1, 0,
                                static_cast<std::uint16_t>(command >> 8), command, seq, 0},
                               head);
  std::string pdu(head, sizeof head);
  pdu += body;
  for (std::size_t sent = 0; sent < pdu.size() && fd_ >= 0;) {
    const auto count = ::send(fd_, pdu.data() + sent, pdu.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0) {
      sent += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN) {
      // The node does not read while it has answers for us: take them.
      pollfd p{fd_, POLLIN | POLLOUT, 0};
      if (poll(&p, 1, 10000) <= 0 || !read()) return;
    } else if (errno != EINTR) {
      return;  // closed: what is missing tells
    }
  }
}

bool replay_session::read() {
  if (fd_ < 0) return false;
  char buffer[64 << 10];
  ssize_t count;
  while ((count = recv(fd_, buffer, sizeof buffer, MSG_DONTWAIT)) > 0)
    unread_.append(buffer, static_cast<std::size_t>(count));
  const bool gone = count == 0 || (errno != EAGAIN && errno != EINTR);
  std::size_t used = 0;
  while (unread_.size() - used >= header::size) {
    const auto head = parley::client::read_header(unread_.data() + used);
    if (head.length < header::size || head.length > parley::client::default_max_length) {
      close(std::exchange(fd_, -1));
      return false;
    }
    if (unread_.size() - used < head.length) break;
    got.push_back(
        {head.command_id, head.seq_num, unread_.substr(used + header::size, head.length - header::size), false});
    used += head.length;
  }
  unread_.erase(0, used);
  if (gone) close(std::exchange(fd_, -1));
  return !gone;
}

}  // namespace parleyctl

#include "host/http/acceptor.hpp"

#include <netinet/in.h>
#include <unistd.h>

#include <cerrno>

namespace parley::host {

namespace {

constexpr std::uint64_t retry_ms = 100;
constexpr int accepts_per_event = 64;  // then the other connections have their turn

bool out_of_resources(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

acceptor::acceptor(loop& l, callbacks to) : loop_(l), to_(std::move(to)) {}

result<void> acceptor::listen(const std::string& bind, std::uint16_t port, int backlog) {
  int code = open_socket(bind, port, backlog);
  if (code == 0) code = watch();
  if (code == 0) return {};
  close();
  return error{status::unavailable,
               "cannot listen on " + bind + ":" + std::to_string(port) + ": " + uv_strerror(code) +
                   (code == UV_EADDRINUSE ? "; stop what uses the port or choose another in the manifest" : "")};
}

int acceptor::open_socket(const std::string& bind, std::uint16_t port, int backlog) {
  sockaddr_storage address{};
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  int code = uv_ip4_addr(bind.c_str(), port, reinterpret_cast<sockaddr_in*>(&address));
  if (code) code = uv_ip6_addr(bind.c_str(), port, reinterpret_cast<sockaddr_in6*>(&address));
  if (code) return code;
  socklen_t size = address.ss_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  descriptor_ = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0) return uv_translate_sys_error(errno);
  const int on = 1;
  setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(descriptor_, generic, size) != 0 || ::listen(descriptor_, backlog) != 0)
    return uv_translate_sys_error(errno);
  size = sizeof address;
  getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                              : reinterpret_cast<sockaddr_in&>(address).sin_port);
  return 0;
}

int acceptor::watch() {
  auto poll = std::make_unique<uv_poll_t>();
  if (int code = uv_poll_init(loop_.raw(), poll.get(), descriptor_)) return code;
  readable_.reset(poll.release());
  readable_->data = this;
  retry_.reset(new uv_timer_t);
  uv_timer_init(loop_.raw(), retry_.get());
  retry_->data = this;
  resume();
  return 0;
}

void acceptor::resume() {
  uv_poll_start(readable_.get(), UV_READABLE,
                [](uv_poll_t* h, int, int) { static_cast<acceptor*>(h->data)->accept_some(); });
}

void acceptor::pause(int error) {
  uv_poll_stop(readable_.get());
  uv_timer_start(
      retry_.get(), [](uv_timer_t* h) { static_cast<acceptor*>(h->data)->resume(); }, retry_ms, 0);
  to_.paused(error);
}

void acceptor::accept_some() {
  for (int i = 0; i < accepts_per_event && listening(); ++i) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const int client = accept4(descriptor_, reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client >= 0) {
      to_.accepted(client, from);
    } else if (out_of_resources(errno)) {
      return pause(errno);
    } else if (errno == EAGAIN) {
      return;
    }
    // Anything else is about a client that has gone again.
  }
}

void acceptor::close() {
  readable_.reset();
  retry_.reset();
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace parley::host

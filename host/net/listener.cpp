#include "host/net/listener.hpp"

#include <arpa/inet.h>
#include <unistd.h>

#include "host/net/session_table.hpp"

namespace parley::host {

std::size_t listener::address_hash::operator()(const peer_address& a) const {
  return std::hash<std::string_view>()({reinterpret_cast<const char*>(a.bytes), sizeof a.bytes});
}

listener::listener(loop& l, session_table& table, listener_config config)
    : loop_(l), table_(table), config_(std::move(config)) {
  socket_.data = this;
}

listener::~listener() {
  close();
  loop_.turn(false);
}

result<void> listener::start() {
  auto fail = [&](int code) {
    return error{status::unavailable,
                 "listener " + config_.name + ": cannot listen on " + config_.bind + ":" +
                     std::to_string(config_.port) + ": " + uv_strerror(code) +
                     (code == UV_EADDRINUSE ? "; stop what uses the port or choose another in the manifest" : "")};
  };
  sockaddr_storage address{};
  int code = uv_ip4_addr(config_.bind.c_str(), config_.port, reinterpret_cast<sockaddr_in*>(&address));
  if (code) code = uv_ip6_addr(config_.bind.c_str(), config_.port, reinterpret_cast<sockaddr_in6*>(&address));
  if (code) return fail(code);
  if ((code = uv_tcp_init_ex(loop_.raw(), &socket_, address.ss_family))) return fail(code);
  listening_ = true;
  if ((code = uv_tcp_bind(&socket_, reinterpret_cast<sockaddr*>(&address), 0))) return fail(code);
  code = uv_listen(reinterpret_cast<uv_stream_t*>(&socket_), config_.backlog, [](uv_stream_t* s, int status) {
    auto* self = static_cast<listener*>(s->data);
    // Out of descriptors, libuv itself accepts with a spare one and closes: the client is told, the loop does not spin.
    if (status == 0) {
      self->accept();
    } else {
      ++self->refused_;
    }
  });
  if (code) return fail(code);
  int size = sizeof address;
  uv_tcp_getsockname(&socket_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                              : reinterpret_cast<sockaddr_in&>(address).sin_port);
  return {};
}

void listener::accept() {
  auto* server = reinterpret_cast<uv_stream_t*>(&socket_);
  int code = 0;
  auto* s = table_.open(
      *this,
      [&](uv_tcp_t& client) {
        uv_tcp_init(loop_.raw(), &client);
        code = uv_accept(server, reinterpret_cast<uv_stream_t*>(&client));
        return code;
      },
      new_tls());
  if (s) admit(*s);
}

session* listener::adopt(int fd, std::unique_ptr<tls::engine> tls) {
  auto* s = table_.open(
      *this,
      [&](uv_tcp_t& client) {
        uv_tcp_init(loop_.raw(), &client);
        return uv_tcp_open(&client, fd);
      },
      std::move(tls));
  if (s) {
    admit(*s);
  } else {
    ::close(fd);
  }
  return s;
}

std::unique_ptr<tls::engine> listener::new_tls() const {
  return identity_ ? std::make_unique<tls::engine>(identity_) : nullptr;
}

void listener::take(upgraded_socket from) {
  auto* s = adopt(from.descriptor, std::move(from.tls));
  if (s && s->state == session_state::open) table_.speak_websocket(*s, std::move(from.answer), std::move(from.early));
}

void listener::admit(session& s) {
  ++connections_;
  auto& here = per_address_[s.peer];
  ++here;
  const bool too_many = connections_ > config_.max_connections ||
                        (config_.max_connections_per_address && here > config_.max_connections_per_address);
  if (suspended_ || too_many) {
    ++refused_;
    table_.close_now(s, suspended_ ? "draining" : "too many connections");
  }
}

void listener::suspend() {
  suspended_ = true;
}

void listener::close() {
  if (!listening_) return;
  listening_ = false;
  uv_close(reinterpret_cast<uv_handle_t*>(&socket_), nullptr);
}

void listener::session_gone(const peer_address& peer) {
  --connections_;
  auto found = per_address_.find(peer);
  if (found != per_address_.end() && --found->second == 0) per_address_.erase(found);
}

}  // namespace parley::host

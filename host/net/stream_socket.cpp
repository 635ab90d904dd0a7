#include "host/net/stream_socket.hpp"

#include <memory>

#include "host/net/session.hpp"

namespace parley::host {

namespace {
constexpr std::size_t socket_buffer_size = 64 << 10;

std::string sentence(int status) {
  return uv_strerror(status);
}
}  // namespace

/// A handle lives until libuv has closed it, which may be after its socket: then it has no owner.
struct stream_socket::endpoint {
  union {
    uv_tcp_t tcp;
    uv_pipe_t pipe;
  };
  uv_connect_t connecting;
  stream_socket* owner;

  uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&tcp); }
  uv_handle_t* handle() { return reinterpret_cast<uv_handle_t*>(&tcp); }
};

struct stream_socket::lookup {
  uv_getaddrinfo_t request;
  stream_socket* owner;
};

struct stream_socket::write_request {
  uv_write_t raw;
  endpoint* on;
  std::string data;
};

/// libuv's callbacks.
struct stream_socket::io {
  static void looked_up(uv_getaddrinfo_t* raw, int status, addrinfo* found) {
    std::unique_ptr<lookup> request(static_cast<lookup*>(raw->data));
    if (request->owner) return request->owner->looked_up(status, found);
    uv_freeaddrinfo(found);
  }
  static void connected(uv_connect_t* raw, int status) {
    auto* owner = static_cast<endpoint*>(raw->data)->owner;
    if (owner) owner->connected(status);
  }
  static void alloc(uv_handle_t* handle, std::size_t, uv_buf_t* buf) {
    auto* owner = static_cast<endpoint*>(handle->data)->owner;
    *buf = owner ? uv_buf_init(owner->buffer_.data(), static_cast<unsigned>(owner->buffer_.size())) : uv_buf_t{};
  }
  static void read(uv_stream_t* stream, ssize_t count, const uv_buf_t* buf) {
    auto* owner = static_cast<endpoint*>(stream->data)->owner;
    if (!owner || count == 0) return;
    if (count > 0) return owner->user_.socket_received({buf->base, static_cast<std::size_t>(count)});
    owner->user_.socket_lost(count == UV_EOF ? "it closed the connection" : sentence(static_cast<int>(count)));
  }
  static void written(uv_write_t* raw, int status) {
    std::unique_ptr<write_request> request(static_cast<write_request*>(raw->data));
    auto* owner = request->on->owner;
    if (!owner) return;
    owner->unwritten_ -= request->data.size();
    if (status < 0) owner->user_.socket_lost(sentence(status));
  }
  static void closed(uv_handle_t* handle) { delete static_cast<endpoint*>(handle->data); }
};

stream_socket::stream_socket(loop& l, const stream_address& where, user& u)
    : loop_(l), user_(u), buffer_(socket_buffer_size), failing_([this] { user_.socket_lost(std::string(failure_)); }) {
  if (where.path.empty()) {
    look_up(where);
  } else {
    connect_path(where.path);
  }
}

stream_socket::stream_socket(loop& l, uv_stream_t* server, user& u)
    : loop_(l), user_(u), buffer_(socket_buffer_size), failing_([this] { user_.socket_lost(std::string(failure_)); }) {
  endpoint_ = new endpoint{};
  endpoint_->owner = this;
  uv_tcp_init(loop_.raw(), &endpoint_->tcp);
  endpoint_->tcp.data = endpoint_->connecting.data = endpoint_;
  int error = uv_accept(server, endpoint_->stream());
  if (!error) error = uv_read_start(endpoint_->stream(), io::alloc, io::read);
  if (error) {
    fail_later(error);
    return;
  }
  uv_tcp_nodelay(&endpoint_->tcp, 1);
  uv_tcp_keepalive(&endpoint_->tcp, 1, 60);
}

stream_socket::~stream_socket() {
  if (lookup_) {
    lookup_->owner = nullptr;
    uv_cancel(reinterpret_cast<uv_req_t*>(&lookup_->request));
  }
  abandon_endpoint();
  if (addresses_) uv_freeaddrinfo(addresses_);
}

void stream_socket::abandon_endpoint() {
  if (!endpoint_) return;
  endpoint_->owner = nullptr;
  uv_close(endpoint_->handle(), io::closed);
  endpoint_ = nullptr;
}

void stream_socket::look_up(const stream_address& where) {
  auto request = std::make_unique<lookup>();
  request->owner = this;
  request->request.data = request.get();
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  const auto port = std::to_string(where.port);
  const int error =
      uv_getaddrinfo(loop_.raw(), &request->request, io::looked_up, where.host.c_str(), port.c_str(), &hints);
  if (error) return fail_later(error);
  lookup_ = request.release();
}

void stream_socket::looked_up(int status, addrinfo* found) {
  lookup_ = nullptr;
  if (status) return user_.socket_lost(sentence(status));
  addresses_ = next_ = found;
  connect_next();
}

void stream_socket::connect_next() {
  const auto* address = next_;
  next_ = next_->ai_next;
  endpoint_ = new endpoint{};
  endpoint_->owner = this;
  uv_tcp_init(loop_.raw(), &endpoint_->tcp);
  endpoint_->tcp.data = endpoint_->connecting.data = endpoint_;
  const int error = uv_tcp_connect(&endpoint_->connecting, &endpoint_->tcp, address->ai_addr, io::connected);
  if (error) return connected(error);  // out of the lookup or a failed connect: this is the loop calling
  uv_tcp_nodelay(&endpoint_->tcp, 1);
  uv_tcp_keepalive(&endpoint_->tcp, 1, 60);
}

void stream_socket::connect_path(const std::string& path) {
  endpoint_ = new endpoint{};
  endpoint_->owner = this;
  uv_pipe_init(loop_.raw(), &endpoint_->pipe, 0);
  endpoint_->pipe.data = endpoint_->connecting.data = endpoint_;
  uv_pipe_connect(&endpoint_->connecting, &endpoint_->pipe, path.c_str(), io::connected);
}

void stream_socket::connected(int status) {
  if (status && next_) {
    abandon_endpoint();
    return connect_next();
  }
  if (!status) status = uv_read_start(endpoint_->stream(), io::alloc, io::read);
  if (status) return user_.socket_lost(sentence(status));
  user_.socket_connected();
}

void stream_socket::write(std::string data) {
  auto buf = uv_buf_init(data.data(), static_cast<unsigned>(data.size()));
  const int done = unwritten_ ? 0 : uv_try_write(endpoint_->stream(), &buf, 1);
  if (done == static_cast<int>(data.size())) return;
  // An error comes again with the request, and then from the loop.
  if (done > 0) data.erase(0, static_cast<std::size_t>(done));
  auto* request = new write_request{{}, endpoint_, std::move(data)};
  request->raw.data = request;
  buf = uv_buf_init(request->data.data(), static_cast<unsigned>(request->data.size()));
  unwritten_ += request->data.size();
  if (const int error = uv_write(&request->raw, endpoint_->stream(), &buf, 1, io::written)) {
    unwritten_ -= request->data.size();
    delete request;
    fail_later(error);
  }
}

std::string stream_socket::peer() const {
  return endpoint_ && endpoint_->tcp.type == UV_TCP ? address_of(endpoint_->tcp).text() : "";
}

void stream_socket::fail_later(int status) {
  failure_ = sentence(status);
  loop_.at_turn_end(failing_);
}

}  // namespace parley::host

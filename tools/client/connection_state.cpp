#include "client/connection_state.hpp"

#include <parley/commands.hpp>
#include <utility>
#include <vector>

namespace parley::client {
namespace {

constexpr std::uint64_t heartbeat_after_ms = 30'000;
constexpr std::uint64_t silent_after_ms = 75'000;
constexpr std::uint64_t parting_ms = 5000;

std::string why(std::string_view what, int status) {
  return std::string(what) + ": " + uv_strerror(status);
}

template <class Handle>
connection_state* self(Handle* h) {
  return static_cast<connection_state*>(h->data);
}

}  // namespace

connection_state::connection_state(event_loop& loop, connection::handlers on) : loop_(loop), on_(std::move(on)) {
  uv_tcp_init(loop_.uv(), &tcp_);
  tcp_.data = resolving_.data = connecting_.data = write_.data = this;
  loop_.open_.push_back(this);
}

void connection_state::connect(const endpoint& to) {
  to_ = to;
  sockaddr_in numeric{};
  if (uv_ip4_addr(to.host.c_str(), to.port, &numeric) == 0) {
    connect_to(reinterpret_cast<const sockaddr*>(&numeric));
    return;
  }
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  phase_ = phase::resolving;
  const auto resolved = [](uv_getaddrinfo_t* request, int status, addrinfo* found) {
    connection_state* const me = self(request);
    me->request_open_ = false;
    if (me->phase_ == phase::closing) {
      me->shut();
    } else if (status != 0) {
      me->fail(why("cannot find the host", status));
    } else {
      me->connect_to(found->ai_addr);
    }
    uv_freeaddrinfo(found);
  };
  const int failed =
      uv_getaddrinfo(loop_.uv(), &resolving_, resolved, to.host.c_str(), std::to_string(to.port).c_str(), &hints);
  request_open_ = failed == 0;
  if (failed != 0) fail(why("cannot find the host", failed));
}

void connection_state::connect_to(const sockaddr* address) {
  phase_ = phase::connecting;
  const int failed = uv_tcp_connect(&connecting_, &tcp_, address,
                                    [](uv_connect_t* request, int status) { self(request)->opened(status); });
  if (failed != 0) fail(why("cannot connect", failed));
}

void connection_state::opened(int status) {
  if (phase_ == phase::closing) return;
  if (status != 0) return fail(why("cannot connect", status));
  uv_tcp_nodelay(&tcp_, 1);
  last_sent_ms_ = last_received_ms_ = event_loop::now_ms();
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(&tcp_),
      [](uv_handle_t* h, std::size_t, uv_buf_t* buffer) {
        *buffer = uv_buf_init(self(h)->loop_.buffer_.get(), buffer_size);
      },
      [](uv_stream_t* h, ssize_t size, const uv_buf_t* buffer) { self(h)->received(size, buffer->base); });
  if (!to_.tls) return usable();
  phase_ = phase::securing;
  tls_ = std::make_unique<tls::engine>(to_.tls, to_.host);
  tls_->begin();
  out();
}

void connection_state::usable() {
  if (!to_.websocket.empty() && !websocket_) {
    phase_ = phase::upgrading;
    websocket_ = std::make_unique<websocket>();
    out() = websocket_->request(to_.text(), to_.websocket);
    return;
  }
  phase_ = phase::open;
  if (on_.opened) on_.opened();
}

void connection_state::received(ssize_t size, const char* bytes) {
  if (size == 0) return;
  if (size == UV_EOF) return fail("closed by the server");
  if (size < 0) return fail(why("connection lost", static_cast<int>(size)));
  if (phase_ == phase::parting) return;
  last_received_ms_ = event_loop::now_ms();
  const std::string_view chunk(bytes, static_cast<std::size_t>(size));
  tls_ ? unseal(chunk) : take(chunk);
}

void connection_state::unseal(std::string_view sealed) {
  thread_local std::vector<char> plain;
  if (plain.size() < tls::engine::plain_room(sealed.size())) plain.resize(tls::engine::plain_room(sealed.size()));
  std::size_t got = 0;
  const auto how = tls_->receive(sealed, plain, got);
  if (!tls_->output().empty()) out();
  if (how == tls::engine::outcome::failed) return fail("TLS: " + tls_->reason());
  if (phase_ == phase::securing && tls_->ready()) usable();
  if (got > 0 && (phase_ == phase::open || phase_ == phase::upgrading)) take({plain.data(), got});
  if (how == tls::engine::outcome::ended && phase_ == phase::open) fail("closed by the server");
}

void connection_state::take(std::string_view chunk) {
  websocket_ ? unwrap(chunk) : hand_out_all(chunk);
}

void connection_state::unwrap(std::string_view chunk) {
  std::string pdus;
  const auto how = websocket_->receive(chunk, pdus, control_);
  if (!control_.empty()) out();
  if (how == websocket::outcome::refused) return fail("the server does not speak WebSocket there");
  if (how == websocket::outcome::opened) usable();
  if (phase_ == phase::open && !pdus.empty()) hand_out_all(pdus);
  if (phase_ == phase::open && how == websocket::outcome::closed) fail("closed by the server");
}

void connection_state::hand_out_all(std::string_view chunk) {
  if (framer_.feed(chunk, [this](const pdu& next) { return hand_out(next); }) == framer::outcome::bad_length) {
    fail("the server sent a PDU of an impossible length");
  }
}

bool connection_state::hand_out(const pdu& next) {
  if (next.head.command_id == cid::other_heartbeat && heartbeats_out_ > 0) {
    --heartbeats_out_;
  } else if (on_.received) {
    on_.received(next);
  }
  return phase_ == phase::open;
}

std::string& connection_state::out() {
  if (!dirty_) {
    dirty_ = true;
    loop_.dirty_.push_back(this);
  }
  return out_;
}

void connection_state::flush() {
  dirty_ = false;
  if (phase_ < phase::securing || phase_ == phase::closing || in_flight_) return;
  if (websocket_ && phase_ >= phase::open && !(out_.empty() && control_.empty()))
    out_ = std::exchange(control_, {}) + websocket_->wrap(out_);
  if (tls_) {
    thread_local tls::record_buffer records;
    if (tls_->ready() && (!tls_->append(out_, records) || !tls_->finish(records)))
      return fail("TLS: " + tls_->reason());
    if (tls_->ready()) out_.clear();
    if (tls_->output().empty()) return;
    // Sealed bytes leave by the same way; what waits for the handshake goes behind them.
    std::string waits = std::exchange(out_, std::exchange(tls_->output(), {}));
    send_now();
    if (phase_ != phase::closing) out_ += waits;
    return;
  }
  if (!out_.empty()) send_now();
}

void connection_state::send_now() {
  last_sent_ms_ = event_loop::now_ms();
  auto* const stream = reinterpret_cast<uv_stream_t*>(&tcp_);
  uv_buf_t all = uv_buf_init(out_.data(), static_cast<unsigned>(out_.size()));
  const int taken = uv_try_write(stream, &all, 1);
  if (taken < 0 && taken != UV_EAGAIN) return fail(why("connection lost", taken));
  if (taken == static_cast<int>(out_.size())) return out_.clear();
  writing_.assign(out_, taken < 0 ? 0 : static_cast<std::size_t>(taken));
  out_.clear();
  uv_buf_t rest = uv_buf_init(writing_.data(), static_cast<unsigned>(writing_.size()));
  in_flight_ = true;
  uv_write(&write_, stream, &rest, 1, [](uv_write_t* request, int status) { self(request)->written(status); });
}

void connection_state::written(int status) {
  in_flight_ = false;
  writing_.clear();
  if (phase_ == phase::closing) return;
  if (status != 0) return fail(why("connection lost", status));
  flush();
  if (phase_ == phase::parting && !in_flight_) say_goodbye();
}

void connection_state::part() {
  disowned_ = true;
  flush();
  if (phase_ != phase::open) return disown();
  if (tls_) {
    tls_->say_goodbye();
    flush();
    if (phase_ != phase::open) return disown();
  }
  phase_ = phase::parting;
  part_by_ms_ = event_loop::now_ms() + parting_ms;
  if (!in_flight_) say_goodbye();
}

void connection_state::say_goodbye() {
  if (uv_shutdown(&goodbye_, reinterpret_cast<uv_stream_t*>(&tcp_), [](uv_shutdown_t*, int) {}) != 0) fail("");
}

void connection_state::sweep(std::uint64_t now_ms) {
  if (phase_ == phase::parting && now_ms > part_by_ms_) return fail("");
  if (phase_ != phase::open) return;
  if (now_ms > last_received_ms_ + silent_after_ms) return fail("the server has fallen silent");
  if (now_ms < last_sent_ms_ + heartbeat_after_ms) return;
  append_pdu(out(), cid::other_heartbeat, 0, std::string_view());
  ++heartbeats_out_;
}

void connection_state::fail(std::string_view reason) {
  if (phase_ == phase::closing) return;
  phase_ = phase::closing;
  const std::string text(reason);
  shut();
  if (!disowned_ && on_.closed) on_.closed(text);
}

void connection_state::disown() {
  disowned_ = true;
  if (phase_ != phase::closing) {
    phase_ = phase::closing;
    shut();
  } else if (handle_closed_) {
    delete this;
  }
}

void connection_state::shut() {
  if (request_open_) {
    uv_cancel(reinterpret_cast<uv_req_t*>(&resolving_));
    return;  // the resolver's callback comes back here
  }
  std::erase(loop_.dirty_, this);
  std::erase(loop_.open_, this);
  uv_close(reinterpret_cast<uv_handle_t*>(&tcp_), [](uv_handle_t* h) {
    connection_state* const me = self(h);
    me->handle_closed_ = true;
    if (me->disowned_) delete me;
  });
}

}  // namespace parley::client

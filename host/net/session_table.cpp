#include "host/net/session_table.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <algorithm>

#include "host/net/listener.hpp"

namespace parley::host {

namespace {
constexpr std::size_t read_buffer_size = 64 << 10;
constexpr std::size_t much_handshake = 64 << 10;  // of TLS's own words to one that reads none

/// A stranger makes the node keep less.
std::size_t max_pdu(const session& s) {
  const auto& config = s.home->config();
  return s.authenticated ? config.max_pdu : std::min(config.max_pdu, config.max_pdu_before_login);
}

bool over(const session& s) {
  return s.unsent() > s.home->config().high_watermark;
}

}  // namespace

/// libuv's callbacks, which carry nothing but the handle.
struct session_io {
  static session& of(uv_stream_t* stream) { return *static_cast<session*>(stream->data); }

  static void alloc(uv_handle_t* handle, std::size_t, uv_buf_t* buf) {
    auto& s = *static_cast<session*>(handle->data);
    auto& table = *s.table;
    if (s.handshaking() && !table.tls_.may_shake_hands()) {
      *buf = uv_buf_init(nullptr, 0);  // read() hears UV_ENOBUFS; what came waits for the next turn
      return;
    }
    *buf = uv_buf_init(table.read_buffer_.data(), static_cast<unsigned>(table.read_buffer_.size()));
  }

  static void read(uv_stream_t* stream, ssize_t count, const uv_buf_t* buf) {
    auto& s = of(stream);
    if (count > 0) {
      s.table->loop_.worked();
      const std::string_view bytes(buf->base, static_cast<std::size_t>(count));
      s.table->counters_.bytes_in += bytes.size();
      s.tls ? s.table->unseal(s, bytes) : s.table->received(s, bytes);
    } else if (count < 0 && count != UV_ENOBUFS) {
      s.table->close_now(s, count == UV_EOF ? "eof" : "reset");
    }
  }

  static void closed(uv_handle_t* handle) {
    auto* s = static_cast<session*>(handle->data);
    s->table->finish_close(*s);
    delete s;
  }
};

session_table::session_table(loop& l, pdu_sink& sink)
    : loop_(l), sink_(sink), tls_(l), wheel_(now_s()), tick_(l, [this] { tick(); }), read_buffer_(read_buffer_size) {
  tick_.start(1000, 1000);
  loop_.on_turn_end = [this] { flush_all(); };
}

session_table::~session_table() {
  each([this](session& s) { close_now(s, "shutdown"); });
  tick_.stop();
  loop_.turn(false);
  loop_.turn(false);
  loop_.on_turn_end = nullptr;
}

/// What a session's messages go to.
struct message_sink {
  session_table& table;
  session& s;
  bool on_message(const pdu_view& pdu) { return table.take(s, pdu); }
  bool on_ping(std::string_view payload) { return table.pong(s, payload); }
};

session* session_table::open(listener& home, const std::function<int(uv_tcp_t&)>& init,
                             std::unique_ptr<parley::tls::engine> tls) {
  auto owned = std::make_unique<session>();
  auto* s = owned.get();
  s->table = this;
  s->home = &home;
  s->tcp.data = s;
  const bool room = sessions_.size() + 1 < std::size_t{1} << index_bits;
  if (init(s->tcp) != 0 || !room) {
    // The handle belongs to the loop once uv_tcp_init has run; close it before the memory goes.
    owned.release();
    uv_close(reinterpret_cast<uv_handle_t*>(&s->tcp), [](uv_handle_t* h) { delete static_cast<session*>(h->data); });
    return nullptr;
  }
  owned.release();
  s->id = number_ | sessions_.insert(s);
  s->peer = address_of(s->tcp);
  s->peer_text = s->peer.text();
  s->opened = s->last_received = now_s();
  s->tls = std::move(tls);
  uv_tcp_nodelay(&s->tcp, 1);
  ++counters_.opened;
  update_reading(*s);
  schedule_idle(*s);
  return s;
}

session* session_table::find(parley_session_id id) {
  if ((id & ~local_bits) != number_) return nullptr;
  auto** s = sessions_.find(id & local_bits);
  return s ? *s : nullptr;
}

status session_table::authenticate(session& s, const parley_principal& principal, std::uint32_t level) {
  if (s.state != session_state::open) return status::closed;
  if (s.authenticated) return status::conflict;
  s.authenticated = true;
  s.principal = principal;
  s.level = static_cast<std::uint8_t>(level > 255 ? 255 : level);
  ++authenticated_;
  ++counters_.authenticated;
  if (principal.flags & PARLEY_TERMINAL) {
    auto** end = &directory_[principal.id];
    while (*end) end = &(*end)->next_terminal;
    *end = &s;
    if (on_terminal) on_terminal(principal.id, principal.tag);
  }
  schedule_idle(s);
  sink_.on_authenticated(s);
  return status::ok;
}

status session_table::authenticate(session& s, const parley_principal& principal, std::uint32_t level,
                                   const std::string& plugin) {
  const bool identified = !(principal.flags & PARLEY_TERMINAL);
  auto found = std::find(identifiers_.begin(), identifiers_.end(), plugin);
  if (identified && !s.authenticated) {
    if (found == identifiers_.end()) {
      if (identifiers_.size() == 255) return status::busy;
      found = identifiers_.insert(identifiers_.end(), plugin);
    }
    s.identified_by = static_cast<std::uint8_t>(found - identifiers_.begin() + 1);
  }
  return authenticate(s, principal, level);
}

// The one way out of `open`: counted, told, and no terminal of anybody any more, while the last bytes may still be on
// their way.
void session_table::leave(session& s, session_state next, const char* reason) {
  s.state = next;
  s.close_reason = reason;
  ++counters_.closed[reason];
  leave_directory(s);
  if (s.authenticated) --authenticated_;
  sink_.on_closed(s);
  if (on_left) on_left(s);
}

void session_table::leave_directory(session& s) {
  if (!s.authenticated || !(s.principal.flags & PARLEY_TERMINAL)) return;
  auto found = directory_.find(s.principal.id);
  if (found == directory_.end()) return;
  for (auto** link = &found->second; *link; link = &(*link)->next_terminal) {
    if (*link != &s) continue;
    *link = s.next_terminal;
    break;
  }
  s.next_terminal = nullptr;
  if (!found->second) directory_.erase(found);
  if (on_terminal) on_terminal(s.principal.id, s.principal.tag);
}

void session_table::close_after_flush(session& s, const char* reason) {
  if (s.state != session_state::open) return;
  leave(s, session_state::draining, reason);
  update_reading(s);
  mark_dirty(s);  // the flush closes it when nothing is left
  // A peer that never reads must not keep it: the idle check of a draining session is short.
  schedule_idle(s);
}

void session_table::close_now(session& s, const char* reason) {
  if (s.state == session_state::closed) return;
  if (s.state == session_state::open) leave(s, session_state::closed, reason);
  s.state = session_state::closed;
  if (s.dirty_index) dirty_[s.dirty_index - 1] = nullptr;
  s.unlink();
  sessions_.erase(s.id & local_bits);
  uv_close(reinterpret_cast<uv_handle_t*>(&s.tcp), session_io::closed);
}

void session_table::finish_close(session& s) {
  outputs_.give(std::move(s.output.own));
  s.home->session_gone(s.peer);
  if (on_gone) on_gone();
}

void session_table::unseal(session& s, std::string_view sealed) {
  auto how = tls::engine::outcome::ok;
  if (const auto plain = tls_.receive(*s.tls, sealed, how); !plain.empty()) received(s, plain);
  if (s.state == session_state::closed) return;
  if (!s.tls->output().empty()) mark_dirty(s);
  if (how == tls::engine::outcome::ended) {
    if (s.state == session_state::open) close_after_flush(s, "eof");  // what it asked for before is answered
    return;
  }
  if (how == tls::engine::outcome::failed) {
    // The alert, as far as it goes now: nobody waits for its end.
    if (s.in_flight == 0) write(s, outbound{std::exchange(s.tls->output(), {})});
    return close_now(s, s.tls->plain_text() ? "no tls" : "tls");
  }
  // Only its keys are what a peer that reads nothing can make us write.
  if (s.tls->output().size() > much_handshake) close_now(s, "slow consumer");
}

void session_table::received(session& s, std::string_view data) {
  if (s.state != session_state::open) return;
  s.last_received = now_s();
  if (s.websocket) {
    // Our own buffer, and nobody else's any more: it is unmasked where it is.
    const std::span<char> bytes(const_cast<char*>(data.data()), data.size());
    return after_frames(s, s.websocket->reader.feed(bytes, max_pdu(s), message_sink{*this, s}));
  }
  after_framing(s, s.input.feed(data, max_pdu(s), [&](const pdu_view& pdu) { return take(s, pdu); }));
}

void session_table::speak_websocket(session& s, std::string answer, std::string early) {
  s.websocket = std::make_unique<websocket_side>();
  begin_output(s).append(answer);
  mark_dirty(s);
  if (!early.empty()) received(s, early);
}

void session_table::after_frames(session& s, const ws_verdict& verdict) {
  if (s.state != session_state::open) return;
  if (verdict.good()) return update_reading(s);
  s.websocket->close_code = verdict.code;
  close_after_flush(s, verdict.reason);
}

bool session_table::pong(session& s, std::string_view payload) {
  auto& out = begin_output(s);
  const auto before = out.size();
  append_ws_head(out, ws_opcode::pong, payload.size());
  out.append(payload);
  unflushed_ += out.size() - before;
  mark_dirty(s);
  return !over(s);
}

bool session_table::take(session& s, const pdu_view& pdu) {
  ++counters_.pdus_in;
  if (watcher) watcher->saw(s, true, pdu.command, pdu.seq, pdu.body);
  return sink_.on_pdu(s, pdu) && s.state == session_state::open && !s.held && !over(s);
}

void session_table::release(session& s) {
  if (s.held == 0 || --s.held > 0 || s.state != session_state::open) return;
  resume_input(s);
}

// What was read before a hold or the watermark stopped it.
void session_table::resume_input(session& s) {
  if (s.held || over(s)) return;
  if (s.websocket) return after_frames(s, s.websocket->reader.resume(max_pdu(s), message_sink{*this, s}));
  after_framing(s, s.input.resume(max_pdu(s), [&](const pdu_view& pdu) { return take(s, pdu); }));
}

void session_table::request_waits(session& s) {
  if (++s.requests == s.home->config().max_in_flight) hold(s);
}

void session_table::request_done(session& s) {
  if (s.requests-- == s.home->config().max_in_flight) release(s);
}

void session_table::after_framing(session& s, framing verdict) {
  if (s.state != session_state::open) return;
  if (verdict != framing::ok) return close_now(s, verdict == framing::too_short ? "bad length" : "pdu too long");
  update_reading(s);
}

void session_table::update_reading(session& s) {
  const auto& config = s.home->config();
  const std::size_t resume_below = config.high_watermark / 2;
  const bool over = s.reading ? s.unsent() > config.high_watermark : s.unsent() > resume_below;
  const bool wanted = s.state == session_state::open ? !s.held && !over : s.shutdown_sent;
  if (wanted == s.reading || s.state == session_state::closed) return;
  s.reading = wanted;
  auto* stream = reinterpret_cast<uv_stream_t*>(&s.tcp);
  if (wanted) {
    uv_read_start(stream, session_io::alloc, session_io::read);
    const bool waits = s.websocket ? s.websocket->reader.waits() : s.input.pending() > 0;
    if (s.state == session_state::open && waits) resume_input(s);
  } else {
    uv_read_stop(stream);
  }
}

std::uint64_t session_table::idle_limit_s(const session& s) const {
  const auto& config = s.home->config();
  auto seconds = [](milliseconds ms) { return static_cast<std::uint64_t>((ms.count() + 999) / 1000); };
  if (s.state == session_state::draining) return 5;
  if (s.handshaking()) return seconds(std::min(config.login_timeout, config.tls.handshake_timeout));
  if (!s.authenticated) return seconds(config.login_timeout);
  for (const auto& rule : config.idle_by_tag) {
    if ((s.principal.tag & rule.mask) == rule.value) return seconds(rule.timeout);
  }
  return seconds(config.idle_timeout);
}

void session_table::schedule_idle(session& s) {
  const auto from = s.authenticated && s.state == session_state::open ? s.last_received : now_s();
  const auto start = s.authenticated || s.state == session_state::draining ? from : s.opened;
  wheel_.schedule(s, now_s(), static_cast<std::uint32_t>(start + idle_limit_s(s)));
}

/// Since the last look the peer has taken nothing of what is on its way.
bool session_table::stalled(session& s) {
  uv_os_fd_t fd;
  int unacknowledged = 0;
  if (uv_fileno(reinterpret_cast<uv_handle_t*>(&s.tcp), &fd) == 0) ioctl(fd, SIOCOUTQ, &unacknowledged);
  const auto queued = uv_stream_get_write_queue_size(reinterpret_cast<const uv_stream_t*>(&s.tcp));
  const auto waiting = static_cast<std::uint32_t>(queued + static_cast<std::size_t>(unacknowledged));
  const bool none_taken = waiting > 0 && waiting == s.stalled_at;
  s.stalled_at = waiting;
  return none_taken;
}

void session_table::tick() {
  const auto now = now_s();
  wheel_.advance(now, [&](list_hook& hook) {
    auto& s = static_cast<session&>(hook);
    if (s.state == session_state::draining) return close_now(s, s.close_reason);
    // Before login the clock runs from the connect, whatever the client sends.
    const auto since = s.authenticated ? s.last_received : s.opened;
    if (since + idle_limit_s(s) > now) return schedule_idle(s);
    if (s.authenticated && (s.held || !s.reading)) {
      // Not read on our own account: the client cannot show that it lives, but it has to take what was sent.
      if (stalled(s)) return close_now(s, "slow consumer");
      s.last_received = now;
      return schedule_idle(s);
    }
    if (s.handshaking()) {
      ++tls_.stats().timeouts;
      return close_now(s, "no handshake");
    }
    close_after_flush(s, s.authenticated ? "idle" : "no login");
  });
}

}  // namespace parley::host

#include "host/net/session_table.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>

#include "host/net/listener.hpp"

namespace parley::host {

namespace {
constexpr std::size_t read_buffer_size = 64 << 10;
constexpr std::size_t much_output = 16 << 20;  // of one turn

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
    auto& table = *static_cast<session*>(handle->data)->table;
    *buf = uv_buf_init(table.read_buffer_.data(), static_cast<unsigned>(table.read_buffer_.size()));
  }

  static void read(uv_stream_t* stream, ssize_t count, const uv_buf_t* buf) {
    auto& s = of(stream);
    if (count > 0) {
      s.table->received(s, {buf->base, static_cast<std::size_t>(count)});
    } else if (count < 0) {
      s.table->close_now(s, count == UV_EOF ? "eof" : "reset");
    }
  }

  static void closed(uv_handle_t* handle) {
    auto* s = static_cast<session*>(handle->data);
    s->table->finish_close(*s);
    delete s;
  }

  struct write_request {
    uv_write_t raw;
    session* owner;
    outbound data;
    std::size_t size;  // of what was left to write
  };

  static void written(uv_write_t* raw, int status) {
    auto* request = reinterpret_cast<write_request*>(raw);
    auto& s = *request->owner;
    const auto size = request->size;
    s.table->outputs_.give(std::move(request->data.own));
    delete request;
    s.table->written(s, size, status);
  }
};

session_table::session_table(loop& l, pdu_sink& sink)
    : loop_(l), sink_(sink), tick_(l, [this] { tick(); }), read_buffer_(read_buffer_size) {
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

session* session_table::open(listener& home, const std::function<int(uv_tcp_t&)>& init) {
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

void session_table::received(session& s, std::string_view data) {
  counters_.bytes_in += data.size();
  if (s.state != session_state::open) return;
  s.last_received = now_s();
  after_framing(s, s.input.feed(data, max_pdu(s), [&](const pdu_view& pdu) { return take(s, pdu); }));
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
    if (s.state == session_state::open && s.input.pending()) resume_input(s);
  } else {
    uv_read_stop(stream);
  }
}

status session_table::send(session& s, std::uint16_t command, std::uint16_t seq, parley_bytes body) {
  char header[header_size];
  store_header(header, command, seq, body.size);
  if (s.state != session_state::open) return status::closed;
  if (watcher) watcher->saw(s, false, command, seq, {static_cast<const char*>(body.data), body.size});
  if (s.output.empty()) s.output.own = outputs_.take();
  s.output.own.append(header, header_size);
  s.output.own.append(static_cast<const char*>(body.data), body.size);
  return appended(s, header_size + body.size);
}

status session_table::send(session& s, std::uint16_t command, const shared_bytes& body) {
  char header[header_size];
  store_header(header, command, 0, body->size());
  if (s.state != session_state::open) return status::closed;
  if (watcher) watcher->saw(s, false, command, 0, *body);
  if (s.output.empty()) s.output.own = outputs_.take();
  s.output.own.append(header, header_size);
  s.output.share(body);
  return appended(s, header_size + body->size());
}

status session_table::send_raw(session& s, std::string_view pdu) {
  if (s.state != session_state::open) return status::closed;
  if (s.output.empty()) s.output.own = outputs_.take();
  s.output.own.append(pdu);
  return appended(s, pdu.size());
}

status session_table::appended(session& s, std::size_t bytes) {
  ++counters_.pdus_out;
  unflushed_ += bytes;
  if (s.unsent() > s.home->config().hard_limit) {
    close_now(s, "slow consumer");
    return status::closed;
  }
  mark_dirty(s);
  return status::ok;
}

void session_table::mark_dirty(session& s) {
  if (s.dirty_index) return;
  dirty_.push_back(&s);
  s.dirty_index = static_cast<std::uint32_t>(dirty_.size());
}

void session_table::relieve() {
  if (unflushed_ > much_output) flush_all();
}

void session_table::flush_all() {
  unflushed_ = 0;
  if (dirty_.empty()) return;
  // flush() may close sessions, which looks at dirty_: each entry is taken out before it is flushed.
  for (std::size_t i = 0; i < dirty_.size(); ++i) {
    auto* s = dirty_[i];
    if (!s) continue;
    s->dirty_index = 0;
    flush(*s);
  }
  dirty_.clear();
}

void session_table::flush(session& s) {
  auto* stream = reinterpret_cast<uv_stream_t*>(&s.tcp);
  if (!s.output.empty() && s.in_flight == 0) {
    buffers_.clear();
    s.output.buffers(0, buffers_);
    int done = uv_try_write(stream, buffers_.data(), static_cast<unsigned>(buffers_.size()));
    if (done < 0 && done != UV_EAGAIN) return close_now(s, "reset");
    const std::size_t wrote = done > 0 ? static_cast<std::size_t>(done) : 0;
    counters_.bytes_out += wrote;
    if (wrote == s.output.size()) {
      outputs_.give(std::move(s.output.take().own));
    } else {
      const auto left = s.output.size() - wrote;
      auto* request = new session_io::write_request{{}, &s, s.output.take(), left};
      buffers_.clear();
      request->data.buffers(wrote, buffers_);
      s.in_flight = static_cast<std::uint32_t>(left);
      const auto count = static_cast<unsigned>(buffers_.size());
      if (uv_write(&request->raw, stream, buffers_.data(), count, session_io::written) != 0) {
        s.in_flight = 0;
        delete request;
        return close_now(s, "reset");
      }
    }
  }
  if (s.state == session_state::draining && s.unsent() == 0 && !s.shutdown_sent) {
    // Closing with unread input would reset the connection and take the last PDUs with it: say goodbye, then read until
    // the peer has closed or the idle check comes.
    s.shutdown_sent = true;
    uv_os_fd_t fd;
    if (uv_fileno(reinterpret_cast<uv_handle_t*>(&s.tcp), &fd) == 0) ::shutdown(fd, SHUT_WR);
  }
  update_reading(s);
}

void session_table::written(session& s, std::size_t size, int status) {
  s.in_flight = s.stalled_at = 0;
  if (s.state == session_state::closed) return;
  if (status < 0) return close_now(s, "reset");
  counters_.bytes_out += size;
  flush(s);
}

std::size_t session_table::unsent_total() const {
  std::size_t total = 0;
  const_cast<decltype(sessions_)&>(sessions_).each([&](std::uint64_t, session*& s) { total += s->unsent(); });
  return total;
}

std::uint64_t session_table::idle_limit_s(const session& s) const {
  const auto& config = s.home->config();
  auto seconds = [](milliseconds ms) { return static_cast<std::uint64_t>((ms.count() + 999) / 1000); };
  if (s.state == session_state::draining) return 5;
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
    close_after_flush(s, s.authenticated ? "idle" : "no login");
  });
}

}  // namespace parley::host

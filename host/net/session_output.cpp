// What goes out of a session: appended by whoever answers or pushes, sealed and written once a turn.
#include <sys/socket.h>

#include <utility>

#include "host/net/listener.hpp"
#include "host/net/session_table.hpp"

namespace parley::host {

namespace {
constexpr std::size_t much_output = 16 << 20;  // of one turn
}  // namespace

/// What the socket did not take at once.
struct session_table::write_request {
  uv_write_t raw;
  session* owner;
  outbound data;
  std::size_t size;  // of what was left to write

  static void done(uv_write_t* raw, int status) {
    auto* request = reinterpret_cast<write_request*>(raw);
    auto& s = *request->owner;
    const auto size = request->size;
    s.table->outputs_.give(std::move(request->data.own));
    delete request;
    s.table->written(s, size, status);
  }
};

/// Where to append; of WebSocket a frame's head comes first.
std::string& session_table::begin_output(session& s) {
  if (s.output.empty()) s.output.own = outputs_.take();
  return s.output.own;
}

/// The last thing a session over WebSocket says.
void session_table::add_close_frame(session& s) {
  s.websocket->close_sent = true;
  const std::string_view reason = s.close_reason;
  const auto code = s.websocket->close_code                    ? s.websocket->close_code
                    : reason == "drained"                      ? ws_code::going_away
                    : reason == "idle" || reason == "no login" ? ws_code::policy
                                                               : ws_code::normal;
  append_ws_close(begin_output(s), code);
}

status session_table::send(session& s, std::uint16_t command, std::uint16_t seq, parley_bytes body) {
  char header[header_size];
  store_header(header, command, seq, body.size);
  if (s.state != session_state::open) return status::closed;
  if (watcher) watcher->saw(s, false, command, seq, {static_cast<const char*>(body.data), body.size});
  auto& out = begin_output(s);
  if (s.websocket) append_ws_head(out, ws_opcode::binary, header_size + body.size);
  out.append(header, header_size);
  out.append(static_cast<const char*>(body.data), body.size);
  return appended(s, header_size + body.size);
}

status session_table::send(session& s, std::uint16_t command, const shared_bytes& body) {
  char header[header_size];
  store_header(header, command, 0, body->size());
  if (s.state != session_state::open) return status::closed;
  if (watcher) watcher->saw(s, false, command, 0, *body);
  auto& out = begin_output(s);
  if (s.websocket) append_ws_head(out, ws_opcode::binary, header_size + body->size());
  out.append(header, header_size);
  s.output.share(body);
  return appended(s, header_size + body->size());
}

status session_table::send_raw(session& s, std::string_view pdu) {
  if (s.state != session_state::open) return status::closed;
  auto& out = begin_output(s);
  if (s.websocket) append_ws_head(out, ws_opcode::binary, pdu.size());
  out.append(pdu);
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

/// The output as it goes to the socket.
outbound session_table::sealed(session& s) {
  if (!s.tls) return s.output.take();
  outbound out;
  if (s.tls->ready() && !s.output.empty()) {
    buffers_.clear();
    s.output.buffers(0, buffers_);
    if (s.tls->output().empty()) s.tls->output() = outputs_.take();
    bool good = true;
    for (const auto& b : buffers_) good = good && s.tls->append({b.base, b.len}, tls_.records());
    s.tls->finish(tls_.records());
    outputs_.give(std::move(s.output.take().own));
  }
  out.own = std::exchange(s.tls->output(), {});
  return out;
}

/// False when the session is closed.
bool session_table::write(session& s, outbound data) {
  auto* stream = reinterpret_cast<uv_stream_t*>(&s.tcp);
  buffers_.clear();
  data.buffers(0, buffers_);
  if (buffers_.empty()) return true;
  int done = uv_try_write(stream, buffers_.data(), static_cast<unsigned>(buffers_.size()));
  if (done < 0 && done != UV_EAGAIN) {
    close_now(s, "reset");
    return false;
  }
  const std::size_t wrote = done > 0 ? static_cast<std::size_t>(done) : 0;
  counters_.bytes_out += wrote;
  if (wrote == data.size()) {
    outputs_.give(std::move(data.own));
    return true;
  }
  const auto left = data.size() - wrote;
  auto* request = new write_request{{}, &s, std::move(data), left};
  buffers_.clear();
  request->data.buffers(wrote, buffers_);
  s.in_flight = static_cast<std::uint32_t>(left);
  const auto count = static_cast<unsigned>(buffers_.size());
  if (uv_write(&request->raw, stream, buffers_.data(), count, write_request::done) == 0) return true;
  s.in_flight = 0;
  delete request;
  close_now(s, "reset");
  return false;
}

/// What is said behind the last PDU, and that nothing follows. Closing with unread input would reset the connection and
/// take the last PDUs with it: say goodbye, then read until the peer has closed or the idle check comes. False when the
/// session is closed.
bool session_table::say_goodbye(session& s) {
  if (s.tls) {
    s.tls->say_goodbye();
    if (!write(s, outbound{std::exchange(s.tls->output(), {})})) return false;
    if (s.in_flight > 0) return true;  // once more when that is written
  }
  s.shutdown_sent = true;
  uv_os_fd_t fd;
  if (uv_fileno(reinterpret_cast<uv_handle_t*>(&s.tcp), &fd) == 0) ::shutdown(fd, SHUT_WR);
  return true;
}

void session_table::flush(session& s) {
  const bool goes = s.state == session_state::draining && !s.handshaking();
  if (goes && s.websocket && !s.websocket->close_sent) add_close_frame(s);
  if (s.in_flight == 0 && (!s.output.empty() || s.tls) && !write(s, sealed(s))) return;
  if (s.tls && s.tls->failed()) return close_now(s, "tls");
  // What is to be said before a handshake has ended is for nobody.
  const bool all_said = s.unsent() == 0 || (s.handshaking() && s.in_flight == 0);
  if (s.state == session_state::draining && all_said && !s.shutdown_sent && !say_goodbye(s)) return;
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

}  // namespace parley::host

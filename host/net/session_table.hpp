// All sessions of the node, whatever listener they came from: identities, the directory of principals, output and
// timeouts.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "host/base/slot_map.hpp"
#include "host/net/idle_wheel.hpp"
#include "host/net/loop_timer.hpp"
#include "host/net/output_pool.hpp"
#include "host/net/session.hpp"
#include "host/net/tls_desk.hpp"
#include "parley/abi/session.h"
#include "parley/status.hpp"

namespace parley::host {

/// What a session's PDUs go to.
struct pdu_sink {
  virtual ~pdu_sink() = default;
  /// False: the session is held; the rest waits for session_table::release().
  virtual bool on_pdu(session& s, const pdu_view& pdu) = 0;
  virtual void on_authenticated(session& s) = 0;
  virtual void on_closed(session& s) = 0;
};

/// Sees every PDU, both ways, while somebody watches.
struct pdu_watcher {
  virtual ~pdu_watcher() = default;
  virtual void saw(const session& s, bool inbound, std::uint16_t command, std::uint16_t seq, std::string_view body) = 0;
};

/// Counted, never reset.
struct session_counters {
  std::uint64_t opened = 0;
  std::uint64_t authenticated = 0;
  std::uint64_t pdus_in = 0;
  std::uint64_t pdus_out = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::unordered_map<std::string_view, std::uint64_t> closed;  // by reason; reasons are static strings
};

class session_table {
 public:
  session_table(loop& l, pdu_sink& sink);
  session_table(const session_table&) = delete;
  ~session_table();

  // ---- life, called by listeners. [loop] ----
  /// Takes an accepted connection whose tcp handle `init` makes; null when init fails.
  session* open(listener& home, const std::function<int(uv_tcp_t&)>& init,
                std::unique_ptr<parley::tls::engine> tls = nullptr);
  /// From now on it speaks WebSocket; `answer` is sent first, and `early` came behind the request for it.
  void speak_websocket(session& s, std::string answer, std::string early);
  /// Closes after the flush, or at once. Reasons are static words; only the first counts. [loop]
  void close_after_flush(session& s, const char* reason);
  void close_now(session& s, const char* reason);

  /// Stands in the upper 16 bits of every id from now on; 0 until then. Before anything is opened.
  void set_number(std::uint16_t number) { number_ = static_cast<std::uint64_t>(number) << 48; }
  session* find(parley_session_id id);
  std::size_t size() const { return sessions_.size(); }
  std::size_t authenticated_count() const { return authenticated_; }
  template <class Fn>
  void each(Fn&& fn) {
    sessions_.each([&](std::uint64_t, session*& s) { fn(*s); });
  }

  // ---- identity. [loop] ----
  status authenticate(session& s, const parley_principal& principal, std::uint32_t level);
  /// The same; what is no terminal is then for the commands of that plugin alone.
  ///
  /// Rationale: what makes a connection somebody's for one purpose, as the id of a file transfer does, which two users
  /// know, is no password.
  status authenticate(session& s, const parley_principal& principal, std::uint32_t level, const std::string& plugin);
  /// Whether the session may use that plugin's commands.
  bool may_use(const session& s, const std::string& plugin) const {
    return s.identified_by == 0 || identifiers_[s.identified_by - 1u] == plugin;
  }
  /// fn(session&) for each terminal of the principal, oldest first.
  template <class Fn>
  void each_terminal(std::uint64_t principal, Fn&& fn) {
    auto found = directory_.find(principal);
    for (session* s = found == directory_.end() ? nullptr : found->second; s;) {
      auto* next = s->next_terminal;
      fn(*s);
      s = next;
    }
  }

  bool has_terminal(std::uint64_t principal) const { return directory_.contains(principal); }
  std::size_t principals() const { return directory_.size(); }  ///< with a terminal
  /// fn(principal) for each that has a terminal, in no order.
  template <class Fn>
  void each_principal(Fn&& fn) const {
    for (const auto& [principal, first] : directory_) fn(principal);
  }

  // ---- output: appended here, flushed once per turn. [loop] ----
  status send(session& s, std::uint16_t command, std::uint16_t seq, parley_bytes body);
  /// Unasked, one of many who get the same.
  status send(session& s, std::uint16_t command, const shared_bytes& body);
  /// Flushes within the turn when it has made much output: between the receivers of one push, nowhere else.
  void relieve();
  status send_raw(session& s, std::string_view pdu);

  // ---- flow. [loop] ----
  /// A filter that waits, or an endless handshake: commands of this session wait until release().
  void hold(session& s) { ++s.held; }
  void release(session& s);
  /// A request of it waits for something; too many hold it. request_done() for each.
  void request_waits(session& s);
  void request_done(session& s);
  /// Stops or resumes reading, as watermarks, holds and the drain ask.
  void update_reading(session& s);

  const session_counters& counters() const { return counters_; }
  const tls_stats& tls() { return tls_.stats(); }
  std::uint32_t now_s() const { return static_cast<std::uint32_t>(loop_.now_ms() / 1000) + 1; }
  /// Unsent output of all sessions, bytes.
  std::size_t unsent_total() const;
  pdu_watcher* watcher = nullptr;
  /// When set, called whenever a session is gone: the drain waits for it.
  std::function<void()> on_gone;
  /// When set, told of each session that is no longer open; its close_reason says why.
  std::function<void(const session& s)> on_left;
  /// When set, called when a session has become, or is no more, a terminal of its principal.
  std::function<void(std::uint64_t principal, std::uint32_t tag)> on_terminal;

 private:
  friend struct session_io;
  friend struct message_sink;
  struct write_request;

  void unseal(session& s, std::string_view sealed);
  void received(session& s, std::string_view data);
  void after_frames(session& s, const ws_verdict& verdict);
  bool pong(session& s, std::string_view payload);
  std::string& begin_output(session& s);
  void add_close_frame(session& s);
  bool take(session& s, const pdu_view& pdu);
  void after_framing(session& s, framing verdict);
  void resume_input(session& s);
  bool stalled(session& s);
  status appended(session& s, std::size_t bytes);
  void mark_dirty(session& s);
  void flush(session& s);
  outbound sealed(session& s);
  bool write(session& s, outbound data);
  bool say_goodbye(session& s);
  void flush_all();
  void written(session& s, std::size_t size, int status);
  void tick();
  void schedule_idle(session& s);
  std::uint64_t idle_limit_s(const session& s) const;
  void finish_close(session& s);
  void leave(session& s, session_state next, const char* reason);
  void leave_directory(session& s);

  loop& loop_;
  pdu_sink& sink_;
  static constexpr unsigned index_bits = 24, generation_bits = 24;
  static constexpr std::uint64_t local_bits = (std::uint64_t{1} << 48) - 1;
  slot_map<session*, index_bits, generation_bits> sessions_;
  std::uint64_t number_ = 0;  // the node's, where it stands in ids
  std::unordered_map<std::uint64_t, session*> directory_;
  std::vector<session*> dirty_;
  std::vector<uv_buf_t> buffers_;  // of one flush
  tls_desk tls_;
  std::size_t unflushed_ = 0;  // bytes appended since the last flush of all
  output_pool outputs_;
  idle_wheel wheel_;
  loop_timer tick_;
  std::vector<char> read_buffer_;
  std::size_t authenticated_ = 0;
  std::vector<std::string> identifiers_;  // plugins that identified sessions
  session_counters counters_;
};

}  // namespace parley::host

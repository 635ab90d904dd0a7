// Takes each PDU to its owner: gate, limits, filters, handler, answer. And calls, which are commands without a session.
#pragma once

#include <memory>
#include <string>

#include "host/base/log.hpp"
#include "host/base/slot_map.hpp"
#include "host/dispatch/request.hpp"
#include "host/dispatch/table.hpp"
#include "host/net/session_table.hpp"

namespace parley::host {

struct node_services;

/// Counted, never reset.
struct dispatch_counters {
  std::uint64_t handled = 0;
  std::uint64_t malformed = 0;
  std::uint64_t unknown = 0;
  std::uint64_t out_of_service = 0;  // of plugins in quarantine
  std::uint64_t too_fast = 0;
  std::uint64_t before_login = 0;
  std::uint64_t failed = 0;
  std::uint64_t refused_sent = 0;
  std::uint64_t abandoned = 0;  // of generations that linger
  std::uint64_t late = 0;       // replies to, and ends of, what was abandoned
};

/// [loop]
class dispatcher : public pdu_sink {
 public:
  dispatcher(node_services& services, std::uint16_t refused_command)
      : services_(services), refused_command_(refused_command) {}

  void swap_table(std::shared_ptr<const dispatch_table>& table) { table_.swap(table); }
  const dispatch_table& table() const { return *table_; }

  bool on_pdu(session& s, const pdu_view& pdu) override;
  void on_authenticated(session& s) override;
  void on_closed(session& s) override;

  // ---- the request side of parley.session/1 ----
  status reply(parley_request_id id, std::uint16_t command, parley_bytes body);
  void finish(parley_request_id id, status verdict, parley_bytes text, std::uint32_t retry_after_ms);
  void explain(parley_request_id id, parley_bytes text, std::uint32_t retry_after_ms);
  status replace_body(parley_request_id id, parley_bytes body);

  // ---- parley.call/1 ----
  status call(generation& caller, const parley_call& what);
  /// The same without asking whom the caller may act for; null is the host itself.
  status call_from(generation* caller, const parley_call& what);

  // ---- commands over links (far.cpp) ----
  /// One that another node has sent here.
  struct far_work {
    std::uint32_t link = 0;  // serial
    parley_request_id origin = 0;
    bool call = false;
    bool websocket = false;  // its session speaks it
    parley_session_id session = 0;
    parley_principal principal{};
    std::uint32_t level = 0;
    std::uint16_t command = 0, seq = 0;
    std::string_view body;
    std::vector<std::string> filters;  // plugins whose filters have seen it there
  };
  void serve(far_work& w);
  /// Answers to what this node has sent to others; false or closed when it does not wait for them (any more).
  status far_reply(parley_request_id id, std::uint16_t command, parley_bytes body);
  bool far_finish(parley_request_id id, status verdict, std::string_view text, std::uint32_t retry_after_ms);
  bool far_expired(parley_request_id id);
  /// What was sent over it is unavailable, and what came over it is answered to nobody.
  void link_lost(std::uint32_t link);

  /// Answers `cancelled` to the calls that a generation waits for.
  void cancel_calls(generation& caller);
  /// Gives up what waits in a generation: who waits for it is answered `unavailable` (a caller or client that already
  /// has a reply keeps it) and its session goes on. Its pin stays until the generation finishes it, which nobody hears
  /// of. Returns how many were given up now.
  std::size_t abandon(generation& owner);

  const dispatch_counters& counters() const { return counters_; }
  /// Those not answered yet; what was abandoned is not among them.
  std::size_t in_flight() const { return requests_.size() - abandoned_; }
  /// Bytes of bodies and answers kept for requests of a generation that wait. Looks at all that are in flight.
  std::size_t bytes_held(const generation& g);
  /// Sends `refused` if the session can hear it. text may be empty.
  void refuse(session& s, std::uint16_t command, std::uint16_t seq, status code, std::string_view text,
              std::uint32_t retry_after_ms);

 private:
  enum class gate { pass, drop, closed };
  gate check(session& s, const pdu_view& pdu, const dispatch_table::entry* entry, const std::string* owner);
  const dispatch_table::entry* find_far(std::uint16_t command, const std::string*& owner) const;
  void forward(parley_request_id id, std::string_view body);
  bool seen_afar(const request_state& r, const generation& filter) const;
  void let_go(parley_session_id held);
  bool within_rate(session& s, const pdu_view& pdu);
  void run(parley_request_id id, std::string_view body);
  void park(request_state& r, std::string_view body);
  void resume_finished();
  void complete(parley_request_id id, request_state& r);
  void conclude(request_state& r);
  void abandon(request_state& r);
  void answer_call(std::uint64_t call_id, status verdict);
  void log_closed(const session& s, const char* what, const pdu_view& pdu);

  node_services& services_;
  std::uint16_t refused_command_;
  std::shared_ptr<const dispatch_table> table_;
  slot_map<request_state> requests_;
  slot_map<call_state> calls_;
  std::vector<parley_request_id> finished_;
  std::size_t abandoned_ = 0;  // of requests_
  log_gate log_gate_;
  dispatch_counters counters_;
};

}  // namespace parley::host

// One client's connection: parses requests, hands them out one at a time, sends the answers.
//
// Rationale: a client that ends its side while its request is being handled counts as gone, though it might only have
// shut down sending: the two look the same, and work nobody waits for is the commoner case. A response always ends with
// shutdown and lingering: closing with unread bytes would reset the connection and could take the response with it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "host/base/intrusive_list.hpp"
#include "host/http/client_address.hpp"
#include "host/http/exchange.hpp"
#include "host/http/file_cache.hpp"
#include "host/http/file_conditions.hpp"
#include "host/http/request_parser.hpp"
#include "host/http/routes.hpp"
#include "host/http/tcp_stream.hpp"
#include "host/http/upload.hpp"
#include "parley/status.hpp"

namespace parley::host {

class http_server;
class http_service;

//   idle -> reading -> handling -> idle (keep-alive) | finishing (the last answer)
//   reading -> staging -> handling, when the body goes into a file
//   handling -> opening -> sending -> idle | finishing, when the answer is a file
//   idle, reading, finishing -> writing -> back, while the client has not taken all output
//   handling, sending -> ready -> reading, when the next request was already here
//   finishing -> lingering -> closed;  every phase -> closed
//   securing -> idle, when the TLS handshake has ended
//   Those up to securing have a deadline; finishing passes at once.
enum class http_phase : std::uint8_t {
  idle,
  reading,
  handling,
  ready,
  writing,
  lingering,
  staging,
  opening,
  sending,
  securing,
  finishing,
  closed
};
constexpr std::size_t timed_http_phases = 10;

/// Deletes itself when libuv has let go after close(). Its hook is in its server's list of the phase. [loop]
class http_connection final : public list_hook, private tcp_stream::owner {
 public:
  http_connection(http_server& home, client_address from);

  /// Takes the descriptor; closes itself when that fails.
  void open(int descriptor);
  /// Answers the request being handled; its exchange has ended already. malformed as http_service::respond.
  status answer(unsigned code, std::span<const http_header> headers, std::string_view body);
  /// The same with a file; as http_service::respond_file.
  status answer_file(std::span<const http_header> headers, const file_source& source);
  /// The deadline of the phase has passed.
  void expire();
  /// Closes now when idle, else behind the next answer.
  void drain();
  /// An exchange in flight turns stale.
  void close();

  http_phase phase() const { return phase_; }
  const client_address& from() const { return from_; }
  std::uint64_t due_ms = 0;  // the server's

 private:
  ~http_connection();

  void on_bytes(std::string_view bytes) override;
  void on_end() override;
  void on_sent() override;
  void on_secured() override { enter(http_phase::idle); }
  void on_closed() override { delete this; }

  void enter(http_phase to);
  void pump(std::string_view& input);
  void pump_held();
  void begin_request();
  void on_head(bool body_is_here);
  void dispatch();
  void run_handler(const route& to, const exchange_view& request);
  void refuse_unrouted(const std::string& allow, bool body_unread);
  void refuse(unsigned code, const char* reason);
  void send(unsigned code, std::span<const http_header> headers, std::string_view body);
  void finish_answer(bool last);
  void settle();
  /// Bytes have moved as fast as the limits want, since the last time or since the phase began.
  bool moves();
  std::uint64_t least_to_move() const;
  bool still_sends();
  void note_moved();
  void hold(std::string_view rest);
  void drop_held();
  void end_exchange();
  void forget_all();
  /// For what comes back later: holds null once nobody waits for it.
  const std::shared_ptr<http_connection*>& ticket();
  void revoke_ticket();

  // http_connection_uploads.cpp
  bool accept_head(const route& to);
  bool ask_at_head(const route& to);
  bool begin_upload();
  bool reserve(std::uint64_t bytes);
  void stage(bool last);
  void staged(int failure, bool last);
  void refuse_storing(unsigned code, std::string_view why);

  // http_connection_upgrade.cpp
  bool asks_for_websocket() const;
  /// `early` came behind the request.
  void upgrade(std::string_view early);

  // http_connection_files.cpp
  struct transfer;
  void opened(int failure, shared_file file);
  void refuse_file(int failure);
  void begin_file(shared_file file, std::string_view lines, std::string_view etag);
  bool send_pieces();
  void load_piece();
  void loaded(std::uint64_t up_to);

  http_server& home_;
  http_service& service_;
  tcp_stream stream_;
  client_address from_;
  std::unique_ptr<request_parser> parser_;  // while a request is being read
  std::string held_;                        // pipelined bytes that wait for an answer, from held_at_
  std::size_t held_at_ = 0;
  parley_exchange_id exchange_ = 0;
  std::uint64_t moved_seen_ = 0;
  std::uint64_t announced_ = 0;  // of the request being read or handled, or the last one
  std::uint64_t lingered_ = 0;   // bytes that came while lingering
  std::uint32_t lingers_ = 0;
  std::unique_ptr<upload> upload_;                     // of the request being read or handled
  std::unique_ptr<const file_conditions> conditions_;  // of the request being handled
  std::unique_ptr<transfer> transfer_;                 // opening and sending
  std::shared_ptr<http_connection*> ticket_;
  http_phase phase_ = http_phase::idle;
  http_phase after_writing_ = http_phase::idle;
  bool pumping_ = false;
  bool keep_alive_ = false;
  bool head_only_ = false;
};

}  // namespace parley::host

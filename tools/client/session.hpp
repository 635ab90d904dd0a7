#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "client/connection.hpp"
#include "client/login.hpp"
#include "client/result.hpp"
#include "client/timer.hpp"

namespace parley::client {

/// A connection that logs in and matches answers to requests by seq. One attempt per object: after `ended` make a new
/// one. It may be destroyed at any time, also from its own callbacks. [thread of the loop]
class session {
 public:
  using answered = std::function<void(result<pdu>)>;
  /// True when another answer follows under the same seq.
  using each_answered = std::function<bool(result<pdu>)>;

  struct handlers {
    std::function<void(const identity&)> logged_in;
    /// What was sent unasked; also answers that came after their deadline.
    std::function<void(const pdu&)> pushed;
    /// Once, after every open request was answered with an error: not connected, login refused, connection lost.
    std::function<void(const error&)> ended;
  };

  session(event_loop& loop, handlers on);

  /// Connects, and logs in unless `who` is empty; then logged_in is called with an empty identity at once. The two
  /// together may take `timeout_ms`.
  void start(const endpoint& to, std::optional<credentials> who, std::uint64_t timeout_ms);

  /// Sends and calls `then` exactly once: with the answer of that seq (valid during the call), with the refusal of a
  /// 0x0901, at the deadline, or at the end of the connection. Returns the seq.
  std::uint16_t request(std::uint16_t command_id, const google::protobuf::MessageLite& body, std::uint64_t timeout_ms,
                        answered then);

  /// For answers that may be several PDUs: `then` is called for each, until it returns false or gets an error. Each may
  /// take `timeout_ms`.
  std::uint16_t request_all(std::uint16_t command_id, const google::protobuf::MessageLite& body,
                            std::uint64_t timeout_ms, each_answered then);

  /// Sends without expecting an answer; seq 0.
  void tell(std::uint16_t command_id, const google::protobuf::MessageLite& body) { line_.send(command_id, 0, body); }

  bool ready() const { return ready_; }
  const identity& me() const { return me_; }
  connection& line() { return line_; }

 private:
  struct waiting {
    std::uint64_t deadline_ms;
    std::uint64_t timeout_ms;
    each_answered then;
  };

  void opened();
  void tell_logged_in();
  void received(const pdu& next);
  void end(error why);
  void expire();
  std::uint16_t next_seq();

  std::shared_ptr<const handlers> on_;  ///< held by a running callback, which may destroy this
  connection line_;
  timer clock_;
  std::optional<credentials> who_;
  identity me_;
  std::unordered_map<std::uint16_t, waiting> waiting_;
  std::uint64_t login_deadline_ms_ = 0;
  std::uint64_t login_timeout_ms_ = 0;
  std::uint16_t seq_ = 0;
  bool ready_ = false;
  bool over_ = false;
  std::shared_ptr<char> alive_ = std::make_shared<char>();  ///< loops over callbacks watch it: one may destroy this
};

}  // namespace parley::client

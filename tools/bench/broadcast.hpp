#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "IM.Message.pb.h"
#include "bench/fleet.hpp"
#include "bench/pattern.hpp"
#include "bench/report.hpp"

namespace parley::bench {

/// One group whose members are all online; the first `senders` write, each with `window` messages unanswered. Every
/// member has to hear every message of the others, once and in order. [thread of the loop]
class broadcast {
 public:
  struct shape {
    std::size_t members;
    std::size_t senders;
    std::size_t window;
    std::size_t size;  ///< bytes of plain text
  };

  broadcast(client::event_loop& loop, const crowd& users, const shape& how);

  /// Logs everybody in and makes the group.
  client::result<> prepare();
  void start();
  void start_measuring() { measured_from_ns_ = client::event_loop::now_ns(); }
  void stop_measuring() { measured_ns_ = client::event_loop::now_ns() - measured_from_ns_; }
  /// Sends no more, and turns the loop until all is delivered, at most `timeout_ms`.
  void settle(std::uint64_t timeout_ms);
  /// Why going on makes no sense; else empty.
  const std::string& broken();
  void conclude(report& out);

 private:
  void received(std::size_t index, const client::pdu& next);
  void delivered(std::size_t index, const client::pdu& next);
  void fill(std::size_t sender);
  bool complete() const;

  client::event_loop& loop_;
  shape how_;
  fleet fleet_;
  pattern pattern_;
  std::uint32_t group_ = 0;
  bool over_ = false;
  IM::Message::IMMsgData message_;
  IM::Message::IMMsgData arrived_;
  IM::Message::IMMsgDataAck ack_;
  std::vector<std::uint32_t> sent_;      // by sender
  std::vector<std::uint32_t> acked_;     // by sender
  std::vector<std::uint32_t> heard_;     // by member: messages
  std::vector<std::uint32_t> last_;      // by member: the newest msg_id
  std::vector<std::uint64_t> began_ns_;  // by sender and seq % window: when it was sent
  histogram ack_times_;
  std::string broken_;
  std::string first_refusal_;
  std::uint64_t refused_ = 0, damaged_ = 0, disordered_ = 0, strange_ = 0;
  std::uint64_t deliveries_ = 0;  // while measured
  std::uint64_t delivered_ = 0;   // in all
  std::uint64_t acks_ = 0;
  std::uint64_t measured_from_ns_ = UINT64_MAX;
  std::uint64_t measured_ns_ = 0;
  std::uint64_t last_event_ns_ = 0;
};

}  // namespace parley::bench

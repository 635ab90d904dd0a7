#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "IM.Message.pb.h"
#include "bench/fleet.hpp"
#include "bench/ledger.hpp"
#include "bench/pattern.hpp"
#include "client/timer.hpp"

namespace parley::bench {

/// How many talk to how many. With N pairs the users 1 to N send and N + 1 to 2N receive. Each sender goes round its
/// conversations / N peers: when that is one, its own receiver; when it is more, half of them are receivers (deliveries
/// are verified) and half are users 2N + 1 and up who never log in (their history is looked at in the end).
struct shape {
  std::size_t pairs;
  std::size_t conversations;
  std::size_t window;  ///< unanswered messages per sender, at most
  std::size_t size;    ///< bytes of plain text
  bool client_msg_id;
  bool receipts;  ///< receivers acknowledge each delivery, as clients do

  static shape take(arguments& from);
  void describe(report& out) const;
  std::size_t peers() const { return (conversations + pairs - 1) / pairs; }
  std::size_t online() const { return peers() == 1 ? 1 : std::min(pairs, (peers() + 1) / 2); }
};

/// Messages from many senders, each followed from its sending to its ack and its delivery. [thread of the loop]
class traffic {
 public:
  traffic(client::event_loop& loop, const crowd& users, const shape& how);

  /// Logs everybody in and learns the ids of those who stay away.
  client::result<> prepare();

  /// Sends the sender's next message, meant for `origin_ns`. False, and nothing sent, when its window is full.
  bool send(std::size_t sender, std::uint64_t origin_ns);

  /// Called when a message of that sender was answered; after "busy" 20 ms later.
  std::function<void(std::size_t sender)> on_answered;

  /// From now on acks and deliveries count for rates, and messages sent from now on for latencies.
  void start_measuring();
  void stop_measuring();

  /// Why going on makes no sense: a connection was lost, the server limits rates, or it has fallen silent. Else empty.
  const std::string& broken();

  /// Sends no more and turns the loop until everything is answered and delivered, at most `timeout_ms`; 3 s when it is
  /// broken.
  void settle(std::uint64_t timeout_ms);

  void conclude(report& out);

  client::event_loop& loop() { return loop_; }
  const shape& how() const { return how_; }

 private:
  friend class spot_check;

  void received(std::size_t index, const client::pdu& next);
  void acked(std::size_t sender, const client::pdu& next);
  void refused(std::size_t sender, const client::pdu& next);
  void delivered(std::size_t receiver, const client::pdu& next);
  void answered(std::size_t sender);
  client::result<> learn_absent();
  std::uint32_t number_of(std::size_t sender, std::uint16_t seq) const;
  std::uint32_t peer_id(std::size_t sender, std::size_t peer);

  client::event_loop& loop_;
  shape how_;
  fleet fleet_;
  pattern pattern_;
  ledger ledger_;
  client::timer resume_;
  std::function<void(const client::pdu&)> on_other_;  ///< answers to spot checks and the like
  std::vector<std::uint32_t> absent_;
  std::vector<std::size_t> unanswered_;
  std::vector<std::size_t> paused_;
  histogram ack_times_;
  histogram delivery_times_;
  IM::Message::IMMsgData message_;
  IM::Message::IMMsgData arrived_;
  IM::Message::IMMsgDataAck ack_;
  std::string broken_;
  std::string first_refusal_;
  std::uint64_t damaged_ = 0;
  std::uint64_t misdirected_ = 0;
  std::uint64_t acks_ = 0;
  std::uint64_t deliveries_ = 0;
  std::uint64_t measured_from_ns_ = UINT64_MAX;
  std::uint64_t measured_ns_ = 0;
  std::uint64_t last_answer_ns_ = 0;
  std::size_t open_ = 0;
};

}  // namespace parley::bench

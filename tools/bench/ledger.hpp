#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace parley::bench {

/// Books about every message of a run, so that at the end each is accounted for. Sender s writes its message n to its
/// peer n % peers; the first `online` peers of each sender are watched for deliveries.
class ledger {
 public:
  struct verdict {
    std::uint64_t sent = 0;
    std::uint64_t acked = 0;
    std::uint64_t refused = 0;
    std::uint64_t unanswered = 0;   ///< neither acked nor refused
    std::uint64_t delivered = 0;    ///< distinct messages
    std::uint64_t lost = 0;         ///< acked, the peer online, never delivered
    std::uint64_t doubled = 0;      ///< deliveries beyond the first
    std::uint64_t reordered = 0;    ///< delivered after a later one of its conversation
    std::uint64_t misnumbered = 0;  ///< msg_id not growing in the order sent, or not the same in ack and delivery
  };

  ledger(std::size_t senders, std::size_t peers, std::size_t online);

  std::size_t peers() const { return peers_; }
  bool watched(std::uint32_t n) const { return n % peers_ < online_; }
  std::uint32_t next(std::size_t sender) const { return static_cast<std::uint32_t>(books_[sender].size()); }

  /// Enters message next(sender), meant to be sent at `origin_ns`.
  void sent(std::size_t sender, std::uint64_t origin_ns);

  /// Both return the origin of the message, or nothing when it is unknown or had been answered / delivered before.
  std::optional<std::uint64_t> acked(std::size_t sender, std::uint32_t n, std::uint32_t msg_id);
  std::optional<std::uint64_t> delivered(std::size_t sender, std::uint32_t n, std::uint32_t msg_id);
  void refused(std::size_t sender, std::uint32_t n);

  /// Messages that are answered, and delivered where that is watched (or never will be: refused).
  bool complete() const { return open_answers_ == 0 && open_deliveries_ == 0; }

  std::uint32_t msg_id(std::size_t sender, std::uint32_t n) const { return books_[sender][n].msg_id; }
  bool was_acked(std::size_t sender, std::uint32_t n) const { return books_[sender][n].acked; }

  verdict judge() const;

 private:
  struct entry {
    std::uint64_t origin_ns;
    std::uint32_t msg_id = 0;  ///< from whichever came first, ack or delivery
    bool acked = false;
    bool refused = false;
    bool delivered = false;
  };

  void number(entry& which, std::uint32_t msg_id);

  std::size_t peers_;
  std::size_t online_;
  std::vector<std::vector<entry>> books_;
  std::vector<std::uint32_t> latest_;  ///< by sender and watched peer: 1 + the highest n delivered
  std::uint64_t open_answers_ = 0;
  std::uint64_t open_deliveries_ = 0;
  std::uint64_t doubled_ = 0;
  std::uint64_t reordered_ = 0;
  std::uint64_t contradicted_ = 0;
};

}  // namespace parley::bench

#include "bench/ledger.hpp"

#include <algorithm>
#include <utility>

namespace parley::bench {

ledger::ledger(std::size_t senders, std::size_t peers, std::size_t online)
    : peers_(peers), online_(online), books_(senders), latest_(senders * online) {}

void ledger::sent(std::size_t sender, std::uint64_t origin_ns) {
  ++open_answers_;
  if (watched(next(sender))) ++open_deliveries_;
  books_[sender].push_back({origin_ns});
}

void ledger::number(entry& which, std::uint32_t msg_id) {
  if (which.msg_id != 0 && which.msg_id != msg_id) ++contradicted_;
  which.msg_id = msg_id;
}

std::optional<std::uint64_t> ledger::acked(std::size_t sender, std::uint32_t n, std::uint32_t msg_id) {
  if (n >= next(sender)) return std::nullopt;
  entry& which = books_[sender][n];
  if (which.acked || which.refused) return std::nullopt;
  which.acked = true;
  --open_answers_;
  number(which, msg_id);
  return which.origin_ns;
}

void ledger::refused(std::size_t sender, std::uint32_t n) {
  if (n >= next(sender)) return;
  entry& which = books_[sender][n];
  if (which.acked || std::exchange(which.refused, true)) return;
  --open_answers_;
  if (watched(n) && !which.delivered) --open_deliveries_;
}

std::optional<std::uint64_t> ledger::delivered(std::size_t sender, std::uint32_t n, std::uint32_t msg_id) {
  if (sender >= books_.size() || n >= next(sender) || !watched(n)) return std::nullopt;
  entry& which = books_[sender][n];
  if (std::exchange(which.delivered, true)) {
    ++doubled_;
    return std::nullopt;
  }
  if (!which.refused) --open_deliveries_;
  number(which, msg_id);
  std::uint32_t& latest = latest_[sender * online_ + n % peers_];
  if (n + 1 < latest) ++reordered_;
  latest = std::max(latest, n + 1);
  return which.origin_ns;
}

ledger::verdict ledger::judge() const {
  verdict sum;
  sum.doubled = doubled_;
  sum.reordered = reordered_;
  sum.misnumbered = contradicted_;
  std::vector<std::uint32_t> highest(peers_);
  for (const auto& book : books_) {
    std::ranges::fill(highest, 0);
    for (std::uint32_t n = 0; n < book.size(); ++n) {
      const entry& which = book[n];
      ++sum.sent;
      sum.acked += which.acked;
      sum.refused += which.refused;
      sum.unanswered += !which.acked && !which.refused;
      sum.delivered += which.delivered;
      sum.lost += which.acked && watched(n) && !which.delivered;
      if (!which.acked) continue;
      std::uint32_t& before = highest[n % peers_];
      sum.misnumbered += which.msg_id <= before;
      before = std::max(before, which.msg_id);
    }
  }
  return sum;
}

}  // namespace parley::bench

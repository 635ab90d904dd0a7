#include "ledger.hpp"

#include <parley/state_bytes.hpp>

#include <algorithm>
#include <bit>

namespace message {
namespace {

constexpr std::size_t looked_back = 256;

std::size_t hash_of(const delivery_ledger::message_id& id) {
  std::uint64_t word = id.key.lane_key() * 0x9E3779B97F4A7C15u;
  word ^= (std::uint64_t{id.number} << 8 | raw(id.key.kind)) * 0xC2B2AE3D27D4EB4Fu;
  return static_cast<std::size_t>(word ^ word >> 29);
}

}  // namespace

delivery_ledger::delivery_ledger(std::size_t most)
    : most_(most), most_deliveries_(most * deliveries_per_message), buckets_(std::bit_ceil(most + 1), nobody) {}

std::uint32_t& delivery_ledger::bucket_of(const message_id& id) {
  return buckets_[hash_of(id) & (buckets_.size() - 1)];
}

std::uint32_t delivery_ledger::place_of(const message_id& id) const {
  auto place = buckets_[hash_of(id) & (buckets_.size() - 1)];
  while (place != nobody && records_[place].id != id) place = records_[place].next;
  return place;
}

void delivery_ledger::forget(std::uint32_t place) {
  auto* link = &bucket_of(records_[place].id);
  while (*link != place) link = &records_[*link].next;
  *link = records_[place].next;
}

void delivery_ledger::begin(const message_id& id, std::uint32_t author, std::uint32_t accepted, std::uint32_t now,
                            std::uint32_t recipients, bool complete) {
  if (most_ == 0) return;
  if (records_.size() < most_) {
    newest_ = records_.size();
    records_.emplace_back();
  } else {
    newest_ = (newest_ + 1) % most_;
    forget(static_cast<std::uint32_t>(newest_));
  }
  auto& bucket = bucket_of(id);
  records_[newest_] = {id, author, accepted, now, recipients, bucket, 0, made_, complete};
  bucket = static_cast<std::uint32_t>(newest_);
}

void delivery_ledger::pushed(std::uint64_t session, std::uint32_t user, std::uint32_t tag) {
  if (records_.empty()) return;
  auto& of = records_[newest_];
  if (of.count == most_deliveries_) {
    of.complete = false;
    return;
  }
  if (deliveries_.size() < most_deliveries_) deliveries_.emplace_back();
  at(made_++) = {session, user, tag, of.pushed, 0};
  ++of.count;
}

bool delivery_ledger::ack(const record& of, std::uint64_t session, std::uint32_t now) {
  if (!holds(of)) return false;
  for (std::uint64_t i = of.first; i < of.first + of.count; ++i) {
    auto& one = at(i);
    if (one.session != session) continue;
    if (one.acked == 0) one.acked = now;
    return true;
  }
  return false;
}

bool delivery_ledger::acked(const message_id& id, std::uint64_t session, std::uint32_t now) {
  const auto place = place_of(id);
  return place != nobody && ack(records_[place], session, now);
}

bool delivery_ledger::acked_somewhere(conversation_kind kind, std::uint32_t author, std::uint32_t number,
                                      std::uint64_t session, std::uint32_t now) {
  const auto many = std::min(looked_back, records_.size());
  for (std::size_t i = 0; i < many; ++i) {
    const auto& one = records_[(newest_ + records_.size() - i) % records_.size()];
    const bool named = one.id.number == number && one.author == author && one.id.key.kind == kind;
    if (named && ack(one, session, now)) return true;
  }
  return false;
}

std::optional<delivery_ledger::story> delivery_ledger::find(const message_id& id) const {
  const auto place = place_of(id);
  if (place == nobody) return std::nullopt;
  const auto& of = records_[place];
  story found{of.author, of.accepted, of.pushed, of.recipients, of.complete && holds(of), {}};
  if (!holds(of)) return found;
  for (std::uint64_t i = of.first; i < of.first + of.count; ++i) found.deliveries.push_back(at(i));
  return found;
}

// Of each message its head and then its deliveries, the newest message first.
struct delivery_ledger::saved_head {
  std::uint32_t kind, a, b, number, author, accepted, pushed, recipients, complete, count;
};

std::string delivery_ledger::save(std::size_t most_bytes) const {
  std::string out;
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const auto& of = records_[(newest_ + records_.size() - i) % records_.size()];
    const bool held = holds(of);
    const saved_head head{raw(of.id.key.kind), of.id.key.a, of.id.key.b,   of.id.number,        of.author,
                          of.accepted,         of.pushed,   of.recipients, of.complete && held, held ? of.count : 0};
    if (out.size() + sizeof head + head.count * sizeof(delivery) > most_bytes) break;
    parley::put(out, head);
    for (std::uint64_t d = of.first; d < of.first + head.count; ++d) parley::put(out, at(d));
  }
  return out;
}

bool delivery_ledger::restore(std::string_view state) {
  std::vector<std::size_t> heads;  // where each begins
  for (std::size_t from = 0; from < state.size();) {
    parley::state_reader in(state.substr(from));
    const auto head = in.get<saved_head>();
    if (!in.ok() || head.kind < 1 || head.kind > 2 || in.rest().size() / sizeof(delivery) < head.count) return false;
    heads.push_back(from);
    from += sizeof head + head.count * sizeof(delivery);
  }
  const auto forgotten = heads.size() - std::min(heads.size(), most_);
  for (auto from = heads.rbegin() + static_cast<std::ptrdiff_t>(forgotten); from != heads.rend(); ++from) {
    parley::state_reader in(state.substr(*from));
    const auto head = in.get<saved_head>();
    const message_id id{{static_cast<conversation_kind>(head.kind), head.a, head.b}, head.number};
    begin(id, head.author, head.accepted, head.pushed, head.recipients, head.complete != 0);
    for (std::uint32_t i = 0; i < head.count; ++i) {
      const auto one = in.get<delivery>();
      pushed(one.session, one.user, one.tag);
      if (records_[newest_].count == i + 1) at(made_ - 1).acked = one.acked;
    }
  }
  return true;
}

}  // namespace message

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

std::string delivery_ledger::save(std::size_t most_bytes) const {
  std::string out;
  for (std::size_t i = 0; i < records_.size(); ++i) {  // the newest first
    const auto& of = records_[(newest_ + records_.size() - i) % records_.size()];
    const std::uint32_t count = holds(of) ? of.count : 0;
    if (out.size() + sizeof(record) + count * sizeof(delivery) > most_bytes) break;
    for (const auto word :
         {static_cast<std::uint32_t>(raw(of.id.key.kind)), of.id.key.a, of.id.key.b, of.id.number, of.author,
          of.accepted, of.pushed, of.recipients, static_cast<std::uint32_t>(of.complete && holds(of)), count}) {
      parley::put(out, word);
    }
    for (std::uint64_t d = of.first; d < of.first + count; ++d) parley::put(out, at(d));
  }
  return out;
}

bool delivery_ledger::restore(std::string_view state) {
  struct saved {
    message_id id;
    story what;
  };
  std::vector<saved> all;
  parley::state_reader in(state);
  while (in.ok() && !in.rest().empty()) {
    const auto word = [&] { return in.get<std::uint32_t>(); };
    saved one;
    const auto kind = word();
    one.id.key = {kind == 2 ? conversation_kind::group : conversation_kind::single, word(), word()};
    one.id.number = word();
    one.what.author = word();
    one.what.accepted = word();
    one.what.pushed = word();
    one.what.recipients = word();
    one.what.complete = word() != 0;
    for (auto count = word(); count > 0 && in.ok(); --count) one.what.deliveries.push_back(in.get<delivery>());
    if (!in.ok() || (kind != 1 && kind != 2)) return false;
    all.push_back(std::move(one));
  }
  for (auto one = all.rbegin(); one != all.rend(); ++one) {
    begin(one->id, one->what.author, one->what.accepted, one->what.pushed, one->what.recipients, one->what.complete);
    for (const auto& each : one->what.deliveries) {
      pushed(each.session, each.user, each.tag);
      if (each.acked != 0 && !records_.empty()) ack(records_[newest_], each.session, each.acked);
    }
  }
  return in.ok();
}

}  // namespace message

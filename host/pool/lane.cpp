#include "host/pool/lane.hpp"

#include <algorithm>

#include "host/pool/sql_pool.hpp"

namespace parley::host {

namespace {

std::uint32_t capped(std::uint32_t wanted, std::uint32_t most) {
  return std::max(1u, most ? std::min(wanted, most) : wanted);
}

}  // namespace

lane::lane(sql_pool& pool, std::string name, std::uint32_t max_batch, std::uint32_t max_queue)
    : pool_(pool),
      name_(std::move(name)),
      max_batch_(capped(max_batch, pool.config().max_batch)),
      max_queue_(std::max(1u, max_queue)) {
  for (std::size_t i = 0; i < pool.writers().threads(); ++i) {
    strands_.push_back(std::make_unique<lane_strand>(pool, max_batch_, queued_, stats_));
  }
}

void lane::resize(std::uint32_t max_batch, std::uint32_t max_queue) {
  max_batch_ = capped(max_batch, pool_.config().max_batch);
  max_queue_ = std::max(1u, max_queue);
  for (auto& s : strands_) s->resize(max_batch_);
}

void lane::cancel(const void* generation) {
  for (auto& s : strands_) s->cancel(generation);
}

status lane::enqueue(const lane_item& item) {
  if (queued_ >= max_queue_) {
    stats_.busy.fetch_add(1, std::memory_order_relaxed);
    return status::busy;
  }
  if (auto s = pool_.state(PARLEY_SQL_WRITE); s != status::ok) return s;
  ++queued_;
  const auto spread = item.key * 0x9e3779b97f4a7c15u >> 32;
  strands_[spread % strands_.size()]->append(item);
  return status::ok;
}

bool lane::idle() const {
  return queued_ == 0 && std::all_of(strands_.begin(), strands_.end(), [](const auto& s) { return s->idle(); });
}

}  // namespace parley::host

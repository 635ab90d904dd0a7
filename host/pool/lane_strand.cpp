#include "host/pool/lane_strand.hpp"

#include <algorithm>
#include <cassert>

#include "host/pool/sql_pool.hpp"
#include "host/pool/thread.hpp"

namespace parley::host {

namespace {

constexpr std::size_t spare_most = 4;

bool together(const lane_item& a, const lane_item& b) {
  return a.generation == b.generation && a.plugin == b.plugin && a.batch == b.batch;
}

/// What an item is answered without being started; ok when it is to be.
status unstarted(const lane_item& item, std::uint64_t now) {
  if (item.cancelled) return status::cancelled;
  return item.expires_us && now > item.expires_us ? status::timeout : status::ok;
}

}  // namespace

lane_strand::lane_strand(sql_pool& pool, std::uint32_t max_batch, std::size_t& queued, lane_stats& stats)
    : pool_(pool), queued_(queued), stats_(stats), max_batch_(max_batch) {
  serve = serve_strand;
}

lane_strand::~lane_strand() {
  assert(queued_ == 0);
}

void lane_strand::append(const lane_item& item) {
  if (turn_.empty()) {
    pool_.loop_.defer([this] { hand_over(); });
    const auto deadline = static_cast<std::uint64_t>(pool_.config().deadline.count());
    turn_expires_us_ = deadline ? now_us() + deadline * 1000 : 0;
  }
  turn_.emplace_back(item).expires_us = turn_expires_us_;
}

void lane_strand::hand_over() {
  {
    std::lock_guard lock(mutex_);
    if (taken_ == ready_.size()) {
      ready_.swap(turn_);
      taken_ = 0;
    } else {
      if (taken_ >= ready_.size() - taken_) {
        ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(taken_));
        taken_ = 0;
      }
      ready_.insert(ready_.end(), turn_.begin(), turn_.end());
    }
    turn_.clear();
    if (running_) return;
    running_ = true;
  }
  if (auto s = pool_.writers_->submit_unbounded(*this); s != status::ok) serve_strand(*this, nullptr, s);
}

bool lane_strand::serve_strand(sql_entry& entry, sql_connection* connection, status why) {
  auto& self = static_cast<lane_strand&>(entry);
  if (connection) {
    auto next = self.take(false);
    self.serve_batch(*next, *connection);
    self.post(std::move(next));
    return self.rest();
  }
  do {
    auto rest = self.take(true);
    rest->outcome = why;
    self.post(std::move(rest));
  } while (self.rest());
  return false;
}

void lane_strand::resize(std::uint32_t max_batch) {
  std::lock_guard lock(mutex_);
  max_batch_ = max_batch;
}

void lane_strand::cancel(const void* generation) {
  for (auto& item : turn_) {
    if (item.generation == generation) item.cancelled = true;
  }
  std::lock_guard lock(mutex_);
  for (auto i = taken_; i < ready_.size(); ++i) {
    if (ready_[i].generation == generation) ready_[i].cancelled = true;
  }
}

bool lane_strand::idle() {
  std::lock_guard lock(mutex_);
  return turn_.empty() && !running_;
}

/// The next batch, or all there is. There is at least one item.
std::unique_ptr<lane_strand::batch> lane_strand::take(bool everything) {
  const auto now = now_us();
  std::lock_guard lock(mutex_);
  std::unique_ptr<batch> next;
  if (spare_.empty()) {
    next = std::make_unique<batch>();
    next->strand = this;
  } else {
    next = std::move(spare_.back());
    spare_.pop_back();
  }
  const auto first = ready_.begin() + static_cast<std::ptrdiff_t>(taken_);
  auto last = ready_.end();
  next->outcome = status::ok;
  if (!everything) {
    next->outcome = unstarted(*first, now);
    const bool late = next->outcome != status::ok;
    last = first;
    while (last != ready_.end() && (late || last - first < static_cast<std::ptrdiff_t>(max_batch_)) &&
           unstarted(*last, now) == next->outcome && (late || together(*first, *last))) {
      ++last;
    }
  }
  next->items.assign(first, last);
  taken_ += static_cast<std::size_t>(last - first);
  if (taken_ == ready_.size()) {
    ready_.clear();
    taken_ = 0;
  }
  return next;
}

/// False when nothing is left: from then on the loop may hand over, or destroy, what this is.
bool lane_strand::rest() {
  std::lock_guard lock(mutex_);
  running_ = taken_ < ready_.size();
  return running_;
}

void lane_strand::serve_batch(batch& b, sql_connection& connection) {
  if (b.outcome == status::cancelled) return;
  if (b.outcome == status::timeout) {
    stats_.expired.fetch_add(b.items.size(), std::memory_order_relaxed);
    return;
  }
  b.pointers.clear();
  for (const auto& i : b.items) b.pointers.push_back(i.item);
  const auto& first = b.items.front();
  {
    const crash::scope step(first.step, first.origin, first.command);
    b.outcome = status{first.batch(first.plugin, &connection, b.pointers.data(), b.pointers.size())};
  }
  auto& crew = *pool_.writers_;
  crew.give_back(connection, first.origin);
  crew.count(b.outcome);
  stats_.items.fetch_add(b.items.size(), std::memory_order_relaxed);
  stats_.batch_sizes.add(b.items.size());
  if (b.outcome != status::ok) stats_.errors.fetch_add(b.items.size(), std::memory_order_relaxed);
}

void lane_strand::post(std::unique_ptr<batch> finished) {
  auto* b = finished.release();
  b->run = [](loop_task& task) {
    auto& self = static_cast<batch&>(task);
    self.strand->deliver(self);
  };
  pool_.loop_.post(*b);
}

void lane_strand::deliver(batch& finished) {
  std::unique_ptr<batch> owned(&finished);
  queued_ -= owned->items.size();
  for (const auto& i : owned->items) i.done(i.context, raw(owned->outcome));
  owned->items.clear();
  std::lock_guard lock(mutex_);
  if (spare_.size() < spare_most) spare_.push_back(std::move(owned));
}

}  // namespace parley::host

#include "host/pool/worker_pool.hpp"

#include <algorithm>

#include "host/pool/thread.hpp"

namespace parley::host {

namespace {
constexpr std::chrono::hours forever{24};
}  // namespace

worker_pool::worker_pool(host::loop& loop, const worker_pool_config& config)
    : loop_(loop), capacity_(config.queue), queue_(config.queue) {
  watch_.emplace(loop_, this, [](void* self) { return static_cast<worker_pool*>(self)->expire(); });
  for (unsigned i = 0; i < std::max(1u, config.threads); ++i) {
    auto& turns = turns_.emplace_back();
    threads_.push_back(start_thread("work" + std::to_string(i) + "-" + config.name, [this, &turns] { work(turns); }));
  }
}

worker_pool::~worker_pool() {
  shutdown(false);
}

status worker_pool::submit(worker_job& job) {
  job.pool = this;
  job.outcome = status::ok;
  job.expires_us = job.deadline_ms ? now_us() + job.deadline_ms * 1000 : 0;
  const auto accepted = queue_.push(job);
  if (accepted == status::busy) stats_.busy.fetch_add(1, std::memory_order_relaxed);
  if (accepted == status::ok && job.deadline_ms) watch_->start();
  return accepted;
}

parley_work_load worker_pool::load() const {
  return {sizeof(parley_work_load),
          static_cast<std::uint32_t>(threads_.size()),
          static_cast<std::uint32_t>(queue_.size()),
          stats_.running.load(std::memory_order_relaxed),
          static_cast<std::uint32_t>(capacity_),
          0};
}

void worker_pool::shutdown(bool drain) {
  queue_.close();
  if (!drain) answer_all(queue_.take_all(), status::cancelled);
  for (auto& t : threads_) {
    if (t.joinable()) t.join();
  }
  watch_.reset();
}

void worker_pool::watch(grace_period& period) const {
  for (const auto& turns : turns_) period.watch(turns);
}

void worker_pool::work(thread_turns& turns) {
  for (;;) {
    auto* job = static_cast<worker_job*>(queue_.pop(forever));
    if (!job) {
      if (queue_.closed()) return;
      continue;
    }
    const auto started = now_us();
    if (job->expires_us && started > job->expires_us) {
      answer(*job, status::timeout);
      continue;
    }
    stats_.wait_us.add(started - job->queued_us);
    stats_.running.fetch_add(1, std::memory_order_relaxed);
    turns.enter();
    const status outcome{job->work(job->context)};
    turns.leave();
    stats_.running.fetch_sub(1, std::memory_order_relaxed);
    stats_.done.fetch_add(1, std::memory_order_relaxed);
    stats_.run_us.add(now_us() - started);
    if (outcome != status::ok) stats_.errors.fetch_add(1, std::memory_order_relaxed);
    answer(*job, outcome);
  }
}

void worker_pool::answer(worker_job& job, status outcome) {
  if (outcome == status::timeout) stats_.expired.fetch_add(1, std::memory_order_relaxed);
  job.outcome = outcome;
  job.run = [](loop_task& task) {
    auto& finished = static_cast<worker_job&>(task);
    finished.done(finished, finished.outcome);
  };
  loop_.post(job);
}

void worker_pool::answer_all(queue_entry* list, status outcome) {
  while (list) {
    auto& job = *static_cast<worker_job*>(list);
    list = list->next_entry;
    answer(job, outcome);
  }
}

bool worker_pool::expire() {
  answer_all(queue_.take_expired(now_us()), status::timeout);
  return queue_.size() > 0;
}

}  // namespace parley::host

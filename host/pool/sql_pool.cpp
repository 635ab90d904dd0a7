#include "host/pool/sql_pool.hpp"

#include <algorithm>
#include <future>

#include "host/pool/thread.hpp"

namespace parley::host {

namespace {

struct blocking_entry : sql_entry {
  const std::function<parley_status(sql_connection&)>* fn = nullptr;
  sql_crew* crew = nullptr;
  std::promise<status> outcome;

  static bool serve_it(sql_entry& entry, sql_connection* connection, status why) {
    auto& self = static_cast<blocking_entry&>(entry);
    if (connection) {
      try {
        why = status{(*self.fn)(*connection)};
      } catch (...) {
        why = status::fault;
      }
      self.crew->give_back(*connection, "a blocking job");
      self.crew->count(why);
    }
    self.outcome.set_value(why);
    return false;
  }
};

}  // namespace

sql_pool::sql_pool(host::loop& loop, sql_pool_config config, log_sink log, std::unique_ptr<sql_backend> backend)
    : loop_(loop), config_(std::move(config)), log_(std::move(log)), backend_(std::move(backend)) {}

sql_pool::~sql_pool() {
  if (writers_) shutdown(false);
}

result<void> sql_pool::open() {
  if (!backend_) {
    auto made = make_sql_backend(config_);
    if (!made) return made.failure();
    backend_ = std::move(*made);
  }
  std::unique_ptr<sql_connection> first;
  if (!config_.trial) {
    if (auto prepared = backend_->prepare(); !prepared) return prepared.failure();
    auto connected = backend_->connect(connection_role::writer);
    if (!connected) return connected.failure();
    first = std::move(*connected);
    durability_ = backend_->durability(*first);
  }
  const auto readers = config_.trial ? 1u : std::max(1u, config_.readers);
  const auto writers = config_.trial ? 0u : backend_->writers();
  writers_ = std::make_unique<sql_crew>(*backend_, connection_role::writer, config_, log_, writers, alarms_);
  readers_ = std::make_unique<sql_crew>(*backend_, connection_role::reader, config_, log_, readers, alarms_);
  writers_->pair_with(*readers_);
  readers_->pair_with(*writers_);
  if (first) writers_->start(std::move(first));
  readers_->start(nullptr);
  watch_.emplace(loop_, this, [](void* self) { return static_cast<sql_pool*>(self)->expire(); });
  return {};
}

status sql_pool::submit(sql_job& job) {
  if (!writers_) return status::unavailable;
  job.pool = this;
  job.serve = serve_job;
  job.outcome = status::ok;
  const auto deadline = job.deadline_ms ? job.deadline_ms : static_cast<std::uint64_t>(config_.deadline.count());
  job.expires_us = deadline ? now_us() + deadline * 1000 : 0;
  const auto accepted = crew(job.mode).submit(job);
  if (accepted == status::ok && deadline) watch_->start();
  return accepted;
}

bool sql_pool::serve_job(sql_entry& entry, sql_connection* connection, status why) {
  auto& job = static_cast<sql_job&>(entry);
  auto& pool = *job.pool;
  if (connection) {
    why = status{job.work(job.context, connection)};
    if (pool.config_.trial && why != status::ok && *connection->error()) {
      pool.log_(log_level::warn, std::string(job.origin) + ": " + connection->error());
    }
    auto& crew = pool.crew(job.mode);
    crew.give_back(*connection, job.origin);
    crew.count(why);
  }
  job.outcome = why;
  job.run = [](loop_task& task) {
    auto& finished = static_cast<sql_job&>(task);
    finished.done(finished, finished.outcome);
  };
  pool.loop_.post(job);
  return false;
}

status sql_pool::run_blocking(const std::function<parley_status(sql_connection&)>& fn) {
  if (!writers_) return status::unavailable;
  blocking_entry entry;
  entry.serve = blocking_entry::serve_it;
  entry.fn = &fn;
  entry.crew = writers_.get();
  auto outcome = entry.outcome.get_future();
  if (auto accepted = writers_->submit_unbounded(entry); accepted != status::ok) return accepted;
  return outcome.get();
}

void sql_pool::cancel(const void* owner) {
  if (!writers_) return;
  readers_->cancel(owner);
  writers_->cancel(owner);
}

void sql_pool::watch(grace_period& period) const {
  if (!writers_) return;
  readers_->watch(period);
  writers_->watch(period);
}

void sql_pool::shutdown(bool drain) {
  if (!writers_) return;
  readers_->shutdown(drain);
  writers_->shutdown(drain);
  watch_.reset();
}

std::string sql_pool::trouble() const {
  if (!writers_) return "not open";
  auto text = writers_->trouble();
  return text.empty() ? readers_->trouble() : text;
}

bool sql_pool::expire() {
  readers_->expire();
  writers_->expire();
  return readers_->queued() + writers_->queued() > 0;
}

}  // namespace parley::host

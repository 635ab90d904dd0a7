#include "host/pool/sql_crew.hpp"

#include <algorithm>

#include "host/pool/thread.hpp"

namespace parley::host {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds quiet_time{10000};
constexpr milliseconds until_woken{std::chrono::hours(24)};
constexpr std::uint64_t check_interval_us = 1000000;
constexpr milliseconds first_pause{50};
constexpr milliseconds longest_pause{1000};
constexpr std::uint64_t log_interval_us = 60000000;

milliseconds pause_after(unsigned failures) {
  return std::min(longest_pause, first_pause * (1 << std::min(failures - 1, 8u)));
}

}  // namespace

sql_crew::sql_crew(sql_backend& backend, connection_role role, const sql_pool_config& config, log_sink log,
                   unsigned threads, std::atomic<std::uint64_t>& alarms)
    : backend_(backend), role_(role), name_(config.name), log_(std::move(log)), alarms_(alarms), queue_(config.queue, config.busy_poll && role == connection_role::writer) {
  for (unsigned i = 0; i < threads; ++i) {
    seats_.push_back(std::make_unique<seat>());
    seats_.back()->number = i;
  }
}

sql_crew::~sql_crew() {
  shutdown(false);
}

void sql_crew::start(std::unique_ptr<sql_connection> first) {
  seats_.front()->connection = std::move(first);
  for (auto& s : seats_) {
    const auto name = std::string(role_ == connection_role::writer ? "sqlw" : "sqlr") + std::to_string(s->number) + "-";
    s->connected_before = s->connection != nullptr;
    s->thread = start_thread(name + name_, [this, seat = s.get()] { work(*seat); });
  }
}

status sql_crew::submit(sql_entry& entry) {
  const auto s = queue_.push(entry);
  if (s == status::busy) stats_.busy.fetch_add(1, std::memory_order_relaxed);
  if (s == status::unavailable) stats_.unavailable.fetch_add(1, std::memory_order_relaxed);
  return s;
}

void sql_crew::expire() {
  answer_all(queue_.take_expired(now_us()), status::timeout);
}

void sql_crew::cancel(const void* owner) {
  answer_all(queue_.take_owned(owner), status::cancelled);
}

void sql_crew::watch(grace_period& period) const {
  for (const auto& s : seats_) period.watch(s->turns);
}

void sql_crew::shutdown(bool drain) {
  if (!drain) cancelling_.store(true, std::memory_order_relaxed);
  queue_.close();
  if (!drain) answer_all(queue_.take_all(), status::cancelled);
  for (auto& s : seats_) {
    if (s->thread.joinable()) s->thread.join();
  }
  answer_all(queue_.take_all(), status::cancelled);
}

std::string sql_crew::trouble() const {
  std::lock_guard lock(away_mutex_);
  return away_ == seats_.size() ? last_error_ : std::string();
}

void sql_crew::give_back(sql_connection& connection, const char* origin) {
  if (!connection.in_transaction()) {
    connection.rollback();
    return;
  }
  stats_.abandoned.fetch_add(1, std::memory_order_relaxed);
  const auto undone = connection.rollback();
  log_(log_level::error, "sql pool " + name_ + ": " + origin + " left a transaction open; " +
                             (undone == PARLEY_OK ? "it was rolled back" : connection.error()));
}

void sql_crew::answer(sql_entry& entry, status why) {
  if (why == status::timeout) stats_.expired.fetch_add(1, std::memory_order_relaxed);
  if (why == status::unavailable) stats_.unavailable.fetch_add(1, std::memory_order_relaxed);
  entry.serve(entry, nullptr, why);
}

void sql_crew::answer_all(queue_entry* list, status why) {
  while (list) {
    auto* entry = static_cast<sql_entry*>(list);
    list = list->next_entry;
    answer(*entry, why);
  }
}

void sql_crew::work(seat& s) {
  for (;;) {
    const auto nudges = s.nudges_seen;
    auto* entry = static_cast<sql_entry*>(queue_.pop(s.relaxed ? until_woken : quiet_time, &s.nudges_seen));
    if (entry) {
      s.relaxed = false;
      s.turns.enter();
      serve(s, *entry);
      s.turns.leave();
    } else if (queue_.closed()) {
      break;
    } else if (s.nudges_seen != nudges) {
      look(s);
    } else if (!s.relaxed) {
      s.relaxed = true;
      if (s.connection && s.connection->usable()) s.connection->relax();
    }
    while (s.away) {
      if (queue_.pause(pause_after(s.failures), s.pause_ends_seen)) return;
      come_back(s);
    }
  }
  s.connection.reset();
}

void sql_crew::serve(seat& s, sql_entry& entry) {
  const auto now = now_us();
  if (entry.expires_us && now > entry.expires_us) return answer(entry, status::timeout);
  if (cancelling_.load(std::memory_order_relaxed)) return answer(entry, status::cancelled);
  if (!ready(s)) {
    answer(entry, status::unavailable);
    ++s.failures;
    return leave(s);
  }
  stats_.wait_us.add(now - entry.queued_us);
  stats_.running.fetch_add(1, std::memory_order_relaxed);
  const bool again = entry.serve(entry, s.connection.get(), status::ok);
  stats_.running.fetch_sub(1, std::memory_order_relaxed);
  stats_.done.fetch_add(1, std::memory_order_relaxed);
  stats_.run_us.add(now_us() - now);
  if (again) queue_.push_again(entry);
  if (s.connection->usable()) {
    s.failures = 0;
    return;
  }
  alarms_.fetch_add(1, std::memory_order_release);
  {
    std::lock_guard lock(away_mutex_);
    last_error_ = s.connection->error();
  }
  // The first loss is mended at once: a file was replaced, a server restarted. After the second in a row, as when a
  // disk is full, it takes a pause.
  if (++s.failures > 1 || !recover(s)) leave(s);
}

/// Another seat could not reach the database: can this one? Only when none can, the pool says so.
void sql_crew::look(seat& s) {
  if (ready(s)) return;
  ++s.failures;
  leave(s);
}

bool sql_crew::ready(seat& s) {
  if (s.connection && s.connection->usable()) {
    const auto now = now_us();
    const auto alarms = alarms_.load(std::memory_order_acquire);
    if (now - s.checked_us < check_interval_us && alarms == s.alarms_seen) return true;
    s.checked_us = now;
    s.alarms_seen = alarms;
    if (s.connection->check() == PARLEY_OK) return true;
    alarms_.fetch_add(1, std::memory_order_release);
  }
  return recover(s);
}

bool sql_crew::recover(seat& s) {
  std::string why;
  if (s.connection && !s.connection->dead()) {
    if (s.connection->probe() == PARLEY_OK) {
      s.connection->unblock();
      return true;
    }
    why = s.connection->error();
  }
  if (!s.connection || s.connection->dead()) {
    s.connection.reset();
    if (auto made = backend_.connect(role_)) {
      if (s.connected_before) stats_.reconnects.fetch_add(1, std::memory_order_relaxed);
      s.connection = std::move(*made);
      s.connected_before = true;
      s.checked_us = now_us();
      return true;
    } else {
      why = made.text();
    }
  }
  std::lock_guard lock(away_mutex_);
  last_error_ = why;
  return false;
}

void sql_crew::leave(seat& s) {
  s.away = true;
  if (seats_.size() > 1) queue_.nudge();
  std::string why;
  {
    std::lock_guard lock(away_mutex_);
    if (++away_ < seats_.size()) return;
    away_since_us_ = now_us();
    queue_.refuse(status::unavailable);
    // A full disk makes it come and go every second: a line a minute tells that.
    silent_ = last_error_ == logged_error_ && away_since_us_ - logged_us_ < log_interval_us;
    if (!silent_) {
      why = logged_error_ = last_error_;
      logged_us_ = away_since_us_;
    }
  }
  if (!why.empty()) log_(log_level::error, "sql pool " + name_ + ": the " + role_name() + " is away: " + why);
  answer_all(queue_.take_all(), status::unavailable);
}

void sql_crew::come_back(seat& s) {
  if (!recover(s)) {
    ++s.failures;
    return;
  }
  s.away = false;
  // The database is there again: nobody has to sit out a pause.
  queue_.end_pauses();
  if (partner_) partner_->queue_.end_pauses();
  std::uint64_t since = 0;
  {
    std::lock_guard lock(away_mutex_);
    if (away_-- < seats_.size()) return;
    since = away_since_us_;
    queue_.accept();
    if (silent_) return;
  }
  log_(log_level::info, "sql pool " + name_ + ": the " + role_name() + " is back after " +
                            std::to_string((now_us() - since) / 1000) + " ms");
}

}  // namespace parley::host

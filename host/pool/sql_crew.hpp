// The threads of an sql pool that serve one queue: the readers, or the writers.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "host/pool/backend.hpp"
#include "host/pool/histogram.hpp"
#include "host/pool/log_sink.hpp"
#include "host/pool/sql_job.hpp"
#include "host/pool/thread_turns.hpp"

namespace parley::host {

/// Numbers of one crew; written by its threads, read by anybody.
struct sql_crew_stats {
  std::atomic<std::uint64_t> done{0};         // served on a connection, whatever the outcome
  std::atomic<std::uint64_t> errors{0};       // jobs and batches with another outcome than ok
  std::atomic<std::uint64_t> busy{0};         // refused, as the queue was full
  std::atomic<std::uint64_t> unavailable{0};  // refused or dropped, as the database was away
  std::atomic<std::uint64_t> expired{0};      // dropped, as their deadline had passed
  std::atomic<std::uint64_t> abandoned{0};    // left a transaction open
  std::atomic<std::uint64_t> reconnects{0};
  std::atomic<std::uint32_t> running{0};
  histogram wait_us;  // in the queue
  histogram run_us;   // on the connection
};

/// Each thread has a connection of its own:
///
///   connected -> lost -> mended at once -> connected
///                  \-> away: tries again after 50 ms, doubling up to 1 s, or when another thread of the pool has
///                            reached the database -> connected
///
/// While all of them are away the queue refuses at once, and what stood in it is answered.
class sql_crew {
 public:
  /// `alarms` is common to the crews of a pool: when one loses a connection, all look at theirs before they go on.
  sql_crew(sql_backend& backend, connection_role role, const sql_pool_config& config, log_sink log, unsigned threads,
           std::atomic<std::uint64_t>& alarms);
  sql_crew(const sql_crew&) = delete;
  ~sql_crew();

  /// The other crew of the pool; told when this one has reached the database again. Before start().
  void pair_with(sql_crew& partner) { partner_ = &partner; }
  /// `first` is the connection of the first thread, or null; the others connect when they are needed.
  void start(std::unique_ptr<sql_connection> first);
  status submit(sql_entry& entry);
  /// For a lane: stands in the queue once, for many.
  status submit_unbounded(sql_entry& entry) { return queue_.push_unbounded(entry); }
  /// Answers what has waited too long. [loop]
  void expire();
  /// Answers `cancelled` to what one owner has waiting. [loop]
  void cancel(const void* owner);
  void watch(grace_period& period) const;
  /// Takes no more; serves what is queued, or answers it `cancelled`; joins the threads. [loop]
  void shutdown(bool drain);

  /// ok, unavailable while the database is away, cancelled after shutdown(). [any]
  status state() const { return queue_.state(); }
  std::size_t queued() const { return queue_.size(); }
  std::size_t threads() const { return seats_.size(); }
  const sql_crew_stats& stats() const { return stats_; }
  /// The outcome of what ran. [worker]
  void count(status outcome) {
    if (outcome != status::ok) stats_.errors.fetch_add(1, std::memory_order_relaxed);
  }
  /// Why the database is away; empty while it is not. [any]
  std::string trouble() const;

  /// Rolls back what a plugin left open, and tells whose fault it is. [worker]
  void give_back(sql_connection& connection, const char* origin);

 private:
  struct seat {
    unsigned number = 0;
    std::unique_ptr<sql_connection> connection;
    std::uint64_t checked_us = 0;
    std::uint64_t alarms_seen = 0;
    std::uint64_t nudges_seen = 0;
    std::uint64_t pause_ends_seen = 0;
    unsigned failures = 0;  // in a row
    bool connected_before = false;
    bool away = false;
    bool relaxed = false;
    thread_turns turns;
    std::thread thread;
  };

  void work(seat& s);
  void serve(seat& s, sql_entry& entry);
  void look(seat& s);
  bool ready(seat& s);
  bool recover(seat& s);
  void leave(seat& s);
  void come_back(seat& s);
  void answer(sql_entry& entry, status why);
  void answer_all(queue_entry* list, status why);
  const char* role_name() const { return role_ == connection_role::writer ? "writer" : "reader"; }

  sql_backend& backend_;
  const connection_role role_;
  const std::string name_;
  const log_sink log_;
  std::atomic<std::uint64_t>& alarms_;
  job_queue queue_;
  sql_crew* partner_ = nullptr;
  std::vector<std::unique_ptr<seat>> seats_;
  sql_crew_stats stats_;
  std::atomic<bool> cancelling_{false};
  mutable std::mutex away_mutex_;
  std::size_t away_ = 0;    // seats
  std::string last_error_;  // of any seat
  std::uint64_t away_since_us_ = 0;
  std::string logged_error_;
  std::uint64_t logged_us_ = 0;
  bool silent_ = false;  // about the present absence
};

}  // namespace parley::host

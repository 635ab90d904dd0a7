// A named pool of SQL connections: jobs go in on the loop, run on a thread, and come back on the loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "host/config/manifest.hpp"
#include "host/net/loop.hpp"
#include "host/pool/deadline_watch.hpp"
#include "host/pool/sql_crew.hpp"

namespace parley::host {

/// Jobs of mode READ run on the readers, side by side; those of mode WRITE on the writers. Each kind has a queue of its
/// own and starts in order of submission.
class sql_pool {
 public:
  /// `backend` is for tests; by default the url says what it is.
  sql_pool(host::loop& loop, sql_pool_config config, log_sink log, std::unique_ptr<sql_backend> backend = nullptr);
  sql_pool(const sql_pool&) = delete;
  ~sql_pool();

  /// Makes and checks the database and starts the threads. The error says what is wrong with which file. One for a
  /// trial makes nothing, and connects when it is needed. [loop]
  result<void> open();

  /// The job is the pool's until done(), unless this is busy (queue full), unavailable (database away) or cancelled
  /// (after shutdown): then done() is not called. [loop]
  status submit(sql_job& job);
  /// Runs fn on a writer and waits for it: for migrations, before the loop runs or off it. fn may throw; that is a
  /// fault. [any] but a pool's thread
  status run_blocking(const std::function<parley_status(sql_connection&)>& fn);

  /// Answers `cancelled` to the jobs of an owner that no thread has begun. [loop]
  void cancel(const void* owner);
  /// Notes the threads that are inside a job. [any]
  void watch(grace_period& period) const;

  /// Takes no more jobs, then serves those that wait or answers them `cancelled`; joins the threads. Every done() has
  /// been called once the loop has turned. [loop]
  void shutdown(bool drain);

  /// Whether a commit survives a power cut, and if not, why. Known after open(). [any]
  bool durable() const { return durability_.durable; }
  const std::string& durability_text() const { return durability_.text; }
  /// ok, unavailable or cancelled: what a job of this mode would be told. [any]
  status state(std::uint32_t mode) const { return crew(mode).state(); }
  /// Why the database is away; empty while it is not. [any]
  std::string trouble() const;
  const sql_crew& readers() const { return *readers_; }
  const sql_crew& writers() const { return *writers_; }
  const sql_pool_config& config() const { return config_; }

 private:
  friend class lane_strand;

  sql_crew& crew(std::uint32_t mode) const {
    return mode == PARLEY_SQL_WRITE && !config_.trial ? *writers_ : *readers_;
  }
  static bool serve_job(sql_entry& entry, sql_connection* connection, status why);
  bool expire();

  host::loop& loop_;
  const sql_pool_config config_;
  const log_sink log_;
  std::unique_ptr<sql_backend> backend_;
  std::atomic<std::uint64_t> alarms_{0};
  std::unique_ptr<sql_crew> readers_;
  std::unique_ptr<sql_crew> writers_;
  host::durability durability_;
  std::optional<deadline_watch> watch_;
};

}  // namespace parley::host

// What an sql pool runs.
#pragma once

#include "host/net/loop.hpp"
#include "host/pool/connection.hpp"
#include "host/pool/job_queue.hpp"
#include "parley/status.hpp"

namespace parley::host {

class sql_pool;

/// What stands in a queue of a pool: a job, or a lane.
struct sql_entry : queue_entry {
  /// With a connection: does its work. Without: answers `why`. True to stand at the end of the queue once more; after
  /// false the pool does not touch the entry again. [worker], and [loop] without a connection
  bool (*serve)(sql_entry& self, sql_connection* connection, status why) = nullptr;
};

/// The caller's, and left alone by it from submit() to done(). Nothing is allocated for it.
struct sql_job : loop_task, sql_entry {
  std::uint32_t mode = PARLEY_SQL_READ;
  std::uint64_t deadline_ms = 0;  // from submit(): not started later than this; 0 = the pool's
  void* context = nullptr;
  /// Does not throw. [worker]
  parley_status (*work)(void* context, parley_sql_connection* connection) = nullptr;
  /// Once, never before submit() has returned; the job may be destroyed in it. A transaction that work left open is
  /// rolled back by now, and no thread is in work any more. [loop]
  void (*done)(sql_job& job, status outcome) = nullptr;
  const char* origin = "";  // for logs: who asked

  sql_pool* pool = nullptr;  // set by submit()
  status outcome = status::ok;
};

}  // namespace parley::host

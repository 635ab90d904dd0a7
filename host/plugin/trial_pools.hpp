// The databases of a plugin that is on trial: it may look, and change nothing.
#pragma once

#include <memory>
#include <vector>

#include "host/plugin/generation.hpp"
#include "host/pool/sql_pool.hpp"

namespace parley::host {

/// Each sql pool that the generation's descriptor names is one connection, made at its first use: SQLite's file is
/// opened read-only, a MariaDB session is in READ ONLY transactions. Jobs of both modes run on it, a statement that
/// writes fails and says so. Times are short. [loop]
class trial_pools {
 public:
  /// `all` are the manifest's.
  trial_pools(generation& g, std::vector<sql_pool_config> all);
  trial_pools(const trial_pools&) = delete;
  ~trial_pools();

  /// Turns the loop until nothing is in flight but timers: what it began when it was made has then run. What has not
  /// ended by then is cancelled, and it gets no more answers.
  void settle(std::chrono::milliseconds longest);

 private:
  void turn_until_idle(std::chrono::milliseconds longest);

  generation& generation_;
  std::vector<std::unique_ptr<sql_pool>> pools_;
};

}  // namespace parley::host

// The pools of a node by name: opened before the plugins, closed after them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/config/manifest.hpp"
#include "host/net/loop.hpp"
#include "host/plugin/generation.hpp"
#include "host/pool/cache_backend.hpp"
#include "host/pool/lane.hpp"
#include "host/pool/migrations.hpp"
#include "host/pool/sql_pool.hpp"
#include "host/pool/worker_pool.hpp"

namespace parley::host {

class redis_link;

/// [loop]
class pools {
 public:
  explicit pools(host::loop& l) : loop_(l) {}
  pools(const pools&) = delete;

  void open(const manifest& m, std::vector<diagnostic>& errors);
  /// Cancels what waits, joins every thread. Every done() has been called once the loop has turned.
  void shutdown();

  /// What a manifest name stands for; nothing set when there is no such pool.
  pool_binding find(const std::string& name);
  /// The one that another generation has left, or a new one.
  lane& make_lane(sql_pool& pool, const std::string& name, std::uint32_t max_batch, std::uint32_t max_queue);
  /// Applies what is missing, in order, under a lock; how many were. Blocks. [any] but a pool's thread
  result<int> migrate(sql_pool& pool, const std::string& plugin, const std::vector<migration>& steps);

  /// Ends the waits of a generation: what no thread has begun is answered `cancelled`.
  void cancel(const generation& g);
  /// Notes the threads that are inside a job. [any]
  void watch(grace_period& period) const;

  /// Whether every sql pool survives a power cut, and if not, why.
  bool durable() const;
  std::string durability() const;
  /// Why an sql pool or a cache is away; empty while none is.
  std::string degraded() const;
  /// Whether requests can be served, which they are without a cache, too.
  bool usable() const { return sql_trouble().empty(); }
  /// The connections of the caches that are in a Redis.
  const std::vector<redis_link*>& redis() const { return redis_; }
  nlohmann::ordered_json to_json() const;
  using show_number =
      std::function<void(const char* name, const std::string& labels, const char* help, std::uint64_t value)>;
  /// Each number of to_json(), for /metrics.
  void show(const show_number& one) const;

 private:
  std::string sql_trouble() const;

  host::loop& loop_;
  std::map<std::string, std::unique_ptr<sql_pool>> sql_;
  std::map<std::string, std::unique_ptr<cache_backend>> caches_;
  std::vector<redis_link*> redis_;  // of caches_
  std::map<std::string, std::unique_ptr<worker_pool>> workers_;
  std::vector<std::unique_ptr<lane>> lanes_;
};

}  // namespace parley::host

// A cache pool in a Redis, shared by all nodes that name it alike.
#pragma once

#include <string>

#include "host/pool/cache_answers.hpp"
#include "host/pool/cache_backend.hpp"
#include "host/redis/redis_link.hpp"

namespace parley::host {

/// Nothing that happens to Redis is an error for a caller: a get that cannot be answered is a miss, a write that cannot
/// be kept is dropped and counted, an add counts from nothing. A caller waits for one command timeout at most, and not
/// at all while Redis is away. Stale values are never found after an outage, see redis_epoch.hpp: what a dropped set or
/// an erase would have replaced is deleted or, where that cannot be confirmed either, voided by a new epoch before
/// values are found again. A node begins with a new epoch: its former life may have ended between a commit and its
/// erase.
///
/// Keys are parley:cache:POOL:PLUGIN:KEY, the epoch is parley:epoch:POOL. A value is its epoch and the plugin's bytes,
/// kept for a week at most, so that a Redis without eviction does not fill up. [loop]
class redis_cache final : public cache_backend, redis_watcher {
 public:
  redis_cache(host::loop& loop, const std::string& pool, redis_address where, redis_limits limits);
  redis_cache(const redis_cache&) = delete;
  ~redis_cache() override;

  status get(std::string_view key, void* context, parley_cache_done done) override;
  status set(std::string_view key, std::string_view value, std::uint64_t ttl_ms, void* context,
             parley_cache_done done) override;
  status erase(std::string_view key, void* context, parley_cache_done done) override;
  status add(std::string_view key, std::int64_t delta, std::uint64_t ttl_ms, void* context,
             parley_cache_done done) override;
  void shutdown() override;
  cache_stats stats() const override;
  std::string place() const override { return link_->where().shown(); }
  std::string trouble() const override;
  const char* state() const override;

  redis_link& link() { return *link_; }

 private:
  struct waiter {
    void* context;
    parley_cache_done done;
  };

  void redis_up() override;
  void redis_down() override { serving_ = false; }

  void check_epoch(std::string_view stored);
  void renew();
  void serve();
  bool holds(const redisReply* reply, std::size_t elements);
  void got(const redisReply* reply, waiter w);
  void set_done(const redisReply* reply, const std::string& key, waiter w);
  void added(const redisReply* reply, const std::string& key, std::int64_t delta, waiter w);
  void not_kept(const std::string& key, std::string_view why);
  void invalidate(const std::string& key, waiter w);
  void finish(waiter w, parley_status outcome, parley_bytes value = {}, std::int64_t number = 0) const;
  void miss_later(waiter w);
  bool refused(status sent);

  const std::string prefix_;
  const std::string epoch_key_;
  cache_answers answers_;
  std::string epoch_;        // the last one seen, which is what is written with
  std::string run_id_;       // of the process that is connected to; empty when it would not tell
  bool serving_ = false;     // up, and the epoch is known
  bool unconfirmed_ = true;  // a write may not have been done, or may still be
  bool ending_ = false;
  std::string refusal_;  // why Redis did not keep the last value
  std::uint64_t hits_ = 0, misses_ = 0, dropped_ = 0, busy_ = 0, renewals_ = 0;
  std::unique_ptr<redis_link> link_;
};

}  // namespace parley::host

// Group commit: an ordered, bounded queue in front of an sql pool's writers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/pool/lane_strand.hpp"

namespace parley::host {

/// Keys are spread over as many strands as the pool has writers; SQLite has one. Each strand serves its items in order,
/// a batch at a time. To be destroyed when it is idle() only.
class lane {
 public:
  /// `max_batch` is capped by the pool's own limit; max_queue counts the items that are not done yet.
  lane(sql_pool& pool, std::string name, std::uint32_t max_batch, std::uint32_t max_queue);

  /// Copies the item's description; done() will be called once, in a later turn. busy when the queue is full,
  /// unavailable while the database is away, cancelled after the pool's shutdown(): then done() is not called. [loop]
  status enqueue(const lane_item& item);

  /// For the next generation: what waits stays. [loop]
  void resize(std::uint32_t max_batch, std::uint32_t max_queue);
  /// Answers what one generation has waiting, as if its deadline had passed. [loop]
  void cancel(const void* generation);

  const sql_pool& pool() const { return pool_; }
  const std::string& name() const { return name_; }
  std::uint32_t max_batch() const { return max_batch_; }
  /// Items that are not done yet. [loop]
  std::size_t queued() const { return queued_; }
  /// Nothing is queued, and no thread is inside. After the pool's shutdown() it is once the loop has turned. [loop]
  bool idle() const;
  const lane_stats& stats() const { return stats_; }

 private:
  sql_pool& pool_;
  const std::string name_;
  std::uint32_t max_batch_;
  std::uint32_t max_queue_;
  std::size_t queued_ = 0;
  lane_stats stats_;
  std::vector<std::unique_ptr<lane_strand>> strands_;
};

}  // namespace parley::host

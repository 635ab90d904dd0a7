// One ordered queue of a lane: while a batch commits, the next collects.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "host/crash/context.hpp"
#include "host/pool/histogram.hpp"
#include "host/pool/sql_job.hpp"

namespace parley::host {

/// What is queued: `item` for the batch function, `context` for whoever waits.
struct lane_item {
  void* generation = nullptr;  // a batch never mixes two
  void* plugin = nullptr;
  /// [worker]
  parley_status (*batch)(void* plugin, parley_sql_connection* connection, void* const* items,
                         std::size_t count) = nullptr;
  void* item = nullptr;
  void* context = nullptr;
  /// [loop]
  void (*done)(void* context, parley_status outcome) = nullptr;
  std::uint64_t key = 0;
  const char* origin = "";
  const crash::generation_entry* step = nullptr;  // for the crash handler: whose batch it is,
  std::uint32_t command = 0;                      // and in whose service
  std::uint64_t expires_us = 0;                   // set by the lane: the pool's deadline
  bool cancelled = false;                         // set by the lane
};

struct lane_stats {
  std::atomic<std::uint64_t> items{0};    // handed to a batch function
  std::atomic<std::uint64_t> errors{0};   // of these, in batches with another outcome than ok
  std::atomic<std::uint64_t> busy{0};     // refused, as the queue was full
  std::atomic<std::uint64_t> expired{0};  // not started, as their deadline had passed
  histogram batch_sizes;
};

/// Rationale: items of one loop turn are collected and handed over together at its end, so that the first of them does
/// not leave in a batch of its own. From there a writer takes batch after batch without waiting for the loop; between
/// two it goes to the end of the pool's queue, so that other lanes and jobs get their turn.
class lane_strand : public sql_entry {
 public:
  lane_strand(sql_pool& pool, std::uint32_t max_batch, std::size_t& queued, lane_stats& stats);
  lane_strand(const lane_strand&) = delete;
  ~lane_strand();

  /// [loop]
  void append(const lane_item& item);
  /// [loop]
  void resize(std::uint32_t max_batch);
  /// The items of one generation that no batch has taken are answered `cancelled`. [loop]
  void cancel(const void* generation);
  /// No thread will touch this again before the next append(). [loop]
  bool idle();

 private:
  struct batch : loop_task {
    lane_strand* strand = nullptr;
    std::vector<lane_item> items;
    std::vector<void*> pointers;
    status outcome = status::ok;
  };

  static bool serve_strand(sql_entry& entry, sql_connection* connection, status why);
  void hand_over();
  std::unique_ptr<batch> take(bool everything);
  bool rest();
  void serve_batch(batch& b, sql_connection& connection);
  void post(std::unique_ptr<batch> finished);
  void deliver(batch& finished);

  sql_pool& pool_;
  std::size_t& queued_;  // the lane's [loop]
  lane_stats& stats_;
  std::vector<lane_item> turn_;  // of this turn of the loop [loop]
  std::uint64_t turn_expires_us_ = 0;

  std::mutex mutex_;
  std::size_t max_batch_;
  std::vector<lane_item> ready_;
  std::size_t taken_ = 0;  // of ready_, from its front
  bool running_ = false;   // stands in the pool's queue, or is being served
  std::vector<std::unique_ptr<batch>> spare_;
};

}  // namespace parley::host

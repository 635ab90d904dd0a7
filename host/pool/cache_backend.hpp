// A cache pool as its users see it, wherever the values are kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "parley/abi/cache.h"
#include "parley/status.hpp"

namespace parley::host {

struct cache_stats {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  // in this process
  std::uint64_t evicted = 0;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  // in another one
  bool elsewhere = false;
  std::uint64_t queued = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t dropped = 0;   // writes that were not kept
  std::uint64_t busy = 0;      // operations that found too much in flight
  std::uint64_t renewals = 0;  // times that everything was forgotten, to be sure
  std::uint64_t reconnects = 0;
  std::uint64_t round_trip_us = 0;  // mean
};

/// With the meaning given in abi/cache.h. Keys come with their plugin's prefix already. A status other than ok means
/// that done will not be called; done may be null. All functions: [loop].
class cache_backend {
 public:
  static constexpr std::size_t longest_key = 256;  // a plugin's, without the prefix; whoever adds that checks it
  static constexpr std::size_t longest_prefix = 96;
  static constexpr std::size_t longest_value = 1 << 20;

  virtual ~cache_backend() = default;
  virtual status get(std::string_view key, void* context, parley_cache_done done) = 0;
  virtual status set(std::string_view key, std::string_view value, std::uint64_t ttl_ms, void* context,
                     parley_cache_done done) = 0;
  virtual status erase(std::string_view key, void* context, parley_cache_done done) = 0;
  virtual status add(std::string_view key, std::int64_t delta, std::uint64_t ttl_ms, void* context,
                     parley_cache_done done) = 0;
  /// What is under way elsewhere is answered PARLEY_CANCELLED, and nothing is begun there any more.
  virtual void shutdown() {}
  virtual cache_stats stats() const = 0;
  /// Where the values are, for tables and logs: "memory", or a url without its password.
  virtual std::string place() const = 0;
  /// Why it keeps or finds nothing at the moment; empty while it does.
  virtual std::string trouble() const { return {}; }
  virtual const char* state() const { return "ok"; }

  static bool too_long(std::string_view key) { return key.size() > longest_key + longest_prefix; }
};

}  // namespace parley::host

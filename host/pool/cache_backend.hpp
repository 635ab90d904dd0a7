// A cache pool as its users see it, wherever the values are kept.
#pragma once

#include <cstdint>
#include <string_view>

#include "parley/abi/cache.h"
#include "parley/status.hpp"

namespace parley::host {

struct cache_stats {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t evicted = 0;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
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
  virtual cache_stats stats() const = 0;
};

}  // namespace parley::host

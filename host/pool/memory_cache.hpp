// A cache in the process: bounded, least recently used out first.
#pragma once

#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "host/net/loop.hpp"
#include "host/pool/cache_answers.hpp"
#include "host/pool/cache_backend.hpp"

namespace parley::host {

/// Operations take effect at once; their completions follow in a later turn, in order. Numbers are kept as decimal
/// text, as Redis does. [loop]
class memory_cache final : public cache_backend {
 public:
  memory_cache(host::loop& loop, std::size_t max_bytes);
  memory_cache(const memory_cache&) = delete;

  status get(std::string_view key, void* context, parley_cache_done done) override;
  status set(std::string_view key, std::string_view value, std::uint64_t ttl_ms, void* context,
             parley_cache_done done) override;
  status erase(std::string_view key, void* context, parley_cache_done done) override;
  status add(std::string_view key, std::int64_t delta, std::uint64_t ttl_ms, void* context,
             parley_cache_done done) override;
  cache_stats stats() const override;
  std::string place() const override { return "memory"; }

 private:
  struct entry {
    std::string key;
    std::string value;
    std::uint64_t expires_ms;  // of the loop's clock; 0 = never
    std::size_t bytes() const { return key.size() + value.size() + overhead; }
  };
  using order = std::list<entry>;
  static constexpr std::size_t overhead = 128;

  entry* find(std::string_view key);
  void put(std::string_view key, std::string_view value, std::uint64_t ttl_ms);
  void remove(order::iterator at);
  void make_room();

  host::loop& loop_;
  const std::size_t max_bytes_;
  order entries_;  // the most recently used first
  std::unordered_map<std::string_view, order::iterator> index_;
  std::size_t bytes_ = 0;
  std::uint64_t hits_ = 0, misses_ = 0, evicted_ = 0;
  cache_answers answers_;
};

}  // namespace parley::host

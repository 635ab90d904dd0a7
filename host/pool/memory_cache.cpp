#include "host/pool/memory_cache.hpp"

#include <charconv>

namespace parley::host {

memory_cache::memory_cache(host::loop& loop, std::size_t max_bytes)
    : loop_(loop), max_bytes_(max_bytes), answers_(loop) {}

memory_cache::entry* memory_cache::find(std::string_view key) {
  const auto found = index_.find(key);
  if (found == index_.end()) return nullptr;
  const auto at = found->second;
  if (at->expires_ms && at->expires_ms <= loop_.now_ms()) {
    remove(at);
    return nullptr;
  }
  entries_.splice(entries_.begin(), entries_, at);
  return &*at;
}

void memory_cache::remove(order::iterator at) {
  bytes_ -= at->bytes();
  index_.erase(at->key);
  entries_.erase(at);
}

void memory_cache::put(std::string_view key, std::string_view value, std::uint64_t ttl_ms) {
  const auto expires = ttl_ms ? loop_.now_ms() + ttl_ms : 0;
  if (auto* e = find(key)) {
    bytes_ -= e->bytes();
    e->value.assign(value);
    e->expires_ms = expires;
    bytes_ += e->bytes();
  } else {
    entries_.push_front({std::string(key), std::string(value), expires});
    index_.emplace(entries_.front().key, entries_.begin());
    bytes_ += entries_.front().bytes();
  }
  make_room();
}

void memory_cache::make_room() {
  while (bytes_ > max_bytes_ && !entries_.empty()) {
    remove(std::prev(entries_.end()));
    ++evicted_;
  }
}

status memory_cache::get(std::string_view key, void* context, parley_cache_done done) {
  if (too_long(key)) return status::too_large;
  const auto* e = find(key);
  ++(e ? hits_ : misses_);
  answers_.add(context, done, PARLEY_OK, 0, e ? &e->value : nullptr);
  return status::ok;
}

status memory_cache::set(std::string_view key, std::string_view value, std::uint64_t ttl_ms, void* context,
                         parley_cache_done done) {
  if (too_long(key) || value.size() > longest_value) return status::too_large;
  put(key, value, ttl_ms);
  answers_.add(context, done, PARLEY_OK);
  return status::ok;
}

status memory_cache::erase(std::string_view key, void* context, parley_cache_done done) {
  if (too_long(key)) return status::too_large;
  if (const auto found = index_.find(key); found != index_.end()) remove(found->second);
  answers_.add(context, done, PARLEY_OK);
  return status::ok;
}

status memory_cache::add(std::string_view key, std::int64_t delta, std::uint64_t ttl_ms, void* context,
                         parley_cache_done done) {
  if (too_long(key)) return status::too_large;
  auto* e = find(key);
  std::int64_t sum = 0;
  bool sound = true;
  if (e) {
    const auto* end = e->value.data() + e->value.size();
    const auto [at, failed] = std::from_chars(e->value.data(), end, sum);
    sound = failed == std::errc{} && at == end;
  }
  sound = sound && !__builtin_add_overflow(sum, delta, &sum);
  if (!sound) {
    answers_.add(context, done, PARLEY_DATA_ERROR);
    return status::ok;
  }
  const auto text = std::to_string(sum);
  if (e) {
    bytes_ -= e->bytes();
    e->value = text;
    bytes_ += e->bytes();
    make_room();
  } else {
    put(key, text, ttl_ms);
  }
  answers_.add(context, done, PARLEY_OK, sum);
  return status::ok;
}

cache_stats memory_cache::stats() const {
  return {hits_, misses_, evicted_, entries_.size(), bytes_};
}

}  // namespace parley::host

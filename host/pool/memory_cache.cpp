#include "host/pool/memory_cache.hpp"

#include <charconv>
#include <memory>

namespace parley::host {

namespace {
bool too_long(std::string_view key) {
  return key.size() > cache_backend::longest_key + cache_backend::longest_prefix;
}
}  // namespace

memory_cache::memory_cache(host::loop& loop, std::size_t max_bytes) : loop_(loop), max_bytes_(max_bytes) {}

memory_cache::~memory_cache() {
  if (posted_) posted_->cache = nullptr;
  for (const auto& c : completions_) c.done(c.context, PARLEY_CANCELLED, {}, 0);
}

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
  complete(context, done, PARLEY_OK, 0, e ? &e->value : nullptr);
  return status::ok;
}

status memory_cache::set(std::string_view key, std::string_view value, std::uint64_t ttl_ms, void* context,
                         parley_cache_done done) {
  if (too_long(key) || value.size() > longest_value) return status::too_large;
  put(key, value, ttl_ms);
  complete(context, done, PARLEY_OK);
  return status::ok;
}

status memory_cache::erase(std::string_view key, void* context, parley_cache_done done) {
  if (too_long(key)) return status::too_large;
  if (const auto found = index_.find(key); found != index_.end()) remove(found->second);
  complete(context, done, PARLEY_OK);
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
    complete(context, done, PARLEY_DATA_ERROR);
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
  complete(context, done, PARLEY_OK, sum);
  return status::ok;
}

cache_stats memory_cache::stats() const {
  return {hits_, misses_, evicted_, entries_.size(), bytes_};
}

void memory_cache::complete(void* context, parley_cache_done done, parley_status outcome, std::int64_t number,
                            const std::string* value) {
  if (!done) return;
  completions_.push_back({context, done, outcome, value != nullptr, value ? *value : std::string(), number});
  if (posted_) return;
  posted_ = new delivery;
  posted_->cache = this;
  posted_->run = [](loop_task& task) {
    std::unique_ptr<delivery> owned(static_cast<delivery*>(&task));
    if (owned->cache) owned->cache->deliver();
  };
  loop_.post(*posted_);
}

void memory_cache::deliver() {
  posted_ = nullptr;
  delivering_.swap(completions_);
  for (const auto& c : delivering_) {
    c.done(c.context, c.outcome, c.found ? parley_bytes{c.value.data(), c.value.size()} : parley_bytes{}, c.number);
  }
  delivering_.clear();
}

}  // namespace parley::host

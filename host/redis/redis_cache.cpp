#include "host/redis/redis_cache.hpp"

#include <algorithm>
#include <charconv>

#include "host/base/log.hpp"
#include "host/redis/redis_epoch.hpp"

namespace parley::host {

namespace {

constexpr std::uint64_t longest_stay_ms = 7 * 86'400'000;

/// INCRBY on what stands behind the epoch. Lua's numbers cannot hold 64 bits, so Redis adds and Lua only moves text.
constexpr std::string_view add_script = R"(
local epoch = redis.call('GET', KEYS[1])
if not epoch then return {false, ''} end
local value, number, ttl = redis.call('GET', KEYS[2]), '0', 0
if value and string.sub(value, 1, #epoch) == epoch then
  number, ttl = string.sub(value, #epoch + 1), redis.call('PTTL', KEYS[2])
end
if ttl < 1 then ttl = tonumber(ARGV[2]) end
redis.call('SET', KEYS[2], number, 'PX', ttl)
local sum = redis.pcall('INCRBY', KEYS[2], ARGV[1])
if type(sum) == 'table' then
  redis.call('SET', KEYS[2], value, 'PX', ttl)
  return sum
end
number = redis.call('GET', KEYS[2])
redis.call('SET', KEYS[2], epoch .. number, 'PX', ttl)
return {epoch, number})";

std::string stay(std::uint64_t ttl_ms) {
  return std::to_string(ttl_ms ? std::min(ttl_ms, longest_stay_ms) : longest_stay_ms);
}

bool is_data_error(std::string_view text) {
  return text.find("not an integer or out of range") != text.npos || text.find("would overflow") != text.npos;
}

}  // namespace

redis_cache::redis_cache(host::loop& loop, const std::string& pool, redis_address where, redis_limits limits)
    : prefix_("parley:cache:" + pool + ":"),
      epoch_key_("parley:epoch:" + pool),
      answers_(loop),
      link_(std::make_unique<redis_link>(loop, std::move(where), limits)) {
  link_->watch(*this);
  link_->start();
}

redis_cache::~redis_cache() {
  shutdown();
}

void redis_cache::shutdown() {
  ending_ = true;
  link_->stop();
}

// ---- the epoch ----

void redis_cache::redis_up() {
  serving_ = false;
  link_->send({"INFO", "server"}, [this](const redisReply* reply) {
    run_id_ = redis_epoch::run_id_in(failed(reply) ? "" : text_of(reply));
  });
  link_->send({"GET", epoch_key_}, [this](const redisReply* reply) {
    if (failed(reply)) return link_->drop("it refuses to read: " + printable(text_of(reply)));
    if (reply) check_epoch(text_of(reply));
  });
}

void redis_cache::check_epoch(std::string_view stored) {
  if (unconfirmed_ || !redis_epoch::belongs(stored, run_id_)) return renew();
  epoch_ = stored;
  // Values may be found only where erases can be done: a replica would refuse this one.
  link_->send({"DEL", epoch_key_ + ":probe"}, [this](const redisReply* reply) {
    if (failed(reply)) return link_->drop("it refuses to delete: " + printable(text_of(reply)));
    if (reply) serve();
  });
}

void redis_cache::renew() {
  serving_ = false;
  unconfirmed_ = false;
  epoch_ = redis_epoch::make(run_id_);
  auto done = [this](const redisReply* reply) {
    if (reply && !failed(reply)) return true;
    unconfirmed_ = true;
    if (reply) link_->drop("it takes no values: " + printable(text_of(reply)));
    return false;
  };
  // A full Redis still deletes, which already voids everything.
  const auto must = redis_link::urgency::must;
  auto sent = link_->send(
      {"DEL", epoch_key_}, [done](const redisReply* reply) { done(reply); }, must);
  if (sent == status::ok) {
    sent = link_->send(
        {"SET", epoch_key_, epoch_},
        [this, done](const redisReply* reply) {
          if (!done(reply) || unconfirmed_) return;
          ++renewals_;
          serve();
        },
        must);
  }
  if (sent == status::ok) return;
  unconfirmed_ = true;
  link_->drop("too much waits for it");
}

void redis_cache::serve() {
  serving_ = true;
  link_->settled();
}

/// An answer with the epoch in front and `elements` in all; a new epoch of another node is taken over, a lost one
/// replaced.
bool redis_cache::holds(const redisReply* reply, std::size_t elements) {
  if (!serving_ || !reply || reply->type != REDIS_REPLY_ARRAY || reply->elements != elements) return false;
  const auto epoch = text_of(reply->element[0]);
  if (epoch == epoch_) return true;
  if (redis_epoch::belongs(epoch, run_id_)) {
    epoch_ = epoch;
    return true;
  }
  renew();
  return false;
}

// ---- operations ----

status redis_cache::get(std::string_view key, void* context, parley_cache_done done) {
  if (too_long(key)) return status::too_large;
  const waiter w{context, done};
  if (!serving_) {
    miss_later(w);
  } else if (refused(link_->send({"MGET", epoch_key_, prefix_ + std::string(key)},
                                 [this, w](const redisReply* reply) { got(reply, w); }))) {
    miss_later(w);
  }
  return status::ok;
}

void redis_cache::got(const redisReply* reply, waiter w) {
  if (failed(reply)) link_->drop("it refuses to read: " + printable(text_of(reply)));
  const bool sound = holds(reply, 2);
  const auto value = sound ? text_of(reply->element[1]) : std::string_view{};
  const bool hit = sound && value.starts_with(epoch_) && value.size() - epoch_.size() <= longest_value;
  ++(hit ? hits_ : misses_);
  finish(w, PARLEY_OK, hit ? parley_bytes{value.data() + epoch_.size(), value.size() - epoch_.size()} : parley_bytes{});
}

status redis_cache::set(std::string_view key, std::string_view value, std::uint64_t ttl_ms, void* context,
                        parley_cache_done done) {
  if (too_long(key) || value.size() > longest_value) return status::too_large;
  const waiter w{context, done};
  auto full = prefix_ + std::string(key);
  if (!serving_ || refused(link_->send({"SET", full, epoch_ + std::string(value), "PX", stay(ttl_ms)},
                                       [this, full, w](const redisReply* reply) { set_done(reply, full, w); }))) {
    not_kept(full, {});
    answers_.add(context, done, PARLEY_OK);
  }
  return status::ok;
}

void redis_cache::set_done(const redisReply* reply, const std::string& key, waiter w) {
  if (!reply) {
    ++dropped_;
    unconfirmed_ = true;
  } else if (failed(reply)) {
    not_kept(key, text_of(reply));
  } else {
    refusal_.clear();
  }
  finish(w, PARLEY_OK);
}

status redis_cache::erase(std::string_view key, void* context, parley_cache_done done) {
  if (too_long(key)) return status::too_large;
  invalidate(prefix_ + std::string(key), {context, done});
  return status::ok;
}

status redis_cache::add(std::string_view key, std::int64_t delta, std::uint64_t ttl_ms, void* context,
                        parley_cache_done done) {
  if (too_long(key)) return status::too_large;
  const waiter w{context, done};
  auto full = prefix_ + std::string(key);
  if (!serving_ ||
      refused(link_->send({"EVAL", add_script, "2", epoch_key_, full, std::to_string(delta), stay(ttl_ms)},
                          [this, full, delta, w](const redisReply* reply) { added(reply, full, delta, w); }))) {
    not_kept(full, {});
    answers_.add(context, done, PARLEY_OK, delta);
  }
  return status::ok;
}

void redis_cache::added(const redisReply* reply, const std::string& key, std::int64_t delta, waiter w) {
  if (failed(reply) && is_data_error(text_of(reply))) return finish(w, PARLEY_DATA_ERROR);
  std::int64_t sum = 0;
  const bool sound = holds(reply, 2);
  const auto text = sound ? text_of(reply->element[1]) : std::string_view{};
  if (sound && std::from_chars(text.data(), text.data() + text.size(), sum).ec == std::errc{}) {
    refusal_.clear();
    return finish(w, PARLEY_OK, {}, sum);
  }
  if (reply) {
    not_kept(key, failed(reply) ? text_of(reply) : "");
  } else {
    ++dropped_;
    unconfirmed_ = true;
  }
  finish(w, PARLEY_OK, {}, delta);
}

/// A value was not kept: the older one must not be found instead.
void redis_cache::not_kept(const std::string& key, std::string_view why) {
  ++dropped_;
  if (!why.empty()) refusal_ = printable(why);
  invalidate(key, {});
}

void redis_cache::invalidate(const std::string& key, waiter w) {
  const auto sent = link_->send(
      {"DEL", key},
      [this, w](const redisReply* reply) {
        if (!reply || failed(reply)) unconfirmed_ = true;
        if (failed(reply)) link_->drop("it refuses to delete: " + printable(text_of(reply)));
        finish(w, PARLEY_OK);
      },
      redis_link::urgency::must);
  if (sent == status::ok) return;
  unconfirmed_ = true;
  if (refused(sent)) link_->drop("more waits for it than it is given");
  answers_.add(w.context, w.done, PARLEY_OK);
}

bool redis_cache::refused(status sent) {
  if (sent == status::busy) ++busy_;
  return sent != status::ok;
}

void redis_cache::miss_later(waiter w) {
  ++misses_;
  answers_.add(w.context, w.done, PARLEY_OK);
}

void redis_cache::finish(waiter w, parley_status outcome, parley_bytes value, std::int64_t number) const {
  if (!w.done) return;
  if (ending_) {
    w.done(w.context, PARLEY_CANCELLED, {}, 0);
  } else {
    w.done(w.context, outcome, value, number);
  }
}

// ---- for people ----

cache_stats redis_cache::stats() const {
  cache_stats out;
  out.elsewhere = true;
  out.hits = hits_;
  out.misses = misses_;
  out.queued = link_->up() ? link_->in_flight() : 0;  // a greeting is nobody's command
  out.timeouts = link_->timeouts();
  out.dropped = dropped_;
  out.busy = busy_;
  out.renewals = renewals_;
  out.reconnects = link_->reconnects();
  const auto& trips = link_->round_trips_us();
  out.round_trip_us = trips.count() ? trips.sum() / trips.count() : 0;
  return out;
}

std::string redis_cache::trouble() const {
  if (!link_->trouble().empty())
    return place() + " is away: " + link_->trouble() + "; everything is a miss until it is back";
  if (!refusal_.empty()) return place() + " keeps no values: " + refusal_;
  return {};
}

const char* redis_cache::state() const {
  if (serving_) return refusal_.empty() ? "ok" : "full";
  return link_->up() ? "greeting" : to_string(link_->state());
}

}  // namespace parley::host

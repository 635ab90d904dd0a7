#include "host/redis/redis_presence.hpp"

#include <charconv>

#include "host/base/log.hpp"

namespace parley::host {

namespace {

constexpr std::string_view key_prefix = "parley:presence:";
constexpr std::uint64_t retry_ms = 2000;

constexpr std::string_view remove_script = R"(
local value = redis.call('HGET', KEYS[1], ARGV[1])
if value and string.sub(value, 1, #ARGV[2]) == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end
return 0)";

std::string key_of(std::uint64_t user) {
  return std::string(key_prefix) + std::to_string(user);
}

template <class Number>
bool read_number(std::string_view text, Number& out) {
  const auto* end = text.data() + text.size();
  const auto [at, failed] = std::from_chars(text.data(), end, out);
  return failed == std::errc{} && at == end && !text.empty();
}

}  // namespace

struct redis_presence::timer_handle {
  uv_timer_t raw;
  redis_presence* owner;
};

redis_presence::redis_presence(loop& l, session_table& sessions, redis_link& link, std::string node)
    : loop_(l),
      sessions_(sessions),
      link_(link),
      owner_(std::move(node) + ":"),
      working_([this] { work(); }),
      retry_(new timer_handle{{}, this}) {
  uv_timer_init(loop_.raw(), &retry_->raw);
  retry_->raw.data = retry_;
  link_.watch(*this);
}

redis_presence::~redis_presence() {
  link_.forget(*this);
  link_.stop();  // what is in flight would come back to us
  retry_->owner = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(&retry_->raw),
           [](uv_handle_t* h) { delete static_cast<timer_handle*>(h->data); });
}

void redis_presence::changed(std::uint64_t user, std::uint32_t tag) {
  if (!link_.up()) return;  // everything is written when it comes
  changed_.emplace(user, tag);
  if (!working_.linked()) loop_.at_turn_end(working_);
}

bool redis_presence::idle() const {
  return !link_.up() ||
         (changed_.empty() && to_write_.empty() && to_look_at_.empty() && cursor_.empty() && in_flight_ == 0);
}

void redis_presence::finish() {
  finishing_ = true;
  clear_pass();
}

void redis_presence::clear_pass() {
  to_write_.clear();
  to_look_at_.clear();
  cursor_.clear();
  scan_sent_ = false;
}

/// Everything is begun once more, later.
void redis_presence::give_up() {
  clear_pass();
  changed_.clear();
  refused_ = true;
  ++counters_.refused;
}

void redis_presence::redis_down() {
  clear_pass();
  changed_.clear();
  uv_timer_stop(&retry_->raw);
}

void redis_presence::begin() {
  if (finishing_) return;
  clear_pass();
  refused_ = false;
  sessions_.each([this](session& s) { to_write_.push_back(s.id); });
  cursor_ = "0";
  loop_.at_turn_end(working_);
}

// What has just changed first, then the rest of the memory, then what others may have left.
void redis_presence::work() {
  while (link_.up() && in_flight_ < window) {
    if (!changed_.empty()) {
      const auto t = changed_.extract(changed_.begin()).value();
      if (online_since(t))
        write(t);
      else
        remove(t);
    } else if (!to_write_.empty()) {
      const auto* s = sessions_.find(to_write_.back());
      to_write_.pop_back();
      if (s && s->authenticated && s->principal.flags & PARLEY_TERMINAL) write({s->principal.id, s->principal.tag});
    } else if (!to_look_at_.empty()) {
      const auto key = std::move(to_look_at_.back());
      to_look_at_.pop_back();
      look_at(key);
    } else if (!cursor_.empty() && !scan_sent_) {
      scan();
    } else {
      break;
    }
  }
  if (!refused_ || !idle() || !link_.up()) return;
  uv_timer_start(
      &retry_->raw, [](uv_timer_t* t) { static_cast<timer_handle*>(t->data)->owner->begin(); }, retry_ms, 0);
}

template <class Then>
void redis_presence::send(std::initializer_list<std::string_view> words, Then then) {
  const auto sent = link_.send(words, [this, then = std::move(then)](const redisReply* reply) {
    --in_flight_;
    if (failed(reply)) {
      if (!refused_) log_of("pool")->warn("presence in {}: {}", link_.where().shown(), printable(text_of(reply)));
      give_up();
    } else if (reply) {
      then(reply);
    }
    if (reply && !working_.linked()) loop_.at_turn_end(working_);
  });
  if (sent == status::ok) {
    ++in_flight_;
  } else {
    give_up();  // a busy cache goes first
  }
}

void redis_presence::send(std::initializer_list<std::string_view> words, std::uint64_t& done) {
  send(words, [&done](const redisReply*) { ++done; });
}

/// Unix seconds of the connect of the newest such terminal; 0 when there is none.
std::uint64_t redis_presence::online_since(const terminal& t) {
  std::uint64_t since = 0;
  sessions_.each_terminal(t.first, [&](session& s) {
    if (s.principal.tag == t.second) since = loop::unix_ms() / 1000 - (sessions_.now_s() - s.opened);
  });
  return since;
}

void redis_presence::write(const terminal& t) {
  const auto since = online_since(t);
  if (!since) return;
  send({"HSET", key_of(t.first), std::to_string(t.second), owner_ + std::to_string(since)}, counters_.written);
}

void redis_presence::remove(const terminal& t) {
  send({"EVAL", remove_script, "1", key_of(t.first), std::to_string(t.second), owner_}, counters_.removed);
}

void redis_presence::scan() {
  scan_sent_ = true;
  send({"SCAN", cursor_, "MATCH", std::string(key_prefix) + "*", "COUNT", "500"},
       [this](const redisReply* reply) { scanned(reply); });
}

void redis_presence::scanned(const redisReply* reply) {
  scan_sent_ = false;
  if (finishing_) return;
  if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) return cursor_.clear();
  cursor_ = text_of(reply->element[0]);
  if (cursor_ == "0") cursor_.clear();
  const auto* keys = reply->element[1];
  for (std::size_t i = 0; i < keys->elements; ++i) to_look_at_.emplace_back(text_of(keys->element[i]));
}

void redis_presence::look_at(const std::string& key) {
  send({"HGETALL", key}, [this, key](const redisReply* reply) { looked_at(key, reply); });
}

void redis_presence::looked_at(const std::string& key, const redisReply* reply) {
  terminal t;
  if (!read_number(std::string_view(key).substr(key_prefix.size()), t.first)) return;
  for (std::size_t i = 0; i + 1 < reply->elements; i += 2) {
    if (!text_of(reply->element[i + 1]).starts_with(owner_)) continue;
    if (read_number(text_of(reply->element[i]), t.second) && !online_since(t)) changed_.insert(t);
  }
}

}  // namespace parley::host

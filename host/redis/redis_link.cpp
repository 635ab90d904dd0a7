#include "host/redis/redis_link.hpp"

#include <algorithm>

#include "host/base/log.hpp"

namespace parley::host {

namespace {

constexpr std::uint64_t first_backoff_ms = 50;
constexpr std::uint64_t longest_backoff_ms = 2000;
constexpr std::uint64_t ping_ms = 2000;         // of silence
constexpr std::size_t most_output = 32 << 20;   // bytes not taken by the kernel
constexpr std::size_t longest_reply = 8 << 20;  // more is no reply to anything asked here

void append_command(std::string& out, std::initializer_list<std::string_view> words) {
  out += "*" + std::to_string(words.size()) + "\r\n";
  for (const auto word : words) {
    out += "$" + std::to_string(word.size()) + "\r\n";
    out += word;
    out += "\r\n";
  }
}

constexpr int most_elements = 100'000;

/// hiredis makes room for as many elements as an array claims to have, before the first has come.
redisReader* make_reader() {
  auto* reader = redisReaderCreate();
  static const redisReplyObjectFunctions made_by_hiredis = *reader->fn;
  static redisReplyObjectFunctions bounded = [] {
    auto functions = made_by_hiredis;
    functions.createArray = [](const redisReadTask* task, int elements) -> void* {
      return elements > most_elements ? nullptr : made_by_hiredis.createArray(task, elements);
    };
    return functions;
  }();
  reader->fn = &bounded;
  return reader;
}

std::uint64_t backoff_ms(std::uint32_t attempts) {
  const auto wait = std::min(first_backoff_ms << std::min(attempts, 10u), longest_backoff_ms);
  return wait * 3 / 4 + uv_hrtime() / 1000 % (wait / 2);  // nodes that lost one Redis do not come back as one
}

}  // namespace

const char* to_string(redis_state s) {
  switch (s) {
    case redis_state::connecting:
      return "connecting";
    case redis_state::greeting:
      return "greeting";
    case redis_state::up:
      return "up";
    case redis_state::waiting:
      return "away";
  }
  return "?";
}

struct redis_link::timer_handle {
  uv_timer_t raw;
  redis_link* owner;
};

redis_link::redis_link(loop& l, redis_address where, redis_limits limits)
    : loop_(l),
      where_(std::move(where)),
      limits_(limits),
      starting_([this] { connect(); }),
      flushing_([this] { flush(); }),
      dropping_([this] { lose(std::string(drop_reason_)); }),
      timer_(new timer_handle{{}, this}) {
  uv_timer_init(loop_.raw(), &timer_->raw);
  timer_->raw.data = timer_;
}

redis_link::~redis_link() {
  stop();
  timer_->owner = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(&timer_->raw),
           [](uv_handle_t* h) { delete static_cast<timer_handle*>(h->data); });
}

void redis_link::stop() {
  uv_timer_stop(&timer_->raw);
  starting_.unlink();
  close();
}

void redis_link::close() {
  state_ = redis_state::waiting;
  settled_ = false;
  drop_reason_.clear();
  socket_.reset();
  output_.clear();
  flushing_.unlink();
  dropping_.unlink();
  for (auto& c : std::exchange(pending_, {})) c.then(nullptr);
}

void redis_link::start() {
  state_ = redis_state::connecting;
  loop_.at_turn_end(starting_);
}

void redis_link::set_timer(std::uint64_t ms) {
  uv_timer_start(
      &timer_->raw, [](uv_timer_t* t) { static_cast<timer_handle*>(t->data)->owner->timer_fired(); }, ms, 0);
}

void redis_link::timer_fired() {
  switch (state_) {
    case redis_state::waiting:
      return connect();
    case redis_state::connecting:
    case redis_state::greeting:
      return lose("no connection within " + std::to_string(limits_.connect_ms) + " ms");
    case redis_state::up:
      return check_answers();
  }
}

void redis_link::connect() {
  state_ = redis_state::connecting;
  ++attempts_;
  reader_.reset(make_reader());
  unfinished_reply_ = 0;
  set_timer(limits_.connect_ms);
  socket_.reset(new stream_socket(loop_, {where_.host, where_.port, where_.path}, *this));
}

void redis_link::socket_connected() {
  state_ = redis_state::greeting;
  greet();
}

void redis_link::greet() {
  if (!where_.password.empty()) {
    auto then = [this](const redisReply* reply) { greeting_answered("user or password", reply); };
    if (where_.user.empty())
      queue_command({"AUTH", where_.password}, then);
    else
      queue_command({"AUTH", where_.user, where_.password}, then);
  }
  if (where_.db) {
    queue_command({"SELECT", std::to_string(where_.db)},
                  [this](const redisReply* reply) { greeting_answered("database", reply); });
  }
  queue_command({"PING"}, [this](const redisReply* reply) {
    greeting_answered("connection", reply);
    if (reply && drop_reason_.empty()) come_up();
  });
}

void redis_link::greeting_answered(const char* what, const redisReply* reply) {
  if (!failed(reply) || !drop_reason_.empty()) return;
  drop("it refuses the " + std::string(what) + ": " + without_password(std::string(text_of(reply))));
}

// An unknown command is answered with its arguments, and AUTH may be renamed.
std::string redis_link::without_password(std::string text) const {
  for (auto at = text.find(where_.password); !where_.password.empty() && at != text.npos;
       at = text.find(where_.password, at + 3)) {
    text.replace(at, where_.password.size(), "***");
  }
  return printable(text);
}

void redis_link::come_up() {
  state_ = redis_state::up;
  late_ = false;
  ++ups_;
  set_timer(ping_ms);
  for (auto* w : watchers_) w->redis_up();
}

void redis_link::settled() {
  if (settled_ || state_ != redis_state::up) return;
  settled_ = true;
  attempts_ = 0;
  if (!trouble_.empty()) log_of("pool")->info("{} is back", where_.shown());
  trouble_.clear();
  for (auto* w : watchers_) w->redis_settled();
}

void redis_link::drop(std::string why) {
  if (state_ == redis_state::waiting || !drop_reason_.empty()) return;
  drop_reason_ = std::move(why);
  loop_.at_turn_end(dropping_);
}

void redis_link::socket_lost(const std::string& why) {
  lose(why);
}

void redis_link::lose(const std::string& why) {
  const bool was_up = state_ == redis_state::up;
  if (trouble_ != why) log_of("pool")->warn("{} is away: {}", where_.shown(), why);
  trouble_ = why;
  set_timer(backoff_ms(attempts_));
  close();
  if (!was_up) return;
  for (auto* w : watchers_) w->redis_down();
}

status redis_link::send(std::initializer_list<std::string_view> words, answer then, urgency how) {
  if (state_ != redis_state::up || !drop_reason_.empty()) return status::unavailable;
  const std::size_t factor = how == urgency::must ? 2 : 1;
  if (pending_.size() >= limits_.queue * factor || output_.size() + socket_->unwritten() > most_output * factor) {
    return status::busy;
  }
  queue_command(words, std::move(then));
  return status::ok;
}

void redis_link::queue_command(std::initializer_list<std::string_view> words, answer then) {
  append_command(output_, words);
  if (pending_.empty() && state_ == redis_state::up) set_timer(limits_.command_ms);
  pending_.push_back({std::move(then), uv_hrtime()});
  if (!flushing_.linked()) loop_.at_turn_end(flushing_);
}

void redis_link::flush() {
  if (socket_ && !output_.empty()) socket_->write(std::exchange(output_, {}));
}

void redis_link::socket_received(std::string_view data) {
  if (!drop_reason_.empty()) return;
  late_ = false;
  unfinished_reply_ += data.size();
  redisReaderFeed(reader_.get(), data.data(), data.size());
  if (!take_replies()) drop("it does not speak Redis's protocol");
  if (unfinished_reply_ > longest_reply) drop("it sends a reply without an end");
}

bool redis_link::take_replies() {
  const auto now = last_answer_ns_ = uv_hrtime();
  while (drop_reason_.empty()) {
    void* raw = nullptr;
    if (redisReaderGetReply(reader_.get(), &raw) != REDIS_OK) return false;
    if (!raw) return true;
    std::unique_ptr<void, void (*)(void*)> reply(raw, freeReplyObject);
    unfinished_reply_ = 0;
    if (pending_.empty()) return false;
    auto first = std::move(pending_.front());
    pending_.pop_front();
    round_trips_us_.add((now - first.sent_ns) / 1000);
    first.then(static_cast<const redisReply*>(raw));
  }
  return true;
}

void redis_link::check_answers() {
  if (pending_.empty()) {
    const auto silent_ms = (uv_hrtime() - last_answer_ns_) / 1000000;
    if (silent_ms < ping_ms) return set_timer(ping_ms - silent_ms);
    send({"PING"}, [this](const redisReply* reply) {
      if (failed(reply)) drop("it answers: " + without_password(std::string(text_of(reply))));
    });
    return;
  }
  const auto waited_ms = (uv_hrtime() - pending_.front().sent_ns) / 1000000;
  if (waited_ms < limits_.command_ms) return set_timer(limits_.command_ms - waited_ms);
  if (!late_) {
    // Timers run before sockets are read: after a long turn the answer may be there already.
    late_ = true;
    return set_timer(1);
  }
  timeouts_ += pending_.size();
  lose("no answer within " + std::to_string(limits_.command_ms) + " ms");
}

}  // namespace parley::host

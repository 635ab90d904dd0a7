// A connection to a Redis that comes back by itself: pipelined commands, timeouts, reconnects.
#pragma once

#include <hiredis/hiredis.h>

#include <deque>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/config/redis_url.hpp"
#include "host/net/stream_socket.hpp"
#include "host/pool/histogram.hpp"
#include "parley/status.hpp"

namespace parley::host {

struct redis_limits {
  std::uint64_t connect_ms = 1000;  // from the name to the answered greeting
  std::uint64_t command_ms = 500;   // from send() to the answer
  std::uint32_t queue = 10000;      // commands waiting for an answer
};

/// connecting (look-up, connect) -> greeting (AUTH, SELECT, PING) -> up; from each of them -> waiting -> connecting
enum class redis_state { connecting, greeting, up, waiting };
const char* to_string(redis_state s);

/// Hears of a link's ups and downs.
struct redis_watcher {
  virtual ~redis_watcher() = default;
  virtual void redis_up() {}
  /// It is up, and whoever watches first has found it usable.
  virtual void redis_settled() {}
  /// After every command in flight has been answered with null.
  virtual void redis_down() = 0;
};

/// Commands of one turn of the loop leave in one write. A Redis that does not answer one command in time is away: all
/// commands in flight are answered with null at once, and it is connected to again, first soon, then every two seconds.
/// [loop]
class redis_link final : stream_socket::user {
 public:
  /// The reply is null when the connection was lost first, and valid for the call.
  using answer = std::function<void(const redisReply* reply)>;
  /// Who may go beyond the queue's limit: up to twice of it, for what must not be dropped.
  enum class urgency { normal, must };

  redis_link(loop& l, redis_address where, redis_limits limits);
  redis_link(const redis_link&) = delete;
  /// What is in flight is answered with null.
  ~redis_link() override;

  void watch(redis_watcher& w) { watchers_.push_back(&w); }
  void forget(redis_watcher& w) { std::erase(watchers_, &w); }
  /// Once, in the loop's next turn: what a node does before its loop runs takes longer than a connect may.
  void start();
  /// Closes it for good; what is in flight is answered with null.
  void stop();

  /// busy: too much is in flight; unavailable: not up. Then `then` is not called; else once, never before this returns.
  status send(std::initializer_list<std::string_view> words, answer then, urgency how = urgency::normal);
  /// Gives the connection up at the end of the turn, because Redis does not do what it has to; tried again as after any
  /// loss.
  void drop(std::string why);

  /// It was found to do what it is there for: the outage is over.
  void settled();

  bool up() const { return state_ == redis_state::up; }
  redis_state state() const { return state_; }
  const redis_address& where() const { return where_; }
  /// Why it is not there; empty while it is settled, and before the first attempt has ended.
  const std::string& trouble() const { return trouble_; }
  std::size_t in_flight() const { return pending_.size(); }

  std::uint64_t reconnects() const { return ups_ ? ups_ - 1 : 0; }
  /// Commands that were given up because one of them took too long.
  std::uint64_t timeouts() const { return timeouts_; }
  const histogram& round_trips_us() const { return round_trips_us_; }

 private:
  struct command {
    answer then;
    std::uint64_t sent_ns;
  };
  struct timer_handle;

  void socket_connected() override;
  void socket_received(std::string_view data) override;
  void socket_lost(const std::string& why) override;

  void connect();
  void close();
  void greet();
  void greeting_answered(const char* what, const redisReply* reply);
  void come_up();
  void lose(const std::string& why);
  void queue_command(std::initializer_list<std::string_view> words, answer then);
  void flush();
  void set_timer(std::uint64_t ms);
  void timer_fired();
  void check_answers();
  bool take_replies();
  std::string without_password(std::string text) const;

  loop& loop_;
  const redis_address where_;
  const redis_limits limits_;
  std::vector<redis_watcher*> watchers_;
  redis_state state_ = redis_state::waiting;
  std::unique_ptr<stream_socket> socket_;
  std::unique_ptr<redisReader, void (*)(redisReader*)> reader_{nullptr, redisReaderFree};
  std::deque<command> pending_;
  std::string output_;
  turn_end_task starting_;
  turn_end_task flushing_;
  turn_end_task dropping_;
  timer_handle* timer_;  // libuv's once it is closed
  bool settled_ = false;
  std::string trouble_;
  std::string drop_reason_;
  bool late_ = false;                 // a command is overdue; its answer may lie unread in the socket
  std::size_t unfinished_reply_ = 0;  // bytes since the last whole one
  std::uint64_t last_answer_ns_ = 0;
  std::uint32_t attempts_ = 0;  // since it last was settled
  std::uint64_t ups_ = 0;
  std::uint64_t timeouts_ = 0;
  histogram round_trips_us_;
};

/// A reply's bytes; empty where it has none.
inline std::string_view text_of(const redisReply* reply) {
  return reply && reply->str ? std::string_view{reply->str, reply->len} : std::string_view{};
}
inline bool failed(const redisReply* reply) {
  return reply && reply->type == REDIS_REPLY_ERROR;
}

}  // namespace parley::host

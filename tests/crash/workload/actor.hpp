// One terminal that talks through whatever happens, and writes down what it was told.
#pragma once

#include <map>
#include <memory>
#include <random>
#include <vector>

#include "client/content.hpp"
#include "client/session.hpp"
#include "client/timer.hpp"
#include "crash/workload/recorder.hpp"
#include "crash/workload/role.hpp"

namespace parley::crash {

/// Lives on the loop of its company. [thread of the loop]
class actor {
 public:
  actor(stage& on, client::event_loop& loop, const role& as, terminal& log, pulse& alive, std::uint64_t seed);

  /// Every 20 ms: connects, talks, or lets go.
  void tick();

 private:
  struct message {
    place to;
    std::string id;
    std::string text;
    bool acked = false;
    bool given_up = false;  ///< level 0: its outcome stays unknown
    std::uint32_t in_flight = 0;
  };

  const person& me() const { return stage_.people[role_.person]; }
  bool chance(std::uint32_t of, std::uint32_t in) { return random_() % in < of; }

  place somewhere();
  void connect();
  void arrived();
  void left();
  void lost(const client::error& why);
  void pump();
  void say_something();
  void send(std::size_t number);
  void answered(std::size_t number, std::int64_t sent_at_ns, std::uint64_t content, client::result<client::pdu> got);
  void acked(std::size_t number, std::int64_t sent_at_ns, std::uint64_t content, const client::pdu& got);
  void refused(std::size_t number, const client::error& why);
  void unasked(const client::pdu& got);
  void ask_for_page();
  void move_position();

  stage& stage_;
  client::event_loop& loop_;
  const role role_;
  recorder recorder_;
  pulse& alive_;
  std::mt19937_64 random_;
  client::content_codec codec_;
  std::unique_ptr<client::session> session_;
  bool gone_ = true;  ///< the session has ended
  std::size_t node_ = 0;
  std::uint32_t ends_ = 0;  ///< of the node, when the session began
  std::int64_t rest_until_ns_ = 0;
  std::vector<message> messages_;
  std::vector<std::size_t> again_;        ///< refused, to be said again at the next tick
  std::size_t open_ = 0;                  ///< questions about messages in flight
  std::map<place, std::uint32_t> heard_;  ///< the highest msg_id seen
};

}  // namespace parley::crash

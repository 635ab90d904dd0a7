// Which nodes there are: a key each in Redis, kept alive by its node, read by all.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "host/cluster/fellow.hpp"
#include "host/net/loop_timer.hpp"
#include "host/redis/redis_link.hpp"

namespace parley::host {

/// Key parley:node:<name> holds the JSON of fellow.hpp and lives for the lease; set parley:nodes names them. One script
/// every fifth of the lease writes ours and reads all: what Redis has lost is written anew by that, whatever it was. A
/// name that another life holds is left alone. What was read last is kept when Redis is away: the nodes that were there
/// then are the nodes there are. [loop]
class registry final : redis_watcher {
 public:
  struct setting {
    redis_address where;
    redis_limits limits;
    std::uint64_t lease_ms = 5000;
    node_identity self;
    std::uint64_t former = 0;  // incarnation; its entry may be taken over
  };

  registry(loop& l, setting s);
  registry(const registry&) = delete;
  ~registry() override;

  /// What our entry says; asked at each heartbeat.
  std::function<fellow_facts()> describe;
  /// Called when the others have been read.
  std::function<void()> on_read;

  void start() { link_.start(); }
  /// Writes and reads now, not at the next heartbeat.
  void beat();
  /// Takes the entry away, if Redis is there; no more heartbeats. idle() says when that is done.
  void leave();
  bool idle() const { return !link_.up() || link_.in_flight() == 0; }
  void set_number(std::uint16_t number) { set_.self.number = number; }

  /// As read last, without ourselves.
  const std::vector<fellow_facts>& fellows() const { return fellows_; }
  /// Whether anything was read, ever.
  bool known() const { return read_ms_ != 0; }
  std::uint64_t age_ms() const { return known() ? loop_.now_ms() - read_ms_ : 0; }
  /// Whether our entry stands, by what we know.
  bool entered() const { return entered_; }
  /// Another life that holds our name; its name is empty while there is none.
  const fellow_facts& holder() const { return holder_; }
  /// Why it is not as it should be; else empty.
  std::string trouble() const;
  std::string place() const { return link_.where().shown(); }
  redis_link& link() { return link_; }

 private:
  void redis_up() override { beat(); }
  void redis_down() override;
  void answered(const redisReply* reply);

  loop& loop_;
  setting set_;
  std::vector<fellow_facts> fellows_;
  fellow_facts holder_;
  bool entered_ = false;
  bool asked_ = false;  // a heartbeat is on its way
  bool leaving_ = false;
  std::uint64_t read_ms_ = 0;
  std::string refused_;  // what Redis said instead
  redis_link link_;
  loop_timer timer_;
};

}  // namespace parley::host

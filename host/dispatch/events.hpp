// Events between plugins: at most once, after the fact, in order of publication. [loop]
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "host/net/loop.hpp"
#include "parley/abi.h"

namespace parley::host {

class generation;

class event_bus {
  struct subscription {
    generation* owner;
    void (*handle)(void* plugin, parley_bytes body);
  };

 public:
  using subscription_table = std::map<std::string, std::vector<subscription>, std::less<>>;

  explicit event_bus(loop& l) : loop_(l) {}

  /// Of the active generations. [any]
  static subscription_table subscriptions_of(const std::vector<generation*>& generations);
  void swap_subscriptions(subscription_table& table) { subscriptions_.swap(table); }
  /// Whether anybody listens, on whatever node.
  bool heard(std::string_view name) const { return heard_here(name) || (heard_elsewhere && heard_elsewhere(name)); }
  bool heard_here(std::string_view name) const { return observer || subscriptions_.find(name) != subscriptions_.end(); }
  /// Handlers run at the end of this turn. Dropped, and counted, when 100,000 are waiting. Other nodes are told, too.
  void publish(std::string_view name, parley_bytes body, std::string_view publisher);
  /// The same on this node only. `not_for`: a plugin that does not hear it, because its own kind published it
  /// elsewhere.
  void publish_here(std::string_view name, parley_bytes body, std::string_view not_for = {});

  /// Set by the cluster.
  std::function<bool(std::string_view name)> heard_elsewhere;
  std::function<void(std::string_view name, std::string_view publisher, std::string_view body)> carry;
  /// When set, hears every event, after its subscribers.
  std::function<void(std::string_view name, std::string_view body)> observer;

  std::uint64_t published() const { return published_; }
  std::uint64_t dropped() const { return dropped_; }

 private:
  struct pending {
    std::string name;
    std::string body;
    std::string not_for;
  };
  void deliver();

  loop& loop_;
  subscription_table subscriptions_;
  std::deque<pending> queue_;
  bool scheduled_ = false;
  std::uint64_t published_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace parley::host

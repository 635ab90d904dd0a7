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
 public:
  explicit event_bus(loop& l) : loop_(l) {}

  /// Subscriptions of the active generations; replaces what was there.
  void rebuild(const std::vector<generation*>& generations);
  bool heard(std::string_view name) const { return observer || subscriptions_.find(name) != subscriptions_.end(); }
  /// Handlers run at the end of this turn. Dropped, and counted, when 100,000 are waiting.
  void publish(std::string_view name, parley_bytes body);

  /// When set, hears every event, after its subscribers.
  std::function<void(std::string_view name, std::string_view body)> observer;

  std::uint64_t published() const { return published_; }
  std::uint64_t dropped() const { return dropped_; }

 private:
  struct subscription {
    generation* owner;
    void (*handle)(void* plugin, parley_bytes body);
  };
  struct pending {
    std::string name;
    std::string body;
  };
  void deliver();

  loop& loop_;
  std::map<std::string, std::vector<subscription>, std::less<>> subscriptions_;
  std::deque<pending> queue_;
  bool scheduled_ = false;
  std::uint64_t published_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace parley::host

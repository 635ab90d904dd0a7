// What the actors, their director and the one who breaks things share.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "crash/checker/history.hpp"

namespace parley::crash {

/// A user of the play; its password is test::password_of(name).
struct person {
  std::string name;
  std::uint32_t id = 0;
  std::vector<std::size_t> peers;     ///< whom it talks to, as indexes
  std::vector<std::uint32_t> groups;  ///< which it is in
};

/// How long a terminal of level 1 or up waits for acks of new messages.
class pulse {
 public:
  std::atomic<bool> speaking{true};
  std::atomic<int> node{-1};  ///< that it was last sent to

  void begin(std::int64_t now_ns) {
    longest_ns_ = 0;
    last_ns_ = now_ns;
  }
  void beat(std::int64_t now_ns) {
    const auto silent = now_ns - last_ns_.exchange(now_ns);
    if (silent > longest_ns_) longest_ns_ = silent;
  }
  std::int64_t last_ns() const { return last_ns_; }
  std::int64_t longest_ns() const { return longest_ns_; }

 private:
  std::atomic<std::int64_t> last_ns_{0}, longest_ns_{0};
};

struct stage {
  static constexpr std::size_t most_nodes = 8;

  std::vector<person> people;
  std::map<std::uint32_t, std::set<std::uint32_t>> members;    ///< users of each group; nobody comes or goes
  std::array<std::atomic<std::uint16_t>, most_nodes> ports{};  ///< of nodes with clients; 0 while one is down
  std::array<std::string, most_nodes> addresses;               ///< of these; does not change
  std::array<std::atomic<std::uint32_t>, most_nodes> ends{};   ///< how often each was ended, by whatever means
  std::atomic<std::size_t> nodes{1};                           ///< with clients
  std::atomic<std::uint64_t> dropped{0};  ///< sessions of nodes that live, which nobody wanted to end
  std::deque<pulse> pulses;               ///< by role
  std::atomic<bool> talking{true};        ///< false: only finish what is open
  std::atomic<bool> over{false};
  bool surviving = false;  ///< nodes are each other's: clients of those that live stay connected; does not change
  std::atomic<std::size_t> speaking{0};  ///< terminals that have not said all they have to say
  std::atomic<std::uint64_t> acked{0};
  std::atomic<std::uint64_t> open{0};  ///< messages of level 1 and up that have no ack yet
  const std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();

  std::int64_t now_ns() const {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - began).count();
  }

  /// What went wrong and is no line of a history. [any]
  void complain(const std::string& text) {
    const std::lock_guard lock(mutex_);
    if (complaints_.size() < 20) complaints_.push_back(text);
  }
  std::vector<std::string> complaints() {
    const std::lock_guard lock(mutex_);
    return complaints_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> complaints_;
};

}  // namespace parley::crash

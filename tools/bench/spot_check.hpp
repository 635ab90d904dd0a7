#pragma once

#include <cstdint>
#include <vector>

#include "bench/traffic.hpp"

namespace parley::bench {

/// Looks at the history of some conversations after a run: every acknowledged message of the newest page is there once,
/// under the msg_id of its ack. Finds what deliveries cannot show: messages to users who are away.
class spot_check {
 public:
  explicit spot_check(traffic& of) : of_(of) {}

  /// Up to `count` conversations, spread evenly, those with absent peers first. Turns the loop.
  void look(std::size_t count);

  void conclude(report& out) const;

 private:
  void compare(std::size_t sender, std::size_t peer, const IM::Message::IMGetMsgListRsp& page);

  traffic& of_;
  std::uint64_t looked_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t missing_ = 0;
  std::uint64_t wrong_ = 0;
  std::uint64_t unanswered_ = 0;
};

}  // namespace parley::bench

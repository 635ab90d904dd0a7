#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <set>

#include "IM.BaseDefine.pb.h"

namespace parley::chat {

/// Who one talks with: a user, or a group.
struct peer {
  bool group = false;
  std::uint32_t id = 0;

  auto operator<=>(const peer&) const = default;

  IM::BaseDefine::SessionType type() const {
    return group ? IM::BaseDefine::SESSION_TYPE_GROUP : IM::BaseDefine::SESSION_TYPE_SINGLE;
  }
};

inline peer peer_of(IM::BaseDefine::SessionType type, std::uint32_t id) {
  return {type == IM::BaseDefine::SESSION_TYPE_GROUP, id};
}

/// What this terminal knows of a conversation: enough to show nothing twice and to notice what it missed.
class conversation {
 public:
  /// True the first time a msg_id is seen.
  bool see(std::uint32_t msg_id) {
    highest_ = std::max(highest_, msg_id);
    const bool fresh = seen_.insert(msg_id).second;
    if (seen_.size() > remembered) seen_.erase(seen_.begin());
    return fresh;
  }

  /// The server has told of everything up to here, even if it was not shown.
  void know_up_to(std::uint32_t msg_id) { highest_ = std::max(highest_, msg_id); }

  std::uint32_t highest() const { return highest_; }

 private:
  static constexpr std::size_t remembered = 1000;

  std::set<std::uint32_t> seen_;
  std::uint32_t highest_ = 0;
};

}  // namespace parley::chat

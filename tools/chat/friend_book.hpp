#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "Parley.Friends.pb.h"

namespace parley::chat {

/// This terminal's copy of the friends, by revision. Facts: proto/Parley.Friends.proto.
class friend_book {
 public:
  struct entry {
    std::string remark;  ///< printable
    std::uint32_t since = 0;
  };

  struct news {
    std::vector<std::uint32_t> added;
    std::vector<std::uint32_t> ended;
  };

  /// A whole answer, the parts of which were put together; returns what it changed. The first one of all is no news.
  news take(const friends::IMFriendListRsp& answer);

  bool has(std::uint32_t user_id) const { return friends_.contains(user_id); }
  const std::map<std::uint32_t, entry>& all() const { return friends_; }
  std::uint32_t revision() const { return revision_; }

 private:
  std::map<std::uint32_t, entry> friends_;
  std::uint32_t revision_ = 0;
  bool complete_ = false;
};

}  // namespace parley::chat

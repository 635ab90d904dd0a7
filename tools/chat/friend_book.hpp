#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "Parley.Friends.pb.h"

namespace parley::chat {

/// This terminal's copy of the friends, by revision. Facts: proto/Parley.Friends.proto.
class friend_book {
 public:
  struct entry {
    std::string remark;  ///< printable
    std::uint32_t since = 0;
    std::uint32_t grouping_id = 0;  ///< 0: in none
  };

  struct grouping {
    std::uint32_t id = 0;
    std::string name;  ///< printable
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

  /// In the person's order.
  const std::vector<grouping>& groupings() const { return groupings_; }
  /// By name, without regard to ASCII case, or by id; nullptr when there is none.
  const grouping* find_grouping(std::string_view typed) const;
  /// Those of one grouping; of 0, or of one that is not there any more, those in none.
  std::vector<std::uint32_t> members(std::uint32_t grouping_id) const;

 private:
  std::map<std::uint32_t, entry> friends_;
  std::vector<grouping> groupings_;
  std::uint32_t revision_ = 0;
  bool complete_ = false;
};

}  // namespace parley::chat

#include "chat/friend_book.hpp"

#include <utility>

#include "client/printable.hpp"

namespace parley::chat {

friend_book::news friend_book::take(const friends::IMFriendListRsp& answer) {
  const auto before = friends_;
  if (answer.whole()) friends_.clear();
  for (const auto& each : answer.friends()) {
    if (each.ended()) {
      friends_.erase(each.user_id());
    } else {
      friends_[each.user_id()] = {client::printable(each.remark()), each.since()};
    }
  }
  revision_ = answer.revision();
  news found;
  if (std::exchange(complete_, true)) {
    for (const auto& [id, each] : friends_) {
      if (!before.contains(id)) found.added.push_back(id);
    }
    for (const auto& [id, each] : before) {
      if (!friends_.contains(id)) found.ended.push_back(id);
    }
  }
  return found;
}

}  // namespace parley::chat

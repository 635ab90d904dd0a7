#include "chat/friend_book.hpp"

#include <algorithm>
#include <utility>

#include "client/printable.hpp"

namespace parley::chat {
namespace {

bool same_name(std::string_view left, std::string_view right) {
  const auto folded = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(left, right, {}, folded, folded);
}

}  // namespace

friend_book::news friend_book::take(const friends::IMFriendListRsp& answer) {
  const auto before = friends_;
  if (answer.whole()) friends_.clear();
  for (const auto& each : answer.friends()) {
    if (each.ended()) {
      friends_.erase(each.user_id());
    } else {
      friends_[each.user_id()] = {client::printable(each.remark()), each.since(), each.grouping_id()};
    }
  }
  if (answer.groupings_changed()) {
    groupings_.clear();
    for (const auto& each : answer.groupings()) {
      groupings_.push_back({each.grouping_id(), client::printable(each.name())});
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

const friend_book::grouping* friend_book::find_grouping(std::string_view typed) const {
  auto found = std::ranges::find_if(groupings_, [&](const auto& each) { return same_name(each.name, typed); });
  if (found == groupings_.end()) {
    found = std::ranges::find_if(groupings_, [&](const auto& each) { return std::to_string(each.id) == typed; });
  }
  return found == groupings_.end() ? nullptr : &*found;
}

std::vector<std::uint32_t> friend_book::members(std::uint32_t grouping_id) const {
  const auto is_there = [&](std::uint32_t id) {
    return std::ranges::find(groupings_, id, &grouping::id) != groupings_.end();
  };
  std::vector<std::uint32_t> ids;
  for (const auto& [id, each] : friends_) {
    if ((is_there(each.grouping_id) ? each.grouping_id : 0) == grouping_id) ids.push_back(id);
  }
  return ids;
}

}  // namespace parley::chat

// Who talks with whom: the key by which a conversation is found, locked and kept in order.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>

namespace message {

/// The numbers of IM.BaseDefine.SessionType.
enum class conversation_kind : std::uint8_t { single = 1, group = 2 };
constexpr unsigned raw(conversation_kind kind) {
  return static_cast<unsigned>(kind);
}

/// TeamTalk stores this msgId when its counter was away: such a row has no number.
inline constexpr std::uint32_t invalid_msg_id = 0xFFFFFFFF;
inline constexpr std::uint32_t highest_msg_id = invalid_msg_id - 1;

struct conversation_key {
  conversation_kind kind = conversation_kind::single;
  std::uint32_t a = 0;  // single: the lower user id; group: 0
  std::uint32_t b = 0;  // single: the higher user id; group: its id

  static conversation_key single(std::uint32_t one, std::uint32_t other) {
    return {conversation_kind::single, std::min(one, other), std::max(one, other)};
  }
  static conversation_key group(std::uint32_t id) { return {conversation_kind::group, 0, id}; }

  /// Everything of one conversation goes through the lane under one key.
  std::uint64_t lane_key() const { return static_cast<std::uint64_t>(a) << 32 | b; }
  auto operator<=>(const conversation_key&) const = default;
};

}  // namespace message

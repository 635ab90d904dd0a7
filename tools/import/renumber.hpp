// New message numbers for a conversation whose old ones cannot stay.
#pragma once

#include <cstdint>
#include <vector>

namespace parley::teamtalk {

/// TeamTalk stores 4294967295 when its counter was away, and 0 stands for none.
inline constexpr std::uint32_t highest_msg_id = 0xFFFFFFFE;
inline constexpr bool is_number(std::uint32_t msg_id) {
  return msg_id >= 1 && msg_id <= highest_msg_id;
}

struct numbered_row {
  std::uint32_t relation = 0;  // IMRelationShip.id, or the group
  std::uint64_t row_id = 0;    // in the relation's shard
  std::uint32_t msg_id = 0;
  std::uint32_t created = 0;
  std::uint32_t new_id = 0;
};

/// Puts the rows into the order in which TeamTalk showed them (created, then number, then row) and gives each a
/// number behind that of the one before it: its own where that fits. Only when the numbers would run out they
/// begin at 1.
void renumber(std::vector<numbered_row>& rows);

}  // namespace parley::teamtalk

// What plugins ask of sessions here, whoever brings it: a plugin here, or another node.
#pragma once

#include <string>
#include <string_view>

#include "host/net/session_table.hpp"
#include "parley/abi/session.h"

namespace parley::host {

inline bool selected(const parley_selector& which, parley_session_id session, std::uint32_t tag, std::uint32_t level) {
  if (session == which.except) return false;
  if ((tag & which.tag_mask) != which.tag_value) return false;
  if (level < which.min_level) return false;
  if ((which.flags & PARLEY_LEVEL_0) && level != 0) return false;
  return !which.max_level || level <= which.max_level;
}

/// To the terminals of the principals that are here, encoded once. [loop]
void push_to_terminals(session_table& table, const std::uint64_t* principals, std::size_t count,
                       const parley_selector& which, std::uint16_t command, parley_bytes body);

/// The same text for as long as the process lives: reasons are counted for longer than a plugin's strings live. [loop]
const char* lasting_reason(std::string_view reason);

/// Empty data takes the slot away. With a `far_serial` a write is another node's, and an older one than the last does
/// nothing. [loop]
status set_slot_of(session& s, const std::string& plugin, std::uint32_t version, std::string_view data,
                   std::uint64_t far_serial = 0);

}  // namespace parley::host

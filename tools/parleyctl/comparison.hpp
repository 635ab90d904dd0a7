// Whether two bodies say the same, apart from what may differ between two runs.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "tools/parleyctl/id_map.hpp"
#include "tools/parleyctl/recording.hpp"
#include "tools/parleyctl/schema.hpp"

namespace parleyctl {

/// Which fields are not compared; that they are there, and how often, still is.
struct normalisation {
  bool exact = false;             // nothing is left out
  std::set<std::string> ignored;  // by name, on top of the rule below

  /// By default: times (a name with "time" in it, created, updated, ends, when_ms) and the numbers a server gives to
  /// messages (msg_id, and names that end in _msg_id or are msg_id_list), but not client_msg_id.
  bool leaves_out(const std::string& field) const;
};

/// Nothing when they are the same; else both as text, ignored fields as *. Bodies that cannot be decoded are compared
/// by bytes. What was recorded is compared with its ids as `ids` has them (not when rules.exact), and lists of ids in
/// any order.
std::optional<std::string> difference(const schema& known, const normalisation& rules, const id_map& ids,
                                      const recorded_pdu& recorded, std::string_view replayed);

}  // namespace parleyctl

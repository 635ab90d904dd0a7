// The event group.changed (proto/events/group.proto).
#pragma once

#include <cstdint>
#include <string>

#include "changes.hpp"

namespace group {

enum class group_change { created, members_added, members_removed, profile, dissolved, shield };

/// Encoded. Rationale: the messages live in namespace parley::events, which is a class of the SDK; so they stay behind
/// this.
std::string group_changed(const outcome& done, group_change what, std::uint32_t by, std::uint32_t now);

}  // namespace group

// The event user.changed (proto/events/user.proto).
#pragma once

#include <cstdint>
#include <string>

namespace login {

enum class user_change { created, status, credential, shield };

/// Encoded. Rationale: the messages live in namespace parley::events, which is a class of the SDK; so they stay behind
/// this.
std::string user_changed(std::uint32_t user, user_change what, std::uint32_t now);

}  // namespace login

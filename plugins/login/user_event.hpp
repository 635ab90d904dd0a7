// The events user.changed (proto/events/user.proto) and terminal.status (proto/events/session.proto).
#pragma once

#include <cstdint>
#include <string>

namespace login {

enum class user_change { created, status, credential, shield };

/// Encoded. Rationale: the messages live in namespace parley::events, which is a class of the SDK; so they stay behind
/// this.
std::string user_changed(std::uint32_t user, user_change what, std::uint32_t now);
std::string terminal_status(std::uint64_t session, std::uint32_t user, std::uint32_t client_type, std::uint32_t status);

}  // namespace login

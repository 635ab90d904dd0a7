// The events user.changed (proto/events/user.proto), department.changed (proto/events/department.proto), terminal.status and
// session.opened (proto/events/session.proto).
#pragma once

#include <cstdint>
#include <string>

namespace login {

enum class user_change { created, profile, status, credential, shield };
enum class department_change_kind { created, changed, removed };

/// Encoded. Rationale: the messages live in namespace parley::events, which is a class of the SDK; so they stay behind
/// this.
std::string user_changed(std::uint32_t user, user_change what, std::uint32_t now);
/// USER_PROFILE with the new text; null: that is as it was.
std::string texts_changed(std::uint32_t user, const std::string* signature, const std::string* avatar,
                          std::uint32_t now);
std::string department_changed(std::uint32_t department, department_change_kind what, std::uint32_t now);
std::string terminal_status(std::uint64_t session, std::uint32_t user, std::uint32_t client_type, std::uint32_t status);

/// session.opened, as heard.
struct session_opened {
  std::uint64_t session = 0;
  std::uint32_t user = 0;
  std::uint32_t client_type = 0;
  bool was_there = false;

  bool ParsePartialFromArray(const void* data, int size);
  bool IsInitialized() const { return true; }
};

}  // namespace login

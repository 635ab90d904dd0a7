// What an admin may do.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace http_admin {

/// Each may what the one before may.
enum class role : std::uint32_t {
  nobody = 0,  ///< not signed in
  viewer = 1,  ///< reads, no messages
  op = 2,      ///< "operator": users, departments, groups, links, sessions, messages
  admin = 3,   ///< admins, plugins, the audit log
};

constexpr std::string_view to_string(role r) {
  switch (r) {
    case role::viewer:
      return "viewer";
    case role::op:
      return "operator";
    case role::admin:
      return "admin";
    default:
      return "";
  }
}

constexpr std::optional<role> role_named(std::string_view text) {
  for (const auto r : {role::viewer, role::op, role::admin}) {
    if (to_string(r) == text) return r;
  }
  return std::nullopt;
}

}  // namespace http_admin

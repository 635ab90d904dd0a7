// The event user.changed (proto/events/user.proto), encoded; and it and department.changed, heard.
//
// Rationale: its message lives in namespace parley::events, which is also a class of the SDK; so it stays behind this.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace buddy {

/// user.changed, as far as the directory goes.
class user_change {
 public:
  bool ParsePartialFromArray(const void* data, int size);
  bool IsInitialized() const { return true; }
  /// Somebody came, went, or has another profile; signature and avatar aside.
  bool of_directory() const { return of_directory_; }
  std::uint32_t user() const { return user_; }

 private:
  std::uint32_t user_ = 0;
  bool of_directory_ = false;
};

/// department.changed.
class department_change {
 public:
  bool ParsePartialFromArray(const void* data, int size);
  bool IsInitialized() const { return true; }
  std::uint32_t department() const { return department_; }

 private:
  std::uint32_t department_ = 0;
};

std::string signature_changed(std::uint32_t user, std::string_view sign_info, std::uint32_t now);
std::string avatar_changed(std::uint32_t user, std::string_view avatar, std::uint32_t now);
std::string friends_changed(std::uint32_t user, std::uint32_t peer, std::uint32_t now);
std::string blocks_changed(std::uint32_t user, std::uint32_t peer, std::uint32_t now);

}  // namespace buddy

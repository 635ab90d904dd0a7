// Events told (message.committed) and heard (user.changed).
//
// Rationale: their messages live in namespace parley::events, which is also a class of the SDK's event.hpp; so they
// stay behind this.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "commit.hpp"

namespace message {

/// message.committed, encoded; a large msg_data is left out.
std::string message_committed(const outgoing& item, std::uint32_t client_type);

/// user.changed, encoded: an account was made.
std::string user_made(std::uint32_t user, std::uint32_t now);

/// user.changed, as far as it matters here.
class user_change {
 public:
  bool ParsePartialFromArray(const void* data, int size);
  bool IsInitialized() const { return true; }
  /// Whether somebody may have become or ceased to be a possible recipient.
  bool concerns_recipients() const { return concerns_recipients_; }
  /// user() takes messages from peer() no more, or again.
  bool blocks() const { return blocks_; }
  std::uint32_t user() const { return user_; }
  std::uint32_t peer() const { return peer_; }

 private:
  bool blocks_ = false;
  std::uint32_t user_ = 0;
  std::uint32_t peer_ = 0;
  bool concerns_recipients_ = true;
};

}  // namespace message

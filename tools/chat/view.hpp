#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "chat/directory.hpp"
#include "chat/terminal.hpp"

namespace parley::chat {

/// How things look. Colours only for a person whose environment does not set NO_COLOR.
class view {
 public:
  explicit view(terminal& out);

  /// A message of somebody. `where` names the conversation when it is not the open one.
  void message(std::uint32_t created, std::string_view where, std::string_view author, std::string_view text, bool own);
  /// One of mine, acknowledged.
  void delivered(std::string_view where, std::string_view text, std::uint32_t msg_id, bool duplicate);
  void notice(std::string_view text);
  void trouble(std::string_view text);
  void plain(std::string_view text);
  void title(std::string_view text);

  std::string status_mark(presence status) const;
  std::string bold(std::string_view text) const;
  std::string dim(std::string_view text) const;

  /// "14:03" today, "2024-05-01 14:03" on another day. Unix seconds in, local time out.
  static std::string clock(std::uint32_t when);

 private:
  std::string painted(std::string_view code, std::string_view text) const;

  terminal& out_;
  bool colours_;
};

}  // namespace parley::chat

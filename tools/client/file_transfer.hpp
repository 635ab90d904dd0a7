#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "IM.File.pb.h"
#include "client/connection.hpp"
#include "client/file_blocks.hpp"
#include "client/timer.hpp"

namespace parley::client {

using file_role = IM::BaseDefine::ClientFileRole;
using file_state = IM::BaseDefine::ClientFileState;

inline bool sends(file_role role) {
  return role == IM::BaseDefine::CLIENT_REALTIME_SENDER || role == IM::BaseDefine::CLIENT_OFFLINE_UPLOAD;
}
inline bool realtime(file_role role) {
  return role == IM::BaseDefine::CLIENT_REALTIME_SENDER || role == IM::BaseDefine::CLIENT_REALTIME_RECVER;
}

/// What 0x0507, 0x0508 or 0x050A said of a file, and what this side does with it.
struct file_task {
  std::string task_id;
  std::uint32_t me = 0;
  std::uint32_t peer = 0;
  file_role role = IM::BaseDefine::CLIENT_REALTIME_SENDER;
  std::uint32_t size = 0;
};

/// One attempt to carry one file over one connection of its own, in any of the four roles. What has arrived survives a
/// lost connection in the sink: another attempt goes on there. It may be destroyed at any time, also from its own
/// handlers. [thread of the loop]
///
///   connecting -> entering (0x0501) -> moving -> parting (all is there; the server closes) -> over
///   any of them -> over
class file_transfer {
 public:
  enum class end : std::uint8_t {
    complete,
    lost,       ///< the connection, or there was none: another attempt makes sense
    unknown,    ///< the server does not know the task, or not for us
    cancelled,  ///< by the other side
    refused,    ///< by the other side
    broken,     ///< the disk, or somebody who does not keep to the protocol
  };
  struct handlers {
    /// The server knows the task and us.
    std::function<void()> entered;
    /// The other side is there: role 1 is asked for its first block, role 2 may ask.
    std::function<void()> began;
    std::function<void()> moved;
    /// Once, unless it is stopped or destroyed. The text is for people.
    std::function<void(end, const std::string& text)> ended;
  };
  /// A sending role reads `from`, the others write `to`; both outlive it. `window`: how many blocks are asked for and
  /// not answered yet, at most; 0 for what the server is known to take (a TeamTalk server takes one).
  file_transfer(event_loop& loop, file_task what, block_source* from, block_sink* to, handlers on,
                std::uint32_t window = 0);

  void start(const endpoint& server);

  /// Tells the server, and through it the other side, and ends without a call.
  void stop(file_state how);

  /// Bytes that were handed out or taken in, those of earlier attempts included.
  std::uint32_t moved() const { return moved_; }
  bool has_entered() const { return at_ == phase::moving; }
  bool has_begun() const { return began_; }
  const file_task& task() const { return what_; }

 private:
  enum class phase : std::uint8_t { connecting, entering, moving, parting, over };

  void opened();
  void received(const pdu& next);
  void entered(const pdu& next);
  void state_told(const pdu& next);
  void asked(const pdu& next);
  void took(const pdu& next);
  void begin();
  void pull();
  void all_there();
  void tell_state(file_state state);
  /// Calls it; false when this is over, or was destroyed meanwhile.
  bool tell(std::function<void()> handlers::*what);
  void finish(end how, std::string text);
  void lost(std::string_view reason);

  const file_task what_;
  block_source* const from_;
  block_sink* const to_;
  const std::uint32_t window_;
  std::shared_ptr<const handlers> on_;  ///< held by a running call, which may destroy this
  connection line_;
  timer limit_;
  std::string block_;
  std::uint32_t moved_ = 0;
  std::uint32_t asked_up_to_ = 0;
  std::uint32_t granted_level_ = 0;
  std::uint16_t seq_ = 0;
  phase at_ = phase::connecting;
  bool began_ = false;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace parley::client

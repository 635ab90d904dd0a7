// Writes one terminal's lines.
#pragma once

#include "IM.Message.pb.h"
#include "client/content.hpp"
#include "crash/workload/stage.hpp"

namespace parley::crash {

inline place place_of(IM::BaseDefine::SessionType type, std::uint32_t session_id) {
  return {type == IM::BaseDefine::SESSION_TYPE_GROUP, session_id};
}
inline IM::BaseDefine::SessionType type_of(const place& where) {
  return where.group ? IM::BaseDefine::SESSION_TYPE_GROUP : IM::BaseDefine::SESSION_TYPE_SINGLE;
}

class recorder {
 public:
  recorder(const stage& on, terminal& into) : stage_(on), into_(into) {}

  std::uint32_t session = 0;  ///< of the lines to come

  /// The time of the line, later than all before it.
  std::int64_t add(line one);

  /// Where it belongs.
  place pushed(const IM::Message::IMMsgData& message);
  /// A page and its messages.
  void page(const IM::Message::IMGetMsgListRsp& answer, std::int64_t asked_at_ns, bool final);

  /// A moment to put a question at.
  std::int64_t now() { return last_ns_ = std::max(last_ns_ + 1, stage_.now_ns()); }
  std::uint32_t user() const { return into_.user; }

 private:
  const stage& stage_;
  terminal& into_;
  std::int64_t last_ns_ = 0;
};

}  // namespace parley::crash

#include <parley/commands.hpp>

#include "Parley.Presence.pb.h"
#include "chat/chat.hpp"

namespace parley::chat {

bool chat::away(words& given) {
  if (!given.empty()) return false;
  set_status(IM::BaseDefine::USER_STATUS_LEAVE, true);
  return true;
}

bool chat::back(words& given) {
  if (!given.empty()) return false;
  set_status(IM::BaseDefine::USER_STATUS_ONLINE, true);
  return true;
}

/// The server forgets it with the connection: a new one says it again.
void chat::set_status(IM::BaseDefine::UserStatType status, bool tell) {
  parley::presence::IMPresenceSetReq request;
  request.set_user_id(me_.user_id);
  request.set_status(status);
  ask<parley::presence::IMPresenceSetRsp>(
      cid::presence_set_req, request, "presence", [this, status, tell](const auto& answer) {
        if (answer.result_code() != 0) return view_.trouble("presence: the server says no");
        away_ = status == IM::BaseDefine::USER_STATUS_LEAVE;
        directory_.set_status(me_.user_id, presence_of(answer.status()));
        if (!tell) return;
        const bool another = away_ && presence_of(answer.status()) == presence::online;
        view_.notice(away_ ? another ? "you are away here, and online on another terminal" : "you are away"
                           : "you are back");
      });
}

void chat::presence_news(const IM::Buddy::IMUserStatNotify& notice) {
  take_status(notice.user_stat());
  for (const auto& each : notice.more()) take_status(each);
}

void chat::take_status(const IM::BaseDefine::UserStat& each) {
  const peer who{false, each.user_id()};
  const presence status = presence_of(each.status());
  const bool news = directory_.status(who.id) != status;
  directory_.set_status(who.id, status);
  if (news && who.id != me_.user_id && (who == open_ || friends_.has(who.id))) {
    view_.notice(phrases_.status(who.id));
  }
}

}  // namespace parley::chat

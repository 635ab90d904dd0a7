#include <parley/commands.hpp>

#include <algorithm>

#include "message.hpp"
#include "store.hpp"

namespace message {
namespace {

using IM::BaseDefine::UnreadInfo;

UnreadInfo describe(const store::unread_session& session, std::uint32_t count, store::stored_message newest,
                    const std::string& audio_placeholder) {
  UnreadInfo info;
  const auto kind = session.seen.where.kind;
  info.set_session_id(session.peer);
  info.set_session_type(static_cast<IM::BaseDefine::SessionType>(kind));
  info.set_unread_cnt(count);
  info.set_latest_msg_id(newest.msg_id);
  info.set_latest_msg_data(newest.is_audio() ? audio_placeholder : std::move(newest.content));
  info.set_latest_msg_type(static_cast<IM::BaseDefine::MsgType>(newest.type));
  info.set_latest_msg_from_user_id(kind == conversation_kind::group ? newest.author : session.peer);
  return info;
}

/// Single chats and groups, most recent first.
std::vector<store::unread_session> all_unread(parley::sql& db, std::uint32_t user) {
  auto all = store::unread_sessions(db, user);
  const auto groups = store::unread_groups(db, user);
  all.insert(all.end(), groups.begin(), groups.end());
  std::stable_sort(all.begin(), all.end(), [](const auto& x, const auto& y) { return x.updated > y.updated; });
  return all;
}

/// Two statements, and two for each session there may be something in. [worker]
IM::Message::IMUnreadMsgCntRsp unread_of(parley::sql& db, std::uint32_t user, const std::string& audio_placeholder) {
  IM::Message::IMUnreadMsgCntRsp reply;
  reply_budget budget;
  std::uint32_t total = 0, sessions = 0;
  bool full = false;
  for (const auto& session : all_unread(db, user)) {
    const auto count = store::count_unread(db, session, user);
    if (count == 0) continue;
    if (++sessions > store::sessions_per_reply) break;
    total += count;
    if (full) continue;
    auto newest = store::newest_message(db, session.seen);
    if (!newest || !IM::BaseDefine::MsgType_IsValid(static_cast<int>(newest->type))) continue;
    auto info = describe(session, count, std::move(*newest), audio_placeholder);
    full = !budget.take(info.ByteSizeLong());
    if (!full) reply.mutable_unreadinfo_list()->Add(std::move(info));
  }
  reply.set_user_id(user);
  reply.set_total_cnt(total);
  return reply;
}

}  // namespace

parley::task<parley::status> messenger::on_read(parley::request request, IM::Message::IMMsgDataReadAck ack) {
  const auto peer = ack.session_id();
  const bool group = ack.session_type() == IM::BaseDefine::SESSION_TYPE_GROUP;
  if (request.user() == 0 || peer == 0 || (!group && peer == request.user())) {
    co_return request.explain(status::no_target, "no such conversation");
  }
  reading item;
  item.key = group ? conversation_key::group(peer) : conversation_key::single(request.user(), peer);
  item.user = request.user();
  item.msg_id = ack.msg_id();
  auto verdict = co_await read_lane_.run(item.user, item);
  if (verdict == status::ok) verdict = item.verdict;
  if (verdict != status::ok) {
    co_return verdict == status::no_target ? request.explain(verdict, "no such conversation") : verdict;
  }
  IM::Message::IMMsgDataReadNotify notify;
  notify.set_user_id(item.user);
  notify.set_session_id(peer);
  notify.set_msg_id(item.msg_id);
  notify.set_session_type(ack.session_type());
  sessions().push_user(item.user, parley::cid::msg_read_notify, notify, {.except = request.session()});
  co_return status::ok;
}

parley::task<parley::status> messenger::on_unread(parley::request request, IM::Message::IMUnreadMsgCntReq) {
  const auto reply = co_await main_.read(
      [user = request.user(), this](parley::sql& db) { return unread_of(db, user, audio_placeholder_.text()); });
  if (!reply) co_return reply.code();
  co_return request.reply(parley::cid::msg_unread_cnt_response, *reply);
}

}  // namespace message

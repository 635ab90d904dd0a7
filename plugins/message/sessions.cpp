#include <parley/commands.hpp>

#include <algorithm>

#include "message.hpp"
#include "store.hpp"

namespace message {
namespace {

using IM::BaseDefine::ContactSessionInfo;

ContactSessionInfo describe(const store::recent_session& session, store::stored_message newest,
                            const std::string& audio_placeholder) {
  ContactSessionInfo info;
  const auto kind = session.seen.where.kind;
  info.set_session_id(session.peer);
  info.set_session_type(static_cast<IM::BaseDefine::SessionType>(kind));
  info.set_session_status(IM::BaseDefine::SESSION_STATUS_OK);
  info.set_updated_time(session.updated);
  info.set_latest_msg_id(newest.msg_id);
  info.set_latest_msg_data(newest.is_audio() ? audio_placeholder : std::move(newest.content));
  info.set_latest_msg_type(static_cast<IM::BaseDefine::MsgType>(newest.type));
  info.set_latest_msg_from_user_id(kind == conversation_kind::group ? newest.author : session.peer);
  return info;
}

/// Single chats and groups, newest first.
std::vector<store::recent_session> all_recent(parley::sql& db, std::uint32_t user, std::uint32_t since) {
  auto all = store::recent_sessions(db, user, since);
  const auto groups = store::recent_groups(db, user, since);
  all.insert(all.end(), groups.begin(), groups.end());
  std::stable_sort(all.begin(), all.end(), [](const auto& x, const auto& y) { return x.updated > y.updated; });
  if (all.size() > store::sessions_per_reply) all.resize(store::sessions_per_reply);
  return all;
}

/// Two statements for the list, one or two for the newest message of each of at most 100 sessions. [worker]
IM::Buddy::IMRecentContactSessionRsp recent_of(parley::sql& db, std::uint32_t user, std::uint32_t since,
                                               const std::string& audio_placeholder) {
  IM::Buddy::IMRecentContactSessionRsp reply;
  reply.set_user_id(user);
  reply_budget budget;
  for (auto& session : all_recent(db, user, since)) {
    if (session.seen.where.relate_id == 0) {
      const auto found = store::find_conversation(db, conversation_key::single(user, session.peer), user);
      if (!found) continue;
      session.seen = found->seen;
    }
    auto newest = store::newest_message(db, session.seen);
    if (!newest || !IM::BaseDefine::MsgType_IsValid(static_cast<int>(newest->type))) continue;
    auto info = describe(session, std::move(*newest), audio_placeholder);
    if (!budget.take(info.ByteSizeLong())) break;
    reply.mutable_contact_session_list()->Add(std::move(info));
  }
  return reply;
}

}  // namespace

parley::task<parley::status> messenger::on_recent(parley::request request,
                                                  IM::Buddy::IMRecentContactSessionReq message) {
  const auto reply =
      co_await main_.read([user = request.user(), since = message.latest_update_time(), this](parley::sql& db) {
        return recent_of(db, user, since, audio_placeholder_.text());
      });
  if (!reply) co_return reply.code();
  co_return request.reply(parley::cid::buddy_list_recent_contact_session_response, *reply);
}

parley::task<parley::status> messenger::on_remove(parley::request request, IM::Buddy::IMRemoveSessionReq message) {
  const auto user = request.user();
  const auto peer = message.session_id();
  const bool group = message.session_type() == IM::BaseDefine::SESSION_TYPE_GROUP;
  parley::result<bool> removed = false;
  if (user != 0 && peer != 0 && (group || peer != user)) {
    const auto key = group ? conversation_key::group(peer) : conversation_key::single(user, peer);
    removed = co_await main_.write(
        [=, now = unix_s()](parley::sql& db) { return store::remove_session(db, key, user, peer, now); });
  }
  IM::Buddy::IMRemoveSessionRsp reply;
  reply.set_user_id(user);
  reply.set_result_code(removed && *removed ? 0 : 1);
  reply.set_session_type(message.session_type());
  reply.set_session_id(peer);
  request.reply(parley::cid::buddy_list_remove_session_res, reply);
  if (!removed) co_return removed.code();
  if (*removed) {
    IM::Buddy::IMRemoveSessionNotify notify;
    notify.set_user_id(user);
    notify.set_session_type(message.session_type());
    notify.set_session_id(peer);
    sessions().push_user(user, parley::cid::buddy_list_remove_session_notify, notify, {.except = request.session()});
  }
  co_return status::ok;
}

}  // namespace message

#include <parley/commands.hpp>

#include <algorithm>
#include <functional>

#include "message.hpp"
#include "store.hpp"

namespace message {
namespace {

/// What the requester asks for: a conversation it is one of the two in, or a group, which it finds only as a member.
std::optional<conversation_key> readable(const parley::request& request, IM::BaseDefine::SessionType type,
                                         std::uint32_t session) {
  if (request.user() == 0 || session == 0) return std::nullopt;
  if (type == IM::BaseDefine::SESSION_TYPE_GROUP) return conversation_key::group(session);
  if (session == request.user()) return std::nullopt;
  return conversation_key::single(request.user(), session);
}

/// The largest numbers wanted, each once, newest first; there may be very many. [worker]
std::vector<std::uint32_t> wanted_ids(const IM::Message::IMGetMsgByIdReq& message) {
  std::vector<std::uint32_t> ids(message.msg_id_list().begin(), message.msg_id_list().end());
  std::sort(ids.begin(), ids.end(), std::greater<>());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  if (ids.size() > store::ids_per_query) ids.resize(store::ids_per_query);
  return ids;
}

/// `read(view)` of a conversation that exists, else empty. [worker]
template <class Read>
store::message_list read_messages(parley::sql& db, const std::optional<conversation_key>& key, std::uint32_t user,
                                  Read&& read) {
  const auto found = key ? store::find_conversation(db, *key, user) : std::nullopt;
  return found ? read(found->seen) : store::message_list();
}

}  // namespace

parley::task<parley::status> messenger::on_history(parley::request request, IM::Message::IMGetMsgListReq message) {
  const auto key = readable(request, message.session_type(), message.session_id());
  const auto begin = message.msg_id_begin();
  const auto count = std::min(message.msg_cnt(), history_page_);
  const bool with_client_ids = request.level() > 0;
  const auto user = request.user();
  auto found = co_await main_.read([=](parley::sql& db) {
    return read_messages(db, key, user, [&](const store::view& seen) {
      return store::messages_before(db, seen, begin, count, with_client_ids);
    });
  });
  if (!found) co_return found.code();
  IM::Message::IMGetMsgListRsp reply;
  reply.set_user_id(request.user());
  reply.set_session_type(message.session_type());
  reply.set_session_id(message.session_id());
  reply.set_msg_id_begin(begin);
  reply.mutable_msg_list()->Swap(&*found);
  co_return request.reply(parley::cid::msg_list_response, reply);
}

parley::task<parley::status> messenger::on_by_ids(parley::request request, IM::Message::IMGetMsgByIdReq message) {
  const auto key = readable(request, message.session_type(), message.session_id());
  const bool with_client_ids = request.level() > 0;
  // By reference: g++ 12 destroys twice what a temporary lambda in a co_await has captured by value.
  auto found = co_await main_.read([&](parley::sql& db) {
    return read_messages(db, key, request.user(), [&](const store::view& seen) {
      return store::messages_by_id(db, seen, wanted_ids(message), with_client_ids);
    });
  });
  if (!found) co_return found.code();
  IM::Message::IMGetMsgByIdRsp reply;
  reply.set_user_id(request.user());
  reply.set_session_type(message.session_type());
  reply.set_session_id(message.session_id());
  reply.mutable_msg_list()->Swap(&*found);
  co_return request.reply(parley::cid::msg_get_by_msg_id_res, reply);
}

parley::task<parley::status> messenger::on_latest(parley::request request, IM::Message::IMGetLatestMsgIdReq message) {
  const auto key = readable(request, message.session_type(), message.session_id());
  const auto user = request.user();
  const auto latest = co_await main_.read([=](parley::sql& db) -> std::uint32_t {
    const auto found = key ? store::find_conversation(db, *key, user) : std::nullopt;
    const auto newest = found ? store::newest_message(db, found->seen) : std::nullopt;
    return newest ? newest->msg_id : 0;
  });
  if (!latest) co_return latest.code();
  IM::Message::IMGetLatestMsgIdRsp reply;
  reply.set_user_id(request.user());
  reply.set_session_type(message.session_type());
  reply.set_session_id(message.session_id());
  reply.set_latest_msg_id(*latest);
  co_return request.reply(parley::cid::msg_get_latest_msg_id_rsp, reply);
}

}  // namespace message

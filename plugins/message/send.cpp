#include <parley/commands.hpp>

#include <algorithm>

#include "content.hpp"
#include "events.hpp"
#include "message.hpp"

namespace message {
namespace {

using IM::BaseDefine::SessionType;

/// client_msg_id is the last field of an encoded IMMsgData, so level 0 gets the same bytes without their end.
std::size_t encoded_client_id(std::string_view id) {
  constexpr std::size_t tag_and_length = 3;
  return id.empty() ? 0 : tag_and_length + id.size();
}

/// What waits in the lane is held in memory: 20,000 short messages may, as many recordings may not.
constexpr std::size_t most_waiting_bytes = 128 << 20;

class held_bytes {
 public:
  held_bytes(std::size_t& total, std::size_t bytes) : total_(total), bytes_(bytes) { total_ += bytes_; }
  held_bytes(const held_bytes&) = delete;
  ~held_bytes() { total_ -= bytes_; }

 private:
  std::size_t& total_;
  const std::size_t bytes_;
};

SessionType session_type(conversation_kind kind) {
  return static_cast<SessionType>(kind);
}

}  // namespace

parley::task<parley::status> messenger::on_send(parley::request request, IM::Message::IMMsgData message) {
  outgoing item;
  const auto accepted = unix_s();
  if (const auto verdict = accept(request, message, item); verdict != status::ok) co_return verdict;
  // Nothing is awaited before this: the sender's order is the order in the lane.
  const held_bytes held(waiting_bytes_, item.content.size());
  auto verdict = co_await commit_lane_.run(item.key.lane_key(), item);
  if (verdict == status::ok) verdict = item.verdict;
  if (verdict != status::ok) {
    checked_.forget(item.author, item.target);
    co_return explain(request, item.key.kind, verdict);
  }
  if (item.key.kind == conversation_kind::single && !item.checked)
    checked_.remember(item.author, item.target, now_ms());
  // Items of a conversation come back in the order of their numbers, and nothing below awaits: so go the pushes.
  acknowledge(request, item);
  if (!item.duplicate) deliver(request, message, item, accepted);
  co_return status::ok;
}

parley::status messenger::on_delivered(parley::request request, const IM::Message::IMMsgDataAck& ack) {
  if (!ledger_.enabled() || request.session() == 0) return status::ok;
  const bool group = ack.session_type() == IM::BaseDefine::SESSION_TYPE_GROUP;
  const auto kind = group ? conversation_kind::group : conversation_kind::single;
  const auto author = ack.session_id();  // TeamTalk's clients name the author, of whatever it is
  const auto key = group ? conversation_key::group(author) : conversation_key::single(request.user(), author);
  if (!ledger_.acked({key, ack.msg_id()}, request.session(), unix_s()) && (group || author == request.user())) {
    ledger_.acked_somewhere(kind, author, ack.msg_id(), request.session(), unix_s());
  }
  return status::ok;
}

parley::status messenger::explain(const parley::request& request, conversation_kind kind, status verdict) const {
  if (verdict == status::not_allowed) return request.explain(verdict, "this user takes no messages from you");
  if (verdict != status::no_target) return verdict;
  return request.explain(verdict, kind == conversation_kind::group ? "no such group" : "no such user");
}

/// Checks what needs no database and fills the item.
parley::status messenger::accept(const parley::request& request, IM::Message::IMMsgData& message,
                                 outgoing& item) const {
  if (request.user() == 0) return request.explain(status::not_allowed, "a message needs an author");
  const auto type = message.msg_type();
  const bool group = type == IM::BaseDefine::MSG_TYPE_GROUP_TEXT || type == IM::BaseDefine::MSG_TYPE_GROUP_AUDIO;
  const auto target = message.to_session_id();
  item.key = group ? conversation_key::group(target) : conversation_key::single(request.user(), target);
  if (target == 0) return explain(request, item.key.kind, status::no_target);
  if (!group && target == request.user()) return request.explain(status::not_allowed, "a message to oneself");

  item.is_audio = type == IM::BaseDefine::MSG_TYPE_SINGLE_AUDIO || type == IM::BaseDefine::MSG_TYPE_GROUP_AUDIO;
  const auto content = item.is_audio ? check_audio(message.msg_data(), max_audio_) : check_text(message.msg_data());
  if (!content) return request.explain(content.code, content.text);
  if (request.level() == 0 && !request.is_call()) message.clear_client_msg_id();
  if (message.has_client_msg_id()) {
    if (const auto id = check_client_id(message.client_msg_id()); !id) return request.explain(id.code, id.text);
  }

  if (waiting_bytes_ + message.msg_data().size() > most_waiting_bytes) {
    return request.explain(status::busy, "too much waits to be stored", 1000);
  }

  item.author = request.user();
  item.target = target;
  item.type = static_cast<std::uint32_t>(type);
  item.content = message.msg_data();
  item.client_msg_id = message.client_msg_id();
  item.checked = !group && checked_.holds(item.author, item.target, now_ms());
  return status::ok;
}

void messenger::acknowledge(const parley::request& request, const outgoing& item) const {
  IM::Message::IMMsgDataAck ack;
  ack.set_user_id(item.author);
  ack.set_session_id(item.target);
  ack.set_msg_id(item.msg_id);
  ack.set_session_type(session_type(item.key.kind));
  if (!item.client_msg_id.empty()) ack.set_client_msg_id(item.client_msg_id.data(), item.client_msg_id.size());
  if (item.duplicate) ack.set_duplicate(true);
  request.reply(parley::cid::msg_data_ack, ack);
}

/// To the recipient's terminals and the author's other ones, or to all members'.
void messenger::deliver(const origin& from, IM::Message::IMMsgData& message, const outgoing& item,
                        std::uint32_t accepted) {
  message.set_from_user_id(item.author);
  message.set_msg_id(item.msg_id);
  message.set_create_time(item.created);
  message.clear_attach_data();
  message.mutable_unknown_fields()->clear();

  const parley::encoded encoded(message);
  const parley_bytes all = encoded;
  const parley_bytes plain{all.data, all.size - encoded_client_id(item.client_msg_id)};
  const auto push = [&](const parley_bytes& body, parley::selector which) {
    if (item.members) {
      which.except = from.session;
      sessions().push_users(item.members->members, parley::cid::msg_data, body, which);
      return;
    }
    sessions().push_user(item.target, parley::cid::msg_data, body, which);
    which.except = from.session;
    sessions().push_user(item.author, parley::cid::msg_data, body, which);
  };
  if (plain.size == all.size) {
    push(all, {});
  } else {
    push(all, {.min_level = 1});
    push(plain, {.level_0_only = true});
  }
  if (ledger_.enabled()) note(from, item, accepted);
  announce(from, item);
}

/// Where it went, for `messages trace`. Of a large group only that it was told.
void messenger::note(const origin& from, const outgoing& item, std::uint32_t accepted) {
  const bool group = item.members != nullptr;
  const auto users = group ? static_cast<std::uint32_t>(item.members->members.size()) : 2;
  const bool each = users <= delivery_ledger::most_users;
  ledger_.begin({item.key, item.msg_id}, item.author, accepted, unix_s(), users, each);
  if (!each) return;
  const auto add = [&](std::uint32_t user) {
    constexpr std::uint32_t most = 8;
    parley_terminal some[most];
    const auto* e = host_edge();
    const auto count = std::min(e->session->terminals(e->self, user, some, most), most);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (some[i].session != from.session) ledger_.pushed(some[i].session, user, some[i].tag);
    }
  };
  if (!group) {
    add(item.target);
    add(item.author);
    return;
  }
  for (const auto member : item.members->members) add(static_cast<std::uint32_t>(member));
}

void messenger::announce(const origin& from, const outgoing& item) const {
  static constexpr char name[] = "message.committed";
  if (!events().heard(name)) return;
  const std::string event = message_committed(item, from.tag);
  host_edge()->event->publish(host_edge()->self, name, parley::bytes(event));
}

void messenger::on_user_changed(const user_change& change) {
  if (change.blocks()) {
    checked_.forget(change.peer(), change.user());
    heard_.forget(change.peer(), change.user());
  } else if (change.concerns_recipients()) {
    checked_.clear();
    heard_.clear();
  }
}

}  // namespace message

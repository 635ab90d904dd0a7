// Becoming friends: asking (0x0A01), what waits for an answer (0x0A04), answering (0x0A06).
#include <parley/commands.hpp>

#include "buddy.hpp"
#include "store_friends.hpp"
#include "text.hpp"

namespace buddy {
namespace {

using parley::friends::IMFriendAnsweredNotify;

constexpr std::size_t text_characters = 256;
constexpr char text_wanted[] = "a text is UTF-8 of at most 256 characters";

/// As each side is told, with its own list's revision.
IMFriendAnsweredNotify answered(two who, bool accept, const std::string& text, std::uint32_t revision) {
  IMFriendAnsweredNotify notify;
  notify.set_asker_id(who.peer);
  notify.set_answerer_id(who.user);
  notify.set_accept(accept);
  if (!text.empty()) notify.set_text(text);
  notify.set_revision(revision);
  return notify;
}

}  // namespace

parley::task<parley::status> buddy_plugin::on_add(parley::request request, parley::friends::IMFriendAddReq message) {
  const two who{request.user(), message.peer_id()};
  const auto& text = message.text();
  if (const auto fault = fault_of(request, who.peer); fault != status::ok) co_return fault;
  if (!is_text(text, text_characters)) co_return request.explain(status::malformed, text_wanted);

  const auto now = unix_s();
  const auto done = co_await main_.write([&](parley::sql& db) { return ask(db, most_, who, text, now); });
  if (!done) co_return done.code();
  if (!done->is) co_return request.explain(done->is.code, done->is.text);

  parley::friends::IMFriendAddRsp reply;
  reply.set_peer_id(who.peer);
  reply.set_friends(done->changed);
  reply.set_revision(done->revision);
  if (done->changed) {
    const auto sent = request.reply(parley::cid::friends_add_rsp, reply);
    // The peer had asked, so this is an answer.
    tell(who.peer, parley::cid::friends_answered_notify, answered(who, true, text, done->peer_revision));
    tell(who.user, parley::cid::friends_answered_notify, answered(who, true, text, done->revision), request.session());
    announce_friends(who);
    co_return sent;
  }
  auto& pending = *reply.mutable_pending();
  pending.set_user_id(who.peer);
  pending.set_text(text);
  pending.set_created(done->created);
  pending.set_expires(done->created + most_.request_lifetime_s);
  const auto sent = request.reply(parley::cid::friends_add_rsp, reply);
  if (done->told_of) {
    parley::friends::IMFriendAskedNotify notify;
    *notify.mutable_pending() = pending;
    notify.mutable_pending()->set_user_id(who.user);
    tell(who.peer, parley::cid::friends_asked_notify, notify);
  }
  co_return sent;
}

parley::task<parley::status> buddy_plugin::on_pending(parley::request request, parley::friends::IMFriendPendingReq) {
  const auto user = request.user();
  const auto oldest = most_.oldest(unix_s());
  const auto lifetime = most_.request_lifetime_s;
  auto found = co_await main_.read([&](parley::sql& db) {
    parley::friends::IMFriendPendingRsp reply;
    const auto add = [lifetime](auto& list, std::vector<store::IMPendingFriend> rows) {
      for (auto& row : rows) {
        row.set_expires(row.created() + lifetime);
        list.Add(std::move(row));
      }
    };
    add(*reply.mutable_incoming(), store::incoming(db, user, oldest, static_cast<std::uint32_t>(most_.incoming)));
    add(*reply.mutable_outgoing(), store::outgoing(db, user, oldest, static_cast<std::uint32_t>(most_.outgoing)));
    return reply;
  });
  if (!found) co_return found.code();
  co_return request.reply(parley::cid::friends_pending_rsp, *found);
}

parley::task<parley::status> buddy_plugin::on_answer(parley::request request,
                                                     parley::friends::IMFriendAnswerReq message) {
  const two who{request.user(), message.peer_id()};
  const auto& text = message.text();
  const bool yes = message.accept();
  if (const auto fault = fault_of(request, who.peer); fault != status::ok) co_return fault;
  if (!is_text(text, text_characters)) co_return request.explain(status::malformed, text_wanted);

  const auto now = unix_s();
  const auto done = co_await main_.write(
      [&](parley::sql& db) { return yes ? accept(db, most_, who, now) : refuse(db, most_, who, now); });
  if (!done) co_return done.code();
  if (!done->is) co_return request.explain(done->is.code, done->is.text);

  parley::friends::IMFriendAnswerRsp reply;
  reply.set_peer_id(who.peer);
  reply.set_accept(yes);
  reply.set_revision(done->revision);
  const auto sent = request.reply(parley::cid::friends_answer_rsp, reply);
  if (done->told_of) {
    tell(who.peer, parley::cid::friends_answered_notify, answered(who, yes, text, done->peer_revision));
    tell(who.user, parley::cid::friends_answered_notify, answered(who, yes, text, done->revision), request.session());
  }
  if (done->changed) announce_friends(who);
  co_return sent;
}

}  // namespace buddy

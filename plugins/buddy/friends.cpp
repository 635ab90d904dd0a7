// The list of friends (0x0A0B), and what changes a line of it: delete (0x0A09), remark (0x0A0E), move (0x0A10).
#include <parley/commands.hpp>

#include "arrangement.hpp"
#include "buddy.hpp"
#include "store_friends.hpp"
#include "text.hpp"

namespace buddy {
namespace {

constexpr std::size_t remark_characters = 64;

struct listing {
  store::list list;
  bool whole = false;
  changes<store::IMFriend> friends;
  bool groupings_changed = false;
  std::vector<store::IMGrouping> groupings;
};

/// The revision is read first: what changes meanwhile is seen now and once more next time. [worker]
listing list_since(parley::sql& db, std::uint32_t user, std::uint32_t since) {
  listing out;
  out.list = store::read_list(db, user);
  // Above ours: it comes from a database that was since put back.
  out.whole = since == 0 || since > out.list.revision;
  if (out.whole) since = 0;
  if (out.whole || since < out.list.revision) out.friends = store::friends_since(db, user, since);
  out.groupings_changed = out.whole || out.list.grouping_revision > since;
  if (out.groupings_changed) out.groupings = store::groupings(db, user);
  return out;
}

}  // namespace

parley::task<parley::status> buddy_plugin::on_list(parley::request request, parley::friends::IMFriendListReq message) {
  const auto user = request.user();
  const auto since = message.revision();
  auto found = co_await main_.read([=](parley::sql& db) { return list_since(db, user, since); });
  if (!found) co_return found.code();
  auto& pages = found->friends.pages;
  if (pages.empty()) pages.emplace_back();
  auto revision = found->list.revision;
  // More than one request gets: the next goes on behind the last change that is told whole.
  if (!found->friends.complete) revision = pages.back().up_to - (pages.back().up_to > 0);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    parley::friends::IMFriendListRsp reply;
    reply.set_revision(revision);
    if (found->whole) reply.set_whole(true);
    if (i + 1 < pages.size()) reply.set_more(true);
    reply.mutable_friends()->Swap(&pages[i].rows);
    if (i == 0 && found->groupings_changed) {
      reply.set_groupings_changed(true);
      for (auto& one : found->groupings) reply.mutable_groupings()->Add(std::move(one));
    }
    if (auto sent = request.reply(parley::cid::friends_list_rsp, reply); sent != status::ok) co_return sent;
  }
  co_return status::ok;
}

parley::task<parley::status> buddy_plugin::on_delete(parley::request request,
                                                     parley::friends::IMFriendDeleteReq message) {
  const two who{request.user(), message.peer_id()};
  if (const auto fault = fault_of(request, who.peer); fault != status::ok) co_return fault;
  const auto now = unix_s();
  const auto done = co_await main_.write([&](parley::sql& db) { return part(db, most_, who, now); });
  if (!done) co_return done.code();

  parley::friends::IMFriendDeleteRsp reply;
  reply.set_peer_id(who.peer);
  reply.set_revision(done->revision);
  const auto sent = request.reply(parley::cid::friends_delete_rsp, reply);
  if (done->changed) {
    tell_list_changed(who.peer, done->peer_revision);
    tell_list_changed(who.user, done->revision, request.session());
    announce_friends(who);
  } else if (done->withdrawn) {
    parley::friends::IMFriendChangedNotify notify;
    notify.set_pending(true);
    notify.set_revision(done->revision);
    tell(who.user, parley::cid::friends_changed_notify, notify, request.session());
    notify.set_revision(done->peer_revision);
    if (done->told_of) tell(who.peer, parley::cid::friends_changed_notify, notify);
  }
  co_return sent;
}

parley::task<parley::status> buddy_plugin::on_remark(parley::request request,
                                                     parley::friends::IMFriendRemarkReq message) {
  const two who{request.user(), message.peer_id()};
  const auto& text = message.remark();
  if (const auto fault = fault_of(request, who.peer); fault != status::ok) co_return fault;
  if (!is_name(text, remark_characters)) {
    co_return request.explain(status::malformed, "a remark is one line of UTF-8, at most 64 characters");
  }
  const auto now = unix_s();
  const auto done = co_await main_.write([&](parley::sql& db) { return remark(db, who, text, now); });
  if (!done) co_return done.code();
  if (!done->is) co_return request.explain(done->is.code, done->is.text);

  parley::friends::IMFriendRemarkRsp reply;
  reply.set_peer_id(who.peer);
  reply.set_remark(text);
  reply.set_revision(done->revision);
  const auto sent = request.reply(parley::cid::friends_remark_rsp, reply);
  if (done->changed) tell_list_changed(who.user, done->revision, request.session());
  co_return sent;
}

parley::task<parley::status> buddy_plugin::on_move(parley::request request, parley::friends::IMFriendMoveReq message) {
  const two who{request.user(), message.peer_id()};
  const auto grouping = message.grouping_id();
  if (const auto fault = fault_of(request, who.peer); fault != status::ok) co_return fault;
  const auto now = unix_s();
  const auto done = co_await main_.write([&](parley::sql& db) { return move(db, who, grouping, now); });
  if (!done) co_return done.code();
  if (!done->is) co_return request.explain(done->is.code, done->is.text);

  parley::friends::IMFriendMoveRsp reply;
  reply.set_peer_id(who.peer);
  reply.set_grouping_id(grouping);
  reply.set_revision(done->revision);
  const auto sent = request.reply(parley::cid::friends_move_rsp, reply);
  if (done->changed) tell_list_changed(who.user, done->revision, request.session());
  co_return sent;
}

}  // namespace buddy

// Blocks: set (0x0A20), taken off (0x0A22), listed (0x0A24). What they stop is message's and group's business.
#include <parley/commands.hpp>

#include "buddy.hpp"
#include "events.hpp"
#include "store_friends.hpp"

namespace buddy {

/// The common end: answers, tells the user's other terminals, publishes.
parley::status buddy_plugin::answer_block(const parley::request& request, std::uint16_t command, std::uint32_t peer,
                                          bool is_blocked, const parley::result<blocked>& done) const {
  if (!done) return done.code();
  if (!done->is) return request.explain(done->is.code, done->is.text);
  parley::friends::IMBlockRsp reply;
  reply.set_peer_id(peer);
  reply.set_blocked(is_blocked);
  const auto sent = request.reply(command, reply);
  if (!done->changed) return sent;
  parley::friends::IMFriendChangedNotify notify;
  notify.set_revision(done->revision);
  notify.set_blocks(true);
  if (done->hidden) notify.set_pending(true);
  tell(request.user(), parley::cid::friends_changed_notify, notify, request.session());
  publish_user_changed(blocks_changed(request.user(), peer, unix_s()));
  return sent;
}

parley::task<parley::status> buddy_plugin::on_block(parley::request request, parley::friends::IMBlockReq message) {
  const two who{request.user(), message.peer_id()};
  if (const auto fault = fault_of(request, who.peer); fault != status::ok) co_return fault;
  const auto now = unix_s();
  const auto done = co_await main_.write([&](parley::sql& db) { return block(db, most_, who, now); });
  co_return answer_block(request, parley::cid::friends_block_rsp, who.peer, true, done);
}

parley::task<parley::status> buddy_plugin::on_unblock(parley::request request, parley::friends::IMUnblockReq message) {
  const two who{request.user(), message.peer_id()};
  if (const auto fault = fault_of(request, who.peer); fault != status::ok) co_return fault;
  const auto done = co_await main_.write([&](parley::sql& db) { return unblock(db, who); });
  co_return answer_block(request, parley::cid::friends_unblock_rsp, who.peer, false, done);
}

parley::task<parley::status> buddy_plugin::on_blocks(parley::request request, parley::friends::IMBlockListReq) {
  const auto most = static_cast<std::uint32_t>(most_.blocks);
  auto found =
      co_await main_.read([=, user = request.user()](parley::sql& db) { return store::blocks_of(db, user, most); });
  if (!found) co_return found.code();
  parley::friends::IMBlockListRsp reply;
  for (auto& one : *found) reply.mutable_blocks()->Add(std::move(one));
  co_return request.reply(parley::cid::friends_blocks_rsp, reply);
}

}  // namespace buddy

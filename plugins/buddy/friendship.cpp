#include "friendship.hpp"

#include <algorithm>

#include "store_friends.hpp"

namespace buddy {
namespace {

using parley::sql;
using parley::status;

/// Both lists, locked.
struct both_lists {
  both_lists(sql& db, const two& who) {
    for (const auto id : {std::min(who.user, who.peer), std::max(who.user, who.peer)}) {
      (id == who.user ? own : peers) = store::lock_list(db, id);
    }
  }
  /// One change further, both of them.
  void advance(sql& db) {
    for (auto* one : {&own, &peers}) {
      ++one->revision;
      store::save_list(db, *one);
    }
  }
  void tell(outcome& out) const {
    out.revision = own.revision;
    out.peer_revision = peers.revision;
  }
  store::list own;
  store::list peers;
};

verdict befriend(sql& db, const limits& most, const two& who, both_lists& lists, std::uint32_t now) {
  if (store::count_friends(db, who.user, most.friends) >= most.friends) {
    return {status::refused, "you have as many friends as one may have"};
  }
  if (store::count_friends(db, who.peer, most.friends) >= most.friends) {
    return {status::refused, "that user has as many friends as one may have"};
  }
  lists.advance(db);
  store::save_friend(db, who.user, who.peer, lists.own.revision, now);
  store::save_friend(db, who.peer, who.user, lists.peers.revision, now);
  store::delete_request(db, who.user, who.peer);
  store::delete_request(db, who.peer, who.user);
  return {};
}

/// What waits for the user's answer, as far as the user may know.
bool is_asked(sql& db, const two& who, std::uint32_t oldest) {
  const auto found = store::find_request(db, who.peer, who.user, oldest);
  return found && !found->hidden;
}

}  // namespace

asked ask(sql& db, const limits& most, two who, std::string_view text, std::uint32_t now) {
  asked out;
  if (!store::user_exists(db, who.peer)) {
    out.is = {status::no_target, "no such user"};
    return out;
  }
  const auto oldest = most.oldest(now);
  store::delete_expired(db, who.peer, oldest);
  db.transaction([&] {
    out = {};
    both_lists lists(db, who);
    if (store::are_friends(db, who.user, who.peer)) {
      out.is = {status::not_allowed, "you are friends already"};
      return;
    }
    if (is_asked(db, who, oldest)) {
      out.is = befriend(db, most, who, lists, now);
      out.changed = out.told_of = static_cast<bool>(out.is);
      lists.tell(out);
      return;
    }
    lists.tell(out);
    const auto before = store::find_request(db, who.user, who.peer, oldest);
    const bool hidden = store::blocks(db, who.peer, who.user);
    // Who is blocked meets the same limits as anybody, and learns nothing by them.
    if (!before && store::count_outgoing(db, who.user, oldest) >= most.outgoing) {
      out.is = {status::busy, "too many of your requests wait for an answer"};
    } else if (!before && store::count_incoming(db, who.peer, oldest) >= most.incoming) {
      out.is = {status::busy, "too many requests wait for that user's answer"};
    } else if (before && before->text == text && before->hidden == hidden) {
      out.created = before->created;  // a resend
    } else {
      store::save_request(db, who.user, who.peer, text, hidden, now);
      out.created = now;
      out.told_of = !hidden;
    }
  });
  return out;
}

outcome accept(sql& db, const limits& most, two who, std::uint32_t now) {
  outcome out;
  const auto nobody_asked = [&] {
    out = {};
    out.is = {status::no_target, "that user has not asked, or no longer does"};
  };
  const auto oldest = most.oldest(now);
  // First without a lock: strangers' ids get no list. In this order: a request that somebody else's accept takes away
  // meanwhile is a friendship in the next look.
  if (!is_asked(db, who, oldest) && !store::are_friends(db, who.user, who.peer)) {
    nobody_asked();
    return out;
  }
  db.transaction([&] {
    out = {};
    both_lists lists(db, who);
    if (!store::are_friends(db, who.user, who.peer)) {
      if (!is_asked(db, who, oldest)) return nobody_asked();
      out.is = store::user_exists(db, who.peer) ? befriend(db, most, who, lists, now)
                                                : verdict{status::no_target, "that user has left"};
      out.changed = out.told_of = static_cast<bool>(out.is);
    }
    lists.tell(out);
  });
  return out;
}

outcome refuse(sql& db, const limits& most, two who, std::uint32_t now) {
  outcome out;
  const auto oldest = most.oldest(now);
  if (!is_asked(db, who, oldest)) {
    out.revision = store::read_list(db, who.user).revision;
    return out;
  }
  db.transaction([&] {
    out = {};
    both_lists lists(db, who);
    out.told_of = is_asked(db, who, oldest) && store::delete_request(db, who.peer, who.user);
    lists.tell(out);
  });
  return out;
}

parted part(sql& db, const limits& most, two who, std::uint32_t now) {
  parted out;
  const auto oldest = most.oldest(now);
  // As in accept().
  if (!store::find_request(db, who.user, who.peer, oldest) && !store::are_friends(db, who.user, who.peer)) {
    out.revision = store::read_list(db, who.user).revision;
    return out;
  }
  db.transaction([&] {
    out = {};
    both_lists lists(db, who);
    const auto request = store::find_request(db, who.user, who.peer, oldest);
    if (store::are_friends(db, who.user, who.peer)) {
      lists.advance(db);
      store::end_friend(db, who.user, who.peer, lists.own.revision, now);
      store::end_friend(db, who.peer, who.user, lists.peers.revision, now);
      out.changed = out.told_of = true;
    } else if (request) {
      store::delete_request(db, who.user, who.peer);
      out.withdrawn = true;
      out.told_of = !request->hidden;
    }
    lists.tell(out);
  });
  return out;
}

blocked block(sql& db, const limits& most, two who, std::uint32_t now) {
  blocked out;
  if (!store::user_exists(db, who.peer)) {
    out.is = {status::no_target, "no such user"};
    return out;
  }
  db.transaction([&] {
    out = {};
    out.revision = store::lock_list(db, who.user).revision;
    if (store::blocks(db, who.user, who.peer)) return;
    if (store::count_blocks(db, who.user) >= most.blocks) {
      out.is = {status::refused, "you block as many users as one may"};
      return;
    }
    store::add_block(db, who.user, who.peer, now);
    out.changed = true;
    out.hidden = store::hide_request(db, who.peer, who.user);
  });
  return out;
}

blocked unblock(sql& db, two who) {
  blocked out;
  if (!store::blocks(db, who.user, who.peer)) return out;
  db.transaction([&] {
    out.revision = store::lock_list(db, who.user).revision;
    out.changed = store::remove_block(db, who.user, who.peer);
  });
  return out;
}

}  // namespace buddy

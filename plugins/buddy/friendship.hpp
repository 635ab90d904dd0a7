// What happens to two people's friendship, each in one transaction. [worker]
//
// Rationale: every function locks the friend_list rows it needs first, the lower user id before the higher. What two
// people, or two nodes, do at the same time therefore happens one after the other, and nobody waits in a circle.
#pragma once

#include <parley/sql.hpp>

#include <cstdint>
#include <string_view>

namespace buddy {

struct limits {
  std::size_t friends = 2000;
  std::size_t incoming = 200;  // requests that wait for one user's answer
  std::size_t outgoing = 100;  // of one user that wait for others'
  std::size_t blocks = 1000;
  std::uint32_t request_lifetime_s = 30 * 24 * 3600;

  /// What was asked before this has expired.
  std::uint32_t oldest(std::uint32_t now) const { return now > request_lifetime_s ? now - request_lifetime_s : 0; }
};

/// Why not, if not.
struct verdict {
  parley::status code = parley::status::ok;
  const char* text = "";
  explicit operator bool() const { return code == parley::status::ok; }
};

/// Two people, seen from the one who acts.
struct two {
  std::uint32_t user = 0;
  std::uint32_t peer = 0;
};

/// What a change did. Revisions are those of both lists afterwards.
struct outcome {
  verdict is;
  bool changed = false;  // one of the lists
  bool told_of = false;  // the peer is to hear about it
  std::uint32_t revision = 0;
  std::uint32_t peer_revision = 0;
};

struct asked : outcome {
  std::uint32_t created = 0;  // of the request that waits now, unless they are friends
};
/// `user` asks `peer`; when the peer had asked already they become friends (changed). What is asked of somebody who
/// blocks the user is kept for the user's eyes alone.
asked ask(parley::sql& db, const limits& most, two who, std::string_view text, std::uint32_t now);

/// `user` answers what `peer` asked. Again: nothing changes, and that is fine.
outcome accept(parley::sql& db, const limits& most, two who, std::uint32_t now);
outcome refuse(parley::sql& db, const limits& most, two who, std::uint32_t now);

struct parted : outcome {
  bool withdrawn = false;  // a request, not a friendship
};
/// Ends the friendship, or takes back what the user asked.
parted part(parley::sql& db, const limits& most, two who, std::uint32_t now);

struct blocked {
  verdict is;
  bool changed = false;
  bool hidden = false;         // a request of the peer's is seen no more
  std::uint32_t revision = 0;  // of the user's list, which blocks do not change
};
/// The peer's pending request is out of sight from then on.
blocked block(parley::sql& db, const limits& most, two who, std::uint32_t now);
blocked unblock(parley::sql& db, two who);

}  // namespace buddy

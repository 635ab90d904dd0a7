// Judges a history: did the server keep its word?
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "crash/checker/history.hpp"

namespace parley::crash {

/// A broken promise.
enum class promise : std::uint8_t {
  lost,                  ///< acked, and not in the final history under its id
  misplaced,             ///< acked under an id that holds another message
  renumbered,            ///< two acks of one client_msg_id name two ids
  new_again,             ///< a resend was acked as if it were new
  duplicate_of_nothing,  ///< sent once, and acked as a resend
  out_of_order,          ///< two messages of one session have ids against the order in which they were sent
  doubled,               ///< one message stands in history twice
  invented,              ///< in history, and nobody sent it
  gap,                   ///< the ids of a conversation are not 1, 2, 3, ...
  time_went_back,        ///< create_time falls within a conversation
  readers_disagree,      ///< a page once showed something else under an id
  vanished,              ///< a page once showed an id that is not in the final history
  page_with_hole,        ///< the ids of a page do not fall by one
  stale_page,            ///< a page lacks what somebody had been shown before it was asked for
  pushed_unknown,        ///< pushed, and not in history
  pushed_otherwise,      ///< pushed with other content, author or client_msg_id than history has
  pushed_out_of_order,   ///< one session saw a conversation's pushes with falling ids
  pushed_twice,          ///< one session saw a push twice
  unread_wrong,          ///< an unread count that fits no position that was asked for
  position_lost,         ///< an unread count from before a position that had been taken
  stranger,              ///< who is not in a group was shown something of it, or heard in it
};

std::string_view name_of(promise which);
/// Nothing for a name that is none.
const promise* find_promise(std::string_view name);
/// All of them, in order.
std::vector<std::string_view> promise_names();

struct violation {
  promise which = promise::lost;
  std::string text;                   ///< a sentence
  std::vector<std::string> evidence;  ///< the lines that contradict each other
};

struct verdict_counts {
  std::size_t sends = 0, acks = 0, refusals = 0, pushes = 0, pages = 0, page_messages = 0, reads = 0, unreads = 0;
  std::size_t messages = 0;        ///< in the final history
  std::size_t group_messages = 0;  ///< those of `messages` that are in groups
  std::size_t group_pushes = 0;    ///< those of `pushes` that are about them
  std::size_t conversations = 0;   ///< in the final history
  std::size_t groups = 0;          ///< those of `conversations` that are groups
  std::size_t resends = 0;         ///< sends of a client_msg_id beyond its first
  std::size_t unacked = 0;         ///< sent, and never acked
};

struct report {
  verdict_counts counts;
  std::vector<violation> violations;                ///< at most `most_kept` of each kind
  std::map<promise, std::size_t> violation_counts;  ///< all of them
  std::map<promise, std::size_t> group_counts;      ///< those of them that are about groups

  static constexpr std::size_t most_kept = 5;
};

/// The final pages of a history are taken for the truth, and everything any terminal saw at any time has to agree with
/// it. What was sent and never acked may be there once or not at all; pushes may be missing. Bad histories are judged,
/// never trusted: any line may hold anything. [any]
report check(const history& of);

}  // namespace parley::crash

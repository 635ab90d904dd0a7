// What a set of terminals sent and saw, as lines. Pure data: who fills it and who judges it know nothing of each other.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace parley::crash {

enum class what : std::uint8_t {
  send,          ///< a message went out (0x0301)
  ack,           ///< it was acked (0x0302)
  refuse,        ///< it was refused (0x0901); its outcome may still be unknown
  push,          ///< somebody's message arrived unasked
  page,          ///< a page of history arrived; its `count` messages are the lines behind it
  page_message,  ///< one of them
  read,          ///< a read position was asked for (0x0303)
  read_notice,   ///< another terminal of the user had moved it (0x0304)
  unread,        ///< the server's count for one peer or group (0x0308); 0 when it was not listed
};

/// A conversation as one of those in it names it: the other user, or the group.
struct place {
  bool group = false;
  std::uint32_t id = 0;

  auto operator<=>(const place&) const = default;
};

/// One event at one terminal. Fields that a kind does not name are 0.
struct line {
  what kind = what::send;
  bool duplicate = false;        ///< ack
  bool final = false;            ///< page, page_message, unread: asked when all was over and mended, at level 1
  std::uint32_t session = 0;     ///< counts the terminal's connections
  place with;                    ///< the other user of the conversation, or the group
  std::uint32_t author = 0;      ///< push, page_message
  std::uint32_t msg_id = 0;      ///< ack, push, page_message; the position of read, read_notice; where a page begins
  std::uint32_t created = 0;     ///< push, page_message: Unix seconds
  std::uint32_t count = 0;       ///< page, unread
  std::uint64_t content = 0;     ///< send, push, page_message: hash_of() the content; ack: that of its send
  std::string client_msg_id;     ///< send, ack, refuse, push, page_message; empty below level 1
  std::int64_t at_ns = 0;        ///< when it was sent or seen; one clock for all terminals, no two lines of one alike
  std::int64_t asked_at_ns = 0;  ///< ack, refuse, page, unread: when the question went out (for ack: at_ns of its send)
};

struct terminal {
  std::string name;  ///< for people
  std::uint32_t user = 0;
  std::uint32_t level = 1;
  std::vector<line> lines;  ///< in order of at_ns
};

struct history {
  std::vector<terminal> terminals;
  std::map<std::uint32_t, std::set<std::uint32_t>> members;  ///< of every group, from its beginning to the end
};

/// Two users, the smaller first; or a group, which is b.
struct conversation {
  bool group = false;
  std::uint32_t a = 0;
  std::uint32_t b = 0;

  auto operator<=>(const conversation&) const = default;
};

/// What `user` calls `with`.
inline conversation conversation_of(std::uint32_t user, const place& with) {
  if (with.group) return {true, 0, with.id};
  return {false, std::min(user, with.id), std::max(user, with.id)};
}

std::uint64_t hash_of(std::string_view content);

/// One line as people read it, with its terminal's name.
std::string describe(const terminal& who, const line& one);

}  // namespace parley::crash

// Rows of `conversation` out of TeamTalk's messages.
#pragma once

#include <map>
#include <span>
#include <string>

#include "import/job.hpp"
#include "import/renumber.hpp"

namespace parley::teamtalk {

/// IM.BaseDefine.SessionType.
enum class chat : std::uint8_t { single = 1, group = 2 };
constexpr unsigned raw(chat kind) {
  return static_cast<unsigned>(kind);
}

/// IMMessage_n or IMGroupMessage_n of a relation or a group.
std::string message_table(chat kind, std::uint32_t relation);
constexpr const char* relation_column(chat kind) {
  return kind == chat::single ? "relateId" : "groupId";
}

/// What the messages of a relation look like.
struct history {
  std::uint64_t count = 0;
  std::uint64_t distinct = 0;
  std::uint32_t lowest = 0;
  std::uint32_t highest = 0;
  std::uint32_t created = 0;  // the last
  /// Every message has a number of its own.
  bool sound() const { return count == 0 || (count == distinct && is_number(lowest) && is_number(highest)); }
};
std::map<std::uint32_t, history> histories(sql& db, chat kind, std::span<const std::uint32_t> relations);

struct new_conversation {
  chat kind = chat::single;
  std::uint32_t a = 0;  // lower user, 0 for a group
  std::uint32_t b = 0;  // higher user, the group
  std::uint32_t relation = 0;
  std::uint32_t highest = 0;
  std::uint32_t created = 0;
};
/// Within a transaction. Of a conversation that is there already nothing changes.
void insert_conversations(sql& db, std::span<const new_conversation> all);

/// How many messages of these relations would get another number or place.
std::uint64_t count_repairs(sql& db, chat kind, std::span<const std::uint32_t> relations, std::uint32_t main);
/// One transaction: merges the relations into `main`, or into the one that the conversation already has, renumbers, and
/// makes the conversation's row. Returns how many messages were rewritten.
std::uint64_t repair(job& work, const new_conversation& pair, std::span<const std::uint32_t> relations);

}  // namespace parley::teamtalk

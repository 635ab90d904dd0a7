// Statements on the tables that messages are spread over: IMMessage_(relate_id % 8), IMGroupMessage_(group id % 8).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "conversation.hpp"

namespace message::store {

inline constexpr std::size_t ids_per_query = 100;

/// Where the messages of a conversation are. relate_id is the group id for a group.
struct place {
  conversation_kind kind = conversation_kind::single;
  std::uint32_t relate_id = 0;
};

/// What of it somebody sees: in a group, what was written since it joined.
struct view {
  place where;
  std::uint32_t since_msg_id = 0;   // only numbers behind this one
  std::uint32_t since_created = 0;  // and only from this second on
};

/// `S` below is (relateId, status, msgId, created) of IMMessage_n; group tables have (groupId, msgId, status, created).
struct shard_statements {
  std::string insert_head;
  // Of what a view shows: its three numbers come first.
  std::string page;    // newest first from a number down, limited; served by S
  std::string by_ids;  // ids_per_query numbers, newest first; S
  std::string newest;  // S
  std::string unread;  // how many of the newest up to a number, limited, are others'; S
  std::string
      highest;  // the last valid number and time, whatever the status; every index entry of the conversation in S
  /// id, number, type and content of the oldest written before a second, of one status, limited; served by (relateId,
  /// status, created).
  std::string old;
};

const shard_statements& statements_of(const place& where);

/// Every shard has a number, for collecting rows by table.
inline constexpr std::size_t shard_count = 16;
std::size_t shard_number(const place& where);
const shard_statements& statements_of_shard(std::size_t number);

/// What a row has, in the order of the insert's columns: group rows have no recipient.
std::size_t insert_columns(std::size_t shard);

std::string table_of_shard(std::size_t number);

}  // namespace message::store

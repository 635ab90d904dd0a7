// SQL of the operator's verbs on messages. [worker]
#pragma once

#include <parley/sql.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store.hpp"

namespace message::store {

/// Where the messages of a conversation are, whoever asks; none: there is no such conversation.
std::optional<place> place_of(parley::sql& db, const conversation_key& key);

/// At most `count` that are numbered `begin` or lower, newest first.
std::vector<stored_message> page_of(parley::sql& db, const place& where, std::uint32_t begin, std::uint32_t count);

struct recording {
  std::uint32_t seconds = 0;
  std::uint32_t bytes = 0;
};
recording recording_of(parley::sql& db, const stored_message& audio);

/// Takes a message out of everybody's sight. False when there is none that is seen.
bool withdraw(parley::sql& db, const place& where, std::uint32_t msg_id, std::uint32_t now);

struct message_state {
  std::uint32_t author = 0;
  std::uint32_t created = 0;
  std::uint32_t updated = 0;
  bool removed = false;
};
std::optional<message_state> state_of(parley::sql& db, const place& where, std::uint32_t msg_id);

struct reader {
  std::uint32_t user = 0;
  std::uint32_t msg_id = 0;  // its position
  std::uint32_t at = 0;      // when it moved there
};
/// Of `users`, who has read up to msg_id or further.
std::vector<reader> readers_of(parley::sql& db, const place& where, std::uint32_t msg_id,
                               std::span<const std::uint64_t> users);

// ---- looking through many ----

struct looked_at {
  std::uint64_t row = 0;
  conversation_key key;
  stored_message message;
};
/// Rows of a table numbered `from` or lower, newest first; what nobody sees any more is without content.
std::vector<looked_at> rows_of_shard(parley::sql& db, std::size_t shard, std::uint64_t from, std::uint32_t count);
/// The lowest peer that is not below `from` and has talked with `user`.
std::optional<std::uint32_t> next_peer(parley::sql& db, std::uint32_t user, std::uint32_t from);

}  // namespace message::store

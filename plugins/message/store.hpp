// All SQL of message. Tables: schema.hpp; IMUser and block are made by login's migrations. [worker]
#pragma once

#include <parley/sql.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "IM.BaseDefine.pb.h"
#include "conversation.hpp"
#include "reply_budget.hpp"
#include "store_shards.hpp"

namespace message::store {

using message_list = google::protobuf::RepeatedPtrField<IM::BaseDefine::MsgInfo>;

// ---- conversations: store_conversation.cpp ----

/// A row of `conversation`; schema.hpp says what the columns mean.
struct conversation {
  std::uint32_t relate_id = 0;
  std::uint32_t last_msg_id = 0;
  std::uint32_t last_created = 0;
  std::uint32_t last_a = 0;
  std::uint32_t last_b = 0;
  std::uint32_t touched = 0;
  std::uint64_t session_a = 0;
  std::uint64_t session_b = 0;
};
struct locked_conversation {
  conversation_key key;
  conversation row;
};

enum class acceptance { welcome, blocked, nobody };
/// Whether `user` is somebody who takes messages from `author`.
acceptance takes_from(parley::sql& db, std::uint32_t user, std::uint32_t author);
constexpr parley::status admission_of(acceptance answer) {
  if (answer == acceptance::welcome) return parley::status::ok;
  return answer == acceptance::blocked ? parley::status::not_allowed : parley::status::no_target;
}
bool conversation_exists(parley::sql& db, const conversation_key& key);
/// Makes the rows that nobody has made meanwhile: finds or makes the relation, and numbers on from the shard's highest
/// valid msgId. `keys` are sorted. In a transaction of its own, so that batches lock nothing but rows that are there.
void make_conversations(parley::sql& db, std::span<const conversation_key> keys, std::uint32_t now);

/// The row, locked until the transaction ends.
std::optional<conversation> lock_conversation(parley::sql& db, const conversation_key& key);
/// The rows of `keys`, which are sorted; locks are taken in that order. Where there is none, none.
std::vector<std::optional<conversation>> lock_conversations(parley::sql& db, std::span<const conversation_key> keys);
void save_conversations(parley::sql& db, const std::vector<locked_conversation>& changed);

/// What a reader needs to know; nothing is locked.
struct whereabouts {
  view seen;
  std::optional<std::uint32_t> last_msg_id;  // none: TeamTalk's messages only, nobody has written since
};
/// As `user` may see it. None: there is nothing, or it is a group the user is not in.
std::optional<whereabouts> find_conversation(parley::sql& db, const conversation_key& key, std::uint32_t user);

// ---- groups: store_groups.cpp ----

/// Id and version of those that live, locked until the transaction ends. `groups` ascend.
std::vector<std::pair<std::uint32_t, std::uint32_t>> lock_groups(parley::sql& db,
                                                                 std::span<const std::uint32_t> groups);
/// Ascending, each once.
std::vector<std::uint64_t> members_of(parley::sql& db, std::uint32_t group);
/// A live group that `user` is in.
std::optional<whereabouts> find_group(parley::sql& db, std::uint32_t group, std::uint32_t user);
/// Somebody has written: TeamTalk's sign of it.
void touch_groups(parley::sql& db, std::span<const std::uint32_t> groups, std::uint32_t now);

// ---- writing messages: store_messages.cpp ----

/// Rows of one batch, table by table. Texts are borrowed until insert().
class new_messages {
 public:
  struct message_row {
    std::uint32_t author;
    std::uint32_t target;
    std::uint32_t msg_id;
    std::string_view content;
    std::uint32_t type;
    std::uint32_t created;
  };
  void add(const place& where, const message_row& row);
  void add_key(const place& where, const message_row& row, std::string_view client_msg_id);
  void insert(parley::sql& db) const;

 private:
  std::array<std::vector<parley::sql_value>, shard_count> rows_;
  std::vector<parley::sql_value> keys_;
};

/// The msg_id that this author's client_msg_id was given.
std::optional<std::uint32_t> find_key(parley::sql& db, const place& where, std::uint32_t author,
                                      std::string_view client_msg_id);

/// Stores a recording (duration, then bytes) and returns its IMAudio.id, which is the message's content.
std::uint64_t insert_audio(parley::sql& db, std::uint32_t author, std::uint32_t target, std::string_view audio,
                           std::uint32_t now);

// ---- reading messages: store_history.cpp ----

/// As stored: for a recording, content is the decimal IMAudio.id.
struct stored_message {
  std::uint32_t msg_id = 0;
  std::uint32_t author = 0;
  std::uint32_t created = 0;
  std::uint32_t type = 0;
  std::string content;
  bool is_audio() const;
};
std::optional<stored_message> newest_message(parley::sql& db, const view& seen);

/// At most `count` messages numbered `begin` (0: the newest) or lower, newest first, as many as a reply holds.
message_list messages_before(parley::sql& db, const view& seen, std::uint32_t begin, std::uint32_t count,
                             bool with_client_ids);
/// The same of the numbers in `ids`, at most ids_per_query of them.
message_list messages_by_id(parley::sql& db, const view& seen, std::span<const std::uint32_t> ids,
                            bool with_client_ids);

// ---- recent sessions: store_sessions.cpp ----

inline constexpr std::uint32_t sessions_per_reply = 100;

/// Brings both users' rows up to date, and back for whoever had removed them; a group has one sign for all.
void touch_sessions(parley::sql& db, std::span<locked_conversation*> touched, std::uint32_t now);
/// The row of `owner`'s recent list, made (hidden until touched) if it is not there.
std::uint64_t session_row(parley::sql& db, conversation_kind kind, std::uint32_t owner, std::uint32_t peer,
                          std::uint32_t now);
/// Takes a conversation off `user`'s list until somebody writes, and counts it as read. False when it is not there.
bool remove_session(parley::sql& db, const conversation_key& key, std::uint32_t user, std::uint32_t peer,
                    std::uint32_t now);

struct recent_session {
  std::uint32_t peer = 0;
  std::uint32_t updated = 0;
  view seen;  // relate_id 0: not known yet
};
/// Live ones updated after `since`, newest first, each peer once; groups are not stored per member but found here.
std::vector<recent_session> recent_sessions(parley::sql& db, std::uint32_t user, std::uint32_t since);
std::vector<recent_session> recent_groups(parley::sql& db, std::uint32_t user, std::uint32_t since);
/// False when it is hidden already.
bool hide_group(parley::sql& db, std::uint32_t group, std::uint32_t user, std::uint32_t last_msg_id);

// ---- read positions: store_positions.cpp ----

struct new_position {
  std::uint32_t user = 0;
  place where;
  std::uint32_t msg_id = 0;
};
/// Positions only move forward.
void save_positions(parley::sql& db, std::span<const new_position> positions, std::uint32_t now);

struct unread_session {
  std::uint32_t peer = 0;
  std::uint32_t updated = 0;
  view seen;
  std::uint32_t position = 0;
  std::uint32_t last = 0;  // nothing of others is behind it
};
/// Sessions in which others may have written behind the user's position, most recent first.
std::vector<unread_session> unread_sessions(parley::sql& db, std::uint32_t user);
/// Groups count their author's messages too: in some of these there may be nothing of others.
std::vector<unread_session> unread_groups(parley::sql& db, std::uint32_t user);
/// Others' messages behind the position, at most 999, among the newest 2,000.
std::uint32_t count_unread(parley::sql& db, const unread_session& session, std::uint32_t user);

// ---- retention: store_retention.cpp ----

/// Where messages of a conversation are; a pair may have several such places on a database that was TeamTalk's.
struct relation {
  place where;
  conversation_key key;
};
/// In order of relate_id.
std::vector<relation> relations_behind(parley::sql& db, conversation_kind kind, std::uint32_t after,
                                       std::uint32_t most);
std::vector<relation> relations_of(parley::sql& db, const conversation_key& key);
/// Those of them with messages written before that second.
std::vector<relation> with_old(parley::sql& db, const std::vector<relation>& some, std::uint32_t before);
/// The oldest of these, at most so many, with their keys and recordings, in one transaction. How many there were.
std::size_t remove_old(parley::sql& db, const relation& one, std::uint32_t before, std::uint32_t most,
                       std::uint32_t now);

}  // namespace message::store

// Tables of message. Expand-only; on a TeamTalk database the IM... tables are there already and stay as they are.
#pragma once

#include <array>
#include <cstddef>

namespace message::schema {

/// `text` eight times, each # a shard's number.
template <std::size_t N>
constexpr auto for_each_shard(const char (&text)[N]) {
  std::array<char, 8 * (N - 1) + 1> all{};
  std::size_t at = 0;
  for (char shard = '0'; shard < '8'; ++shard) {
    for (std::size_t i = 0; i + 1 < N; ++i) all[at++] = text[i] == '#' ? shard : text[i];
  }
  return all;
}

// In SQLite the names of indexes are one space for all tables, hence the table's name in front.
constexpr auto single_messages = for_each_shard(R"(
CREATE TABLE IF NOT EXISTS IMMessage_#(
  id {id},
  relateId {u32} NOT NULL,
  fromId {u32} NOT NULL,
  toId {u32} NOT NULL,
  msgId {u32} NOT NULL,
  content {text:4096} DEFAULT '',
  type {u8} NOT NULL DEFAULT 1,
  status {u8} NOT NULL DEFAULT 0,
  updated {u32} NOT NULL,
  created {u32} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS IMMessage_#_relate_created ON IMMessage_#(relateId, status, created);
CREATE INDEX IF NOT EXISTS IMMessage_#_relate_msg ON IMMessage_#(relateId, status, msgId, created);
CREATE INDEX IF NOT EXISTS IMMessage_#_from_to ON IMMessage_#(fromId, toId, status);
)");

constexpr auto group_messages = for_each_shard(R"(
CREATE TABLE IF NOT EXISTS IMGroupMessage_#(
  id {id},
  groupId {u32} NOT NULL,
  userId {u32} NOT NULL,
  msgId {u32} NOT NULL,
  content {text:4096} NOT NULL,
  type {u8} NOT NULL DEFAULT 2,
  status {u32} NOT NULL DEFAULT 0,
  updated {u32} NOT NULL DEFAULT 0,
  created {u32} NOT NULL DEFAULT 0
) {table};
CREATE INDEX IF NOT EXISTS IMGroupMessage_#_group_created ON IMGroupMessage_#(groupId, status, created);
CREATE INDEX IF NOT EXISTS IMGroupMessage_#_group_msg ON IMGroupMessage_#(groupId, msgId, status, created);
)");

constexpr char teamtalk[] = R"(
CREATE TABLE IF NOT EXISTS IMRelationShip(
  id {id},
  smallId {u32} NOT NULL,
  bigId {u32} NOT NULL,
  status {u8} NOT NULL DEFAULT 0,
  created {u32} NOT NULL DEFAULT 0,
  updated {u32} NOT NULL DEFAULT 0
) {table};
CREATE INDEX IF NOT EXISTS IMRelationShip_pair ON IMRelationShip(smallId, bigId, status, updated);
CREATE TABLE IF NOT EXISTS IMRecentSession(
  id {id},
  userId {u32} NOT NULL,
  peerId {u32} NOT NULL,
  type {u8} NOT NULL DEFAULT 0,
  status {u8} NOT NULL DEFAULT 0,
  created {u32} NOT NULL DEFAULT 0,
  updated {u32} NOT NULL DEFAULT 0
) {table};
CREATE INDEX IF NOT EXISTS IMRecentSession_updated ON IMRecentSession(userId, peerId, status, updated);
CREATE INDEX IF NOT EXISTS IMRecentSession_type ON IMRecentSession(userId, peerId, type);
CREATE TABLE IF NOT EXISTS IMAudio(
  id {id},
  fromId {u32} NOT NULL,
  toId {u32} NOT NULL,
  path {text:255} DEFAULT '',
  size {u32} NOT NULL DEFAULT 0,
  duration {u32} NOT NULL DEFAULT 0,
  created {u32} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS IMAudio_from_to ON IMAudio(fromId, toId);
)";

// conversation: the counter, the lock and the truth of who talks. kind 1: a < b are users, relate_id is
// IMRelationShip.id; kind 2: a is 0, b and relate_id are the group. last_a, last_b: a's or b's newest message is not
// behind that number. read_floor: who has no read position has read up to there. touched: the second in which the
// recent sessions were brought up to date, 0 when they must be. session_a, session_b: their rows in IMRecentSession.
constexpr char conversations[] = R"(
CREATE TABLE IF NOT EXISTS conversation(
  kind {u8} NOT NULL,
  a {u32} NOT NULL,
  b {u32} NOT NULL,
  relate_id {u32} NOT NULL DEFAULT 0,
  last_msg_id {u32} NOT NULL DEFAULT 0,
  last_created {u32} NOT NULL DEFAULT 0,
  read_floor {u32} NOT NULL DEFAULT 0,
  last_a {u32} NOT NULL DEFAULT 0,
  last_b {u32} NOT NULL DEFAULT 0,
  touched {u32} NOT NULL DEFAULT 0,
  session_a {u64} NOT NULL DEFAULT 0,
  session_b {u64} NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, a, b)
) {table};
CREATE INDEX IF NOT EXISTS conversation_relate ON conversation(kind, relate_id);
CREATE TABLE IF NOT EXISTS message_key(
  kind {u8} NOT NULL,
  relate_id {u32} NOT NULL,
  msg_id {u32} NOT NULL,
  author {u32} NOT NULL,
  client_msg_id {bytes:64} NOT NULL,
  created {u32} NOT NULL,
  PRIMARY KEY (kind, relate_id, msg_id),
  UNIQUE (kind, relate_id, author, client_msg_id)
) {table};
CREATE TABLE IF NOT EXISTS read_position(
  user_id {u32} NOT NULL,
  kind {u8} NOT NULL,
  relate_id {u32} NOT NULL,
  msg_id {u32} NOT NULL,
  updated {u32} NOT NULL,
  PRIMARY KEY (user_id, kind, relate_id)
) {table};
CREATE TABLE IF NOT EXISTS audio_blob(
  audio_id {u64} NOT NULL,
  bytes {blob} NOT NULL,
  PRIMARY KEY (audio_id)
) {table};
)";

// Written by group, which owns the commands; read here for every message. group_join: what a member may see begins
// behind since_msg_id and, where it is not 0, at since_created; for members TeamTalk let in (no row) at the second it
// joined. group_shield: wants no push for this group. hidden_session: taken off the recent list until a message
// behind msg_id; written here.
constexpr char groups[] = R"(
CREATE TABLE IF NOT EXISTS IMGroup(
  id {id},
  name {text:256} NOT NULL DEFAULT '',
  avatar {text:256} NOT NULL DEFAULT '',
  creator {u32} NOT NULL DEFAULT 0,
  type {u8} NOT NULL DEFAULT 1,
  userCnt {u32} NOT NULL DEFAULT 0,
  status {u8} NOT NULL DEFAULT 1,
  version {u32} NOT NULL DEFAULT 1,
  lastChated {u32} NOT NULL DEFAULT 0,
  updated {u32} NOT NULL DEFAULT 0,
  created {u32} NOT NULL DEFAULT 0
) {table};
CREATE INDEX IF NOT EXISTS IMGroup_creator ON IMGroup(creator);
CREATE TABLE IF NOT EXISTS IMGroupMember(
  id {id},
  groupId {u32} NOT NULL,
  userId {u32} NOT NULL,
  status {u8} NOT NULL DEFAULT 1,
  created {u32} NOT NULL DEFAULT 0,
  updated {u32} NOT NULL DEFAULT 0
) {table};
CREATE INDEX IF NOT EXISTS IMGroupMember_group ON IMGroupMember(groupId, userId, status);
CREATE INDEX IF NOT EXISTS IMGroupMember_user ON IMGroupMember(userId, status, updated);
CREATE INDEX IF NOT EXISTS IMGroupMember_updated ON IMGroupMember(groupId, updated);
CREATE TABLE IF NOT EXISTS group_join(
  group_id {u32} NOT NULL,
  user_id {u32} NOT NULL,
  since_msg_id {u32} NOT NULL,
  since_created {u32} NOT NULL,
  PRIMARY KEY (group_id, user_id)
) {table};
CREATE TABLE IF NOT EXISTS group_shield(
  group_id {u32} NOT NULL,
  user_id {u32} NOT NULL,
  updated {u32} NOT NULL,
  PRIMARY KEY (group_id, user_id)
) {table};
CREATE TABLE IF NOT EXISTS hidden_session(
  user_id {u32} NOT NULL,
  kind {u8} NOT NULL,
  relate_id {u32} NOT NULL,
  msg_id {u32} NOT NULL,
  PRIMARY KEY (user_id, kind, relate_id)
) {table};
)";

// announcement: audience 0 everybody, 1 a department, 2 `users`, four bytes each. Who has an id up to after_user has
// had its turn. claimed_by sends it until claimed_until; another node or generation may go on then. announcer: the
// account of its own that speaks, one row.
constexpr char announcements[] = R"(
CREATE TABLE IF NOT EXISTS announcement(
  id {id},
  author {u32} NOT NULL,
  audience {u8} NOT NULL,
  department {u32} NOT NULL DEFAULT 0,
  users {blob} NOT NULL,
  content {text:4096} NOT NULL,
  created {u32} NOT NULL,
  total {u32} NOT NULL DEFAULT 0,
  sent {u32} NOT NULL DEFAULT 0,
  skipped {u32} NOT NULL DEFAULT 0,
  after_user {u32} NOT NULL DEFAULT 0,
  finished {u32} NOT NULL DEFAULT 0,
  claimed_by {u32} NOT NULL DEFAULT 0,
  claimed_until {u32} NOT NULL DEFAULT 0
) {table};
CREATE INDEX IF NOT EXISTS announcement_finished ON announcement(finished);
CREATE TABLE IF NOT EXISTS announcer(
  id {u32} NOT NULL PRIMARY KEY,
  user_id {u32} NOT NULL
) {table};
)";

}  // namespace message::schema

// Tables of login. Expand-only; on a TeamTalk database IMUser and IMDepart are there already and stay as they are.
#pragma once

namespace login::schema {

// Rationale: in SQLite the names of indexes are one space for all tables, hence the table's name in front.
inline constexpr char users[] = R"(
CREATE TABLE IF NOT EXISTS IMUser(
  id {id},
  sex {u8} NOT NULL DEFAULT 0,
  name {text:32} NOT NULL DEFAULT '',
  domain {text:32} NOT NULL DEFAULT '',
  nick {text:32} NOT NULL DEFAULT '',
  password {text:32} NOT NULL DEFAULT '',
  salt {text:4} NOT NULL DEFAULT '',
  phone {text:11} NOT NULL DEFAULT '',
  email {text:64} NOT NULL DEFAULT '',
  avatar {text:255} DEFAULT '',
  departId {u32} NOT NULL,
  status {u8} NOT NULL DEFAULT 0,
  created {u32} NOT NULL,
  updated {u32} NOT NULL,
  push_shield_status {u8} NOT NULL DEFAULT 0,
  sign_info {text:128} NOT NULL DEFAULT ''
) {table};
CREATE INDEX IF NOT EXISTS IMUser_name ON IMUser(name);
CREATE INDEX IF NOT EXISTS IMUser_domain ON IMUser(domain);
CREATE INDEX IF NOT EXISTS IMUser_phone ON IMUser(phone);
CREATE INDEX IF NOT EXISTS IMUser_updated ON IMUser(updated);
CREATE TABLE IF NOT EXISTS IMDepart(
  id {id},
  departName {text:64} NOT NULL DEFAULT '',
  priority {u32} NOT NULL DEFAULT 0,
  parentId {u32} NOT NULL,
  status {u32} NOT NULL DEFAULT 0,
  created {u32} NOT NULL DEFAULT 0,
  updated {u32} NOT NULL DEFAULT 0
) {table};
CREATE INDEX IF NOT EXISTS IMDepart_departName ON IMDepart(departName);
CREATE INDEX IF NOT EXISTS IMDepart_priority_status ON IMDepart(priority, status);
)";

/// user_name_lock has one row. Whoever makes a name active locks it first, on whatever node: IMUser can have no unique
/// key, as names are unique among active users only.
inline constexpr char credentials[] = R"(
CREATE TABLE IF NOT EXISTS credential(
  user_id {u32} NOT NULL PRIMARY KEY,
  algorithm {text:16} NOT NULL,
  hash {text:255} NOT NULL,
  updated {u32} NOT NULL
) {table};
CREATE TABLE IF NOT EXISTS user_name_lock(
  id {u32} NOT NULL PRIMARY KEY
) {table};
INSERT INTO user_name_lock(id) VALUES (1) {keep:id};
)";

inline constexpr char devices[] = R"(
CREATE TABLE IF NOT EXISTS device_token(
  user_id {u32} NOT NULL PRIMARY KEY,
  client_type {u32} NOT NULL,
  token {text:256} NOT NULL,
  updated {u32} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS device_token_token ON device_token(token);
)";

/// Who knows whom: made here beside IMUser because several plugins read it. Written by buddy. friend.status 0: friends,
/// 1: ended, kept so that lists are incremental by revision; each side has its own row. block: user_id takes nothing
/// from peer_id.
inline constexpr char relations[] = R"(
CREATE TABLE IF NOT EXISTS friend(
  user_id {u32} NOT NULL,
  peer_id {u32} NOT NULL,
  status {u8} NOT NULL DEFAULT 0,
  remark {text:64} NOT NULL DEFAULT '',
  grouping_id {u32} NOT NULL DEFAULT 0,
  revision {u32} NOT NULL,
  created {u32} NOT NULL,
  updated {u32} NOT NULL,
  PRIMARY KEY (user_id, peer_id)
) {table};
CREATE INDEX IF NOT EXISTS friend_revision ON friend(user_id, revision);
CREATE TABLE IF NOT EXISTS block(
  user_id {u32} NOT NULL,
  peer_id {u32} NOT NULL,
  created {u32} NOT NULL,
  PRIMARY KEY (user_id, peer_id)
) {table};
)";

/// Who is in a department: counted, told, shown.
inline constexpr char departments[] = R"(
CREATE INDEX IF NOT EXISTS IMUser_departId ON IMUser(departId, status);
)";

}  // namespace login::schema

// Tables of buddy's own. Expand-only. friend and block are made by login's migrations, as several plugins read them.
#pragma once

namespace buddy::schema {

/// friend_list: who changes anything of a user's friends, groupings, blocks or pending requests locks the user's row
/// first, two users' rows in order of id. revision: of the newest change of friends or groupings; grouping_revision: of
/// the groupings'; last_grouping: the newest grouping's id. friend_request.hidden: to_id blocks from_id, so only
/// from_id sees it.
inline constexpr char friends[] = R"(
CREATE TABLE IF NOT EXISTS friend_list(
  user_id {u32} NOT NULL PRIMARY KEY,
  revision {u32} NOT NULL DEFAULT 0,
  grouping_revision {u32} NOT NULL DEFAULT 0,
  last_grouping {u32} NOT NULL DEFAULT 0
) {table};
CREATE TABLE IF NOT EXISTS friend_request(
  to_id {u32} NOT NULL,
  from_id {u32} NOT NULL,
  text {text:256} NOT NULL DEFAULT '',
  hidden {u8} NOT NULL DEFAULT 0,
  created {u32} NOT NULL,
  PRIMARY KEY (to_id, from_id)
) {table};
CREATE INDEX IF NOT EXISTS friend_request_from ON friend_request(from_id, created);
CREATE TABLE IF NOT EXISTS friend_grouping(
  user_id {u32} NOT NULL,
  grouping_id {u32} NOT NULL,
  name {text:32} NOT NULL,
  position {u32} NOT NULL,
  PRIMARY KEY (user_id, grouping_id)
) {table};
)";

}  // namespace buddy::schema

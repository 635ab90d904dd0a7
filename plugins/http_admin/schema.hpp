// Tables of http_admin. Expand-only; on a TeamTalk database IMDiscovery is there already and stays as it is.
#pragma once

namespace http_admin::schema {

/// app_key: who may use /query/. digest: SHA-256 of the key, in hexadecimal. user_id 0: whatever req_user_id says.
/// calls and addresses: lists with commas, empty = all.
inline constexpr char app_keys[] = R"(
CREATE TABLE IF NOT EXISTS app_key(
  digest {bytes:64} NOT NULL PRIMARY KEY,
  name {text:64} NOT NULL,
  user_id {u32} NOT NULL DEFAULT 0,
  calls {text:255} NOT NULL DEFAULT '',
  addresses {text:1000} NOT NULL DEFAULT '',
  created {u32} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS app_key_name ON app_key(name);
)";

/// Links that clients show. status 0: live, 1: gone.
inline constexpr char discovery[] = R"(
CREATE TABLE IF NOT EXISTS IMDiscovery(
  id {id},
  itemName {text:64} NOT NULL DEFAULT '',
  itemUrl {text:64} NOT NULL DEFAULT '',
  itemPriority {u32} NOT NULL DEFAULT 0,
  status {u32} NOT NULL DEFAULT 0,
  created {u32} NOT NULL DEFAULT 0,
  updated {u32} NOT NULL DEFAULT 0
) {table};
CREATE INDEX IF NOT EXISTS IMDiscovery_itemName ON IMDiscovery(itemName);
)";

}  // namespace http_admin::schema

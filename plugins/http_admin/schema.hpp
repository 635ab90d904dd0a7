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

/// Who may use /api/v1/. role: 1 viewer, 2 operator, 3 admin. password: argon2id, as text.
inline constexpr char admins[] = R"(
CREATE TABLE IF NOT EXISTS admin(
  id {id},
  name {text:64} NOT NULL,
  role {u32} NOT NULL,
  password {text:255} NOT NULL,
  disabled {u32} NOT NULL DEFAULT 0,
  created {u32} NOT NULL,
  updated {u32} NOT NULL,
  last_login {u32} NOT NULL DEFAULT 0
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS admin_name ON admin(name);
)";

/// Sign-ins that last. digest: SHA-256 of the token, in hexadecimal.
inline constexpr char admin_sessions[] = R"(
CREATE TABLE IF NOT EXISTS admin_session(
  digest {bytes:64} NOT NULL PRIMARY KEY,
  admin_id {u32} NOT NULL,
  created {u32} NOT NULL,
  seen {u32} NOT NULL,
  address {text:64} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS admin_session_admin ON admin_session(admin_id, seen);
CREATE INDEX IF NOT EXISTS admin_session_seen ON admin_session(seen);
)";

/// What admins did. A row is there before anything is done; result: "begun" until the end is known.
inline constexpr char audit[] = R"(
CREATE TABLE IF NOT EXISTS audit(
  id {id},
  at {u32} NOT NULL,
  admin {text:64} NOT NULL,
  role {text:16} NOT NULL,
  address {text:64} NOT NULL,
  action {text:64} NOT NULL,
  target {text:255} NOT NULL,
  result {text:32} NOT NULL,
  detail {text:1000} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS audit_at ON audit(at);
CREATE INDEX IF NOT EXISTS audit_admin ON audit(admin, id);
CREATE INDEX IF NOT EXISTS audit_action ON audit(action, id);
)";

}  // namespace http_admin::schema

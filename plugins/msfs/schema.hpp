// Tables of msfs. Expand-only.
#pragma once

namespace msfs::schema {

/// media_upload: what lies in a store, which is a directory with an id of its own. user_id 0: somebody from `address`.
/// media_usage: sums that quotas are held against, one row per store (kind 1), user (2) and address (3); day_bytes are
/// those of `day`, counted in days since 1970. Who adds or removes locks the store's row first, then the uploader's.
inline constexpr char uploads[] = R"(
CREATE TABLE IF NOT EXISTS media_upload(
  store {bytes:16} NOT NULL,
  path {bytes:120} NOT NULL,
  user_id {u32} NOT NULL,
  address {bytes:64} NOT NULL,
  size {u64} NOT NULL,
  created {u32} NOT NULL,
  PRIMARY KEY (store, path)
) {table};
CREATE INDEX IF NOT EXISTS media_upload_user ON media_upload(user_id, created);
CREATE INDEX IF NOT EXISTS media_upload_created ON media_upload(store, created);
CREATE TABLE IF NOT EXISTS media_usage(
  kind {u8} NOT NULL,
  who {bytes:64} NOT NULL,
  bytes {u64} NOT NULL DEFAULT 0,
  files {u64} NOT NULL DEFAULT 0,
  day {u32} NOT NULL DEFAULT 0,
  day_bytes {u64} NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, who)
) {table};
CREATE INDEX IF NOT EXISTS media_usage_day ON media_usage(kind, day);
)";

}  // namespace msfs::schema

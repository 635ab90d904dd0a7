// Tables of group. IMGroup, IMGroupMember, group_join and group_shield are made by message's migrations.
#pragma once

namespace group::schema {

// One invitation of a user into a group at a time. Pending until answered, too old, or the inviter is no member any
// more.
inline constexpr char invitations[] = R"(
CREATE TABLE IF NOT EXISTS group_invitation(
  user_id {u32} NOT NULL,
  group_id {u32} NOT NULL,
  inviter_id {u32} NOT NULL,
  text {text:256} NOT NULL DEFAULT '',
  created {u32} NOT NULL,
  PRIMARY KEY (user_id, group_id)
) {table};
CREATE INDEX IF NOT EXISTS group_invitation_group ON group_invitation(group_id, inviter_id);
CREATE INDEX IF NOT EXISTS group_invitation_created ON group_invitation(created);
)";

}  // namespace group::schema

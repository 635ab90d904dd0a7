// Tables of group, and what it sets right in others'. IMGroup, IMGroupMember, group_join and group_shield are made by
// message's migrations.
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

// TeamTalk counted wrong. `updated` stays: an import reads from it which groups this plugin has changed. Each group's
// members by index (groupId, userId, status).
inline constexpr char member_counts[] = R"(
UPDATE IMGroup SET userCnt = (
  SELECT COUNT(DISTINCT m.userId) FROM IMGroupMember m
  WHERE m.groupId = IMGroup.id AND m.status = 0 AND m.userId <> 0)
WHERE userCnt <> (
  SELECT COUNT(DISTINCT m.userId) FROM IMGroupMember m
  WHERE m.groupId = IMGroup.id AND m.status = 0 AND m.userId <> 0);
)";

}  // namespace group::schema

// What an import does, in this order. Each step is finished once and for good; one that was cut is begun again where
// its position says, and finds done what it had done. [the only thread]
#pragma once

#include "import/job.hpp"
#include "import/redis_truth.hpp"

namespace parley::teamtalk {

/// Reports what an operator should know about names and passwords; IMUser stays as it is.
void look_at_users(job& work);

/// Rows of `conversation` for all relations: the numbers go on behind the highest. A pair's second relation is merged
/// into the one that TeamTalk reads, numbers that are there twice, or are none, are given anew (renumber.hpp).
void take_conversations(job& work);
/// The same for groups.
void take_group_conversations(job& work);

/// What Redis knows of numbers that were given and not stored.
void take_counters(job& work, const redis_truth& redis);
/// IMGroupMember as group_member_<group> says, but for groups that a node has changed since or that are dissolved. The
/// version of a group whose members change is raised; userCnt is corrected for all.
void take_members(job& work, const redis_truth& redis);
/// Unread counts become read positions, for whoever has none yet.
void take_read_positions(job& work, const redis_truth& redis);
void take_group_read_positions(job& work, const redis_truth& redis);
void take_device_tokens(job& work, const redis_truth& redis);
void take_push_shields(job& work, const redis_truth& redis);

/// The bytes behind IMAudio. Never finished for good: what is missing is looked for again.
void take_recordings(job& work);

}  // namespace parley::teamtalk

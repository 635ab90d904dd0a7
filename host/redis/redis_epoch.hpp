// What makes a value of a shared cache valid: the epoch it was written in.
#pragma once

#include <string>
#include <string_view>

namespace parley::host {

/// An epoch is 24 characters: 12 of the Redis process's run id, 12 of chance. One key of the cache holds the epoch that
/// is valid; every value begins with the one its writer knew, and counts only while the two are equal.
///
/// Rationale: an erase that did not reach Redis must not leave a stale value behind, nor may a write that was given up
/// come to life later (a stopped Redis still reads what its socket holds when it goes on). So whoever comes back from
/// an outage in which one of its writes was not confirmed writes a new epoch, and everything older is void for every
/// node, in one write and without a list of keys. A Redis that was started again, perhaps from a snapshot in which
/// erased values live, or a replica that has taken over, shows by its run id that the epoch is not its own. An epoch
/// that was evicted or flushed is replaced by a new one. The price is a cold cache after such an outage, which a cache
/// may always be.
namespace redis_epoch {

inline constexpr std::size_t length = 24;
inline constexpr std::size_t run_length = 12;

/// A fresh one for a process; an empty run id (Redis would not tell) gives one that belongs to none.
std::string make(std::string_view run_id);
bool belongs(std::string_view epoch, std::string_view run_id);
/// The run id in the answer to INFO server; empty when there is none.
std::string_view run_id_in(std::string_view info);

}  // namespace redis_epoch

}  // namespace parley::host

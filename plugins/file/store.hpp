// Every SQL statement of file. [worker]
#pragma once

#include <parley/sql.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "task.hpp"

namespace file::store {

/// Of one sender.
struct quota {
  std::size_t tasks = 0;    // that have not ended
  std::uint64_t bytes = 0;  // of offline ones, whole files
};

enum class offer { made, nobody, blocked, too_many, too_much };

/// Inserts the task, if its recipient takes it and its sender has room. In one transaction, under a lock of the sender.
offer make_task(parley::sql& db, const task& what, const quota& most);

std::optional<task> find_task(parley::sql& db, std::string_view id);

enum class completion { now, before, gone };

/// The file is committed: its task is complete and its record stands, once. In one transaction.
completion complete_task(parley::sql& db, const task& what, number now);

/// A transfer that is not complete goes on: its age counts from now.
void touch_open_task(parley::sql& db, std::string_view id, number now);

/// Its file is about to go. From here on it is nobody's.
void leave_task(parley::sql& db, std::string_view id);
/// The same, unless something was heard of it since `before`. False: something was.
bool leave_old_task(parley::sql& db, std::string_view id, stage at, number before);

/// The task and its record.
void remove_task(parley::sql& db, std::string_view id);

/// Tasks of which nothing was heard since then, oldest first.
std::vector<task> old_tasks(parley::sql& db, stage at, number before, number most);

struct usage {
  std::uint64_t open = 0, open_bytes = 0, waiting = 0, waiting_bytes = 0;
};
usage total(parley::sql& db);

/// Oldest first; of one user, sent or to be received, unless it is 0.
std::vector<task> list_tasks(parley::sql& db, number user, number most);

/// A user by id or login name.
std::optional<number> find_user(parley::sql& db, const std::string& name_or_id);

/// Of the recipient, oldest first.
std::vector<task> records_to(parley::sql& db, number user, number most);

/// A record for a file that has no task: TeamTalk's. False when it stands already, was removed, or the recipient takes
/// nothing from the sender.
bool add_record(parley::sql& db, const task& what, number now);

/// By all three, as TeamTalk does; it is kept as removed, so that it is not added again.
void remove_record(parley::sql& db, std::string_view id, number from, number to);

}  // namespace file::store

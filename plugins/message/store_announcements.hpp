// SQL of announcements: what is to be told to whom, and how far that is. [worker]
#pragma once

#include <parley/sql.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace message::store {

enum class audience : std::uint8_t { everybody = 0, department = 1, listed = 2 };

struct announcement {
  std::uint32_t id = 0;
  std::uint32_t author = 0;
  audience to = audience::everybody;
  std::uint32_t department = 0;
  std::vector<std::uint32_t> users;  // ascending
  std::string text;                  // in clear
  std::uint32_t created = 0;
  std::uint32_t total = 0;       // of users when it was made
  std::uint32_t sent = 0;        // stored for so many
  std::uint32_t skipped = 0;     // who would not have it, or left
  std::uint32_t after_user = 0;  // who is up to here has had its turn
  std::uint32_t finished = 0;    // when; 0: not yet
};

struct announcer {
  std::uint32_t id = 0;
  bool made = false;  // just now
};
/// Who speaks: the active user of this name; without a name an account of its own that nobody can log in to, made when
/// it is not there. sql_error no_target or conflict says why not.
announcer find_announcer(parley::sql& db, const std::string& name, std::uint32_t now);

/// Counts and stores it; id and total are set. sql_error no_target: nobody would hear it.
void add_announcement(parley::sql& db, announcement& one);

/// The oldest that is not finished, for this claimant until `until`; none while another one holds it. `waiting`: there
/// is one nevertheless.
std::optional<announcement> claim_announcement(parley::sql& db, std::uint32_t claimant, std::uint32_t now,
                                               std::uint32_t until, bool& waiting);
/// Who is next.
std::vector<std::uint32_t> next_hearers(parley::sql& db, const announcement& one, std::uint32_t most);
/// From `one` on. False when somebody else has gone on meanwhile.
bool save_progress(parley::sql& db, const announcement& one, const announcement& next);

struct announcement_page {
  std::uint32_t total = 0;
  std::vector<announcement> items;  // newest first
};
announcement_page announcements(parley::sql& db, std::uint64_t first, std::uint32_t most);

}  // namespace message::store

// Crash records as the handler leaves them (DATA/crash/*.crash), read back: by the node when it starts again, and by
// parleyctl. Needs nothing of a running node.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::host::crash {

struct frame {
  std::uint64_t address = 0;
  std::uint64_t offset = 0;  // in its file, what addr2line takes; a return address but in the first frame
  std::string file;          // "?" when nothing was mapped there
};

/// What a record lacks, as it was cut short by a second fault or a full disk, is empty.
struct record {
  std::string path;
  std::uint64_t time_ms = 0;  // unix
  std::string node, version;
  std::uint64_t pid = 0;
  std::string signal;  // SIGSEGV, ...
  std::string fault_address;
  std::string thread;  // loop, pool, or foreign: one the host did not start
  std::string thread_name;
  std::string thrown;  // of an exception nobody caught
  std::uint32_t command = 0;
  std::string origin;
  std::string plugin;  // empty: the host itself
  std::uint32_t generation = 0;
  std::string attributed_by;  // backtrace, running or nothing
  std::string file;           // a copy of what the plugin was
  std::string previous_file;  // set: it was in probation, and this is the generation before
  std::vector<frame> frames;
  bool whole = false;
};

/// "name", without directory and ".crash".
std::string name_of(const record& r);

record parse_record(std::string_view text);
/// Newest first; what is no record, cannot be read or is longer than 64 KiB is left out.
std::vector<record> read_records(const std::string& directory);
/// Removes all but the newest, with the files kept for them.
void prune_records(const std::string& directory, std::size_t most);

/// How many a node keeps.
inline constexpr std::size_t most_records = 32;

}  // namespace parley::host::crash

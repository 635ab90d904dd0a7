// The logs that the shim writes to $PARLEY_SHIM/undo, one per file.
#pragma once

#include <cstdint>
#include <string>

namespace parley::crash {

/// In front of `kept` bytes that stood at `offset` before `written` bytes were put there (none of them: a truncation);
/// the file had `file_size` bytes. `kept` is less than `written` at the end of the file.
struct undo_record {
  std::uint64_t offset;
  std::uint64_t written;
  std::uint64_t kept;
  std::uint64_t file_size;
};

/// A file keeps its log when it is renamed; a new file with an old inode number is told by its birth.
inline std::string log_name(std::uint64_t inode, std::uint64_t born_s, std::uint32_t born_ns) {
  return std::to_string(inode) + "-" + std::to_string(born_s) + "." + std::to_string(born_ns);
}

}  // namespace parley::crash

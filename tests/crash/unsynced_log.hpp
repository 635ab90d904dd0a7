// The logs that crash/unsynced.cpp writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace parley::crash {

/// In front of the `size` bytes that stood at `offset`; the file had `file_size` bytes.
struct undo_record {
  std::uint64_t offset;
  std::uint64_t size;
  std::uint64_t file_size;
};

/// A file's log: its path with '%' for '/'.
inline std::string log_path(const std::string& directory, std::string file) {
  for (char& c : file) {
    if (c == '/') c = '%';
  }
  return directory + "/" + file;
}

/// Undoes every log in a directory, the newest record first, and removes the logs. Returns how many bytes were taken
/// away. Only when the process that wrote them is dead.
std::size_t lose_unsynced(const std::string& directory);

}  // namespace parley::crash

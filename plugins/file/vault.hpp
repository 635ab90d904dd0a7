// The files on disk, in TeamTalk's format: offline_file/<first two characters of the task>/<task>, a header of 960
// bytes and the bytes of the file. What is not complete has ".part" behind its name and is never taken for a file.
//
// Rationale: files are opened by path for each portion. Nothing is held open between two of them, so any generation,
// and a node started anew, goes on where the last one stopped, and a thousand waiting transfers hold no descriptor.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "task.hpp"

namespace file {

inline constexpr std::uint64_t header_bytes = 960;

/// What a file cannot be read or written for.
struct vault_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What a test puts something else in the place of.
struct means {
  int (*sync)(int) = ::fsync;
  std::string boot = this_boot();  // what the kernel calls the time since the machine started

  std::uint64_t keep_free = 0;  // bytes of the file system that files leave to others

  static std::string this_boot();
};

/// All of it throws vault_error and belongs on a worker. [worker]
class vault {
 public:
  /// `directory` is the one in which offline_file is, or will be made.
  explicit vault(std::string directory, means with = {})
      : parent_(std::move(directory)), root_(parent_ + "/offline_file"), with_(std::move(with)) {}

  bool has_room(std::uint64_t bytes) const;

  /// Makes the unfinished file, unless it is there for this very task and `keep` says to go on with it; how many bytes
  /// of the file it has, whole blocks. A file that is complete has them all.
  std::uint64_t prepare(const task& what, bool keep) const;
  /// These, at that place of the unfinished file. False: it is not that long yet.
  bool append(const task& what, std::uint64_t offset, const std::vector<std::string>& blocks) const;
  /// Syncs it and gives it its name, for good. It may have it already. When it cannot be synced it is removed: the
  /// kernel has dropped what it could not write, and would call the rest clean the next time.
  void commit(const task& what) const;

  /// Of the file, complete or not, what belongs into these places, one after the other from `offset` on; all of it.
  void read(const task& what, std::uint64_t offset, std::span<const std::span<char>> places) const;

  /// The task that a complete file's header describes; nothing when there is none, or it is not as long as it says.
  std::optional<task> load(const std::string& id) const;
  /// Bytes that an unfinished file has.
  std::uint64_t received(const std::string& id) const;

  /// Tasks that have an unfinished file in that folder of 256, unchanged for so long.
  std::vector<std::string> unfinished_in(std::uint8_t folder, number age_s, std::size_t most) const;
  void remove_unfinished(const std::string& id) const;

  /// The file, complete or not. No error when there is none.
  void remove(const std::string& id) const;

 private:
  void need_room(std::uint64_t bytes) const;
  void sync_or_remove(int fd, const std::string& path) const;
  std::string folder(const std::string& id) const { return root_ + "/" + id.substr(0, 2); }
  std::string path(const std::string& id) const { return folder(id) + "/" + id; }
  std::string unfinished(const std::string& id) const { return path(id) + ".part"; }

  std::string parent_, root_;
  means with_;
};

}  // namespace file

// Copies of plugin files that nobody writes to: what the loader is given instead of the build's own output.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "parley/status.hpp"

namespace parley::host {

/// A file of the host's own. Removed when destroyed, unless it is kept.
class staged_file {
 public:
  staged_file() = default;
  /// One that another process owns.
  static staged_file borrowed(const std::string& path);
  staged_file(staged_file&& other) noexcept
      : path_(std::move(other.path_)),
        build_id_(std::move(other.build_id_)),
        ours_(std::exchange(other.ours_, false)) {}
  staged_file& operator=(staged_file&& other) noexcept;
  ~staged_file();

  const std::string& path() const { return path_; }
  const std::string& build_id() const { return build_id_; }
  /// Stays on disk, for who still needs it.
  void keep() { ours_ = false; }

 private:
  friend result<staged_file> stage(const std::string&, const std::string&, const std::string&, std::uint32_t);
  std::string path_;
  std::string build_id_;
  bool ours_ = false;
};

/// Copies `file` to DIRECTORY/PLUGIN-BUILDID-gNUMBER.so, a path never used before, and puts the copy through the gate
/// (elf_gate.hpp). A file that changes while it is copied is refused: its build has not finished. The error is a
/// sentence with the file, everything found and what to do. In sanitized builds, which unmap nothing, only what makes
/// a file unreadable or no plugin counts. [any]
///
/// Rationale: the loader knows files by name and inode, and a mapped file that is written to crashes. So each
/// generation opens a copy under a path of its own, and the copy stays on disk until it is unmapped, for debuggers,
/// profilers and backtraces.
result<staged_file> stage(const std::string& file, const std::string& directory, const std::string& plugin,
                          std::uint32_t number);

/// An empty directory for staged copies below `data`, cleared of what an earlier process left.
result<std::string> make_staging_directory(const std::string& data);

}  // namespace parley::host

// A plugin file in memory: staged to a path of its own, opened, closed with proof that it is gone.
#pragma once

#include <memory>
#include <string>

#include "parley/abi.h"
#include "parley/status.hpp"

namespace parley::host {

/// Rationale: the loader knows files by name and inode, and a mapped file that is written to crashes. So each
/// generation opens a copy under a path never used before, and the copy stays on disk until it is unmapped, for
/// debuggers and backtraces.
class library {
 public:
  /// Copies `file` into `directory` under a name made of plugin, generation number and process, and opens it. The error
  /// is a sentence with the file and what to do.
  static result<std::unique_ptr<library>> open(const std::string& file, const std::string& directory,
                                               const std::string& stem);
  library(const library&) = delete;
  library& operator=(const library&) = delete;
  /// Unmaps and removes the copy; in sanitized builds neither, since reports need the mapping.
  ~library();

  const parley_plugin_descriptor* descriptor() const { return descriptor_; }
  const std::string& path() const { return path_; }

 private:
  library() = default;
  std::string path_;
  void* handle_ = nullptr;
  const parley_plugin_descriptor* descriptor_ = nullptr;
};

/// An empty directory for staged copies below `data`, cleared of what an earlier process left.
result<std::string> make_staging_directory(const std::string& data);

}  // namespace parley::host

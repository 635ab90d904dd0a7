// Which file a path leads to.
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

namespace parley::host {

struct file_identity {
  dev_t device = 0;
  ino_t inode = 0;
  bool operator==(const file_identity&) const = default;

  /// None when there is nothing at `path`. [any]
  static std::optional<file_identity> of(const std::string& path) {
    struct stat s;
    if (::stat(path.c_str(), &s) != 0) return std::nullopt;
    return file_identity{s.st_dev, s.st_ino};
  }
};

}  // namespace parley::host

// A file system of its own, as small as a test needs it.
#pragma once

#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>

#include "support/temp_dir.hpp"

namespace parley::test {

/// A tmpfs with such options ("size=1m"); false where this process may not mount, as without root.
class small_disk {
 public:
  explicit small_disk(const std::string& options) {
    std::filesystem::create_directory(path());
    mounted_ = mount("tmpfs", path().c_str(), "tmpfs", 0, options.c_str()) == 0;
    if (!mounted_) why_ = std::string("a small disk cannot be mounted here: ") + std::strerror(errno);
  }
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;
  ~small_disk() {
    if (mounted_) umount2(path().c_str(), MNT_DETACH);
  }

  explicit operator bool() const { return mounted_; }
  const std::string& why() const { return why_; }
  std::filesystem::path path() const { return scratch_.path() / "disk"; }
  /// To another size, while it is used.
  bool change(const std::string& options) const {
    return mount("tmpfs", path().c_str(), "tmpfs", MS_REMOUNT, options.c_str()) == 0;
  }

 private:
  temp_dir scratch_;
  bool mounted_ = false;
  std::string why_;
};

}  // namespace parley::test

// Owned file descriptors, and small files written whole or not at all.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace msfs {

class descriptor {
 public:
  explicit descriptor(int fd = -1) : fd_(fd) {}
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~descriptor();

  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }

 private:
  int fd_;
};

/// At most 4 KiB of it; empty when it cannot be read.
std::string read_small_file(const std::string& path);
/// 0600, synced, under a name of its own first; whoever comes first wins. Throws std::system_error.
void write_small_file(const std::string& path, std::string_view bytes);
/// Throws std::system_error naming what was tried, of errno.
[[noreturn]] void fail(const std::string& what);

}  // namespace msfs

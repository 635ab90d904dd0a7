// Bytes that are read by their place: a staged body, or a piece of memory.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <system_error>

namespace msfs {

class byte_source {
 public:
  virtual ~byte_source() = default;
  /// At most into.size() bytes from `at` on; 0 at the end. Throws std::system_error.
  virtual std::size_t read(std::uint64_t at, std::span<char> into) = 0;
};

class memory_source final : public byte_source {
 public:
  explicit memory_source(std::string_view bytes) : bytes_(bytes) {}
  std::size_t read(std::uint64_t at, std::span<char> into) override {
    if (at >= bytes_.size()) return 0;
    const auto n = std::min<std::size_t>(into.size(), bytes_.size() - at);
    std::memcpy(into.data(), bytes_.data() + at, n);
    return n;
  }

 private:
  std::string_view bytes_;
};

/// Borrows the descriptor.
class file_source final : public byte_source {
 public:
  explicit file_source(int fd) : fd_(fd) {}
  std::size_t read(std::uint64_t at, std::span<char> into) override {
    for (;;) {
      const auto n = pread(fd_, into.data(), into.size(), static_cast<off_t>(at));
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "reading an upload");
    }
  }

 private:
  int fd_;
};

}  // namespace msfs

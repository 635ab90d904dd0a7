// A view that moves over a byte_source: bounded memory, whatever the source's size.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "byte_source.hpp"

namespace msfs {

class window {
 public:
  explicit window(byte_source& source, std::size_t size = 64 << 10) : source_(source), buffer_(size) {}

  /// What lies at `at`: at least `need` bytes (at most the window's size), fewer only where the source ends. Borrowed
  /// until the next call.
  std::string_view at(std::uint64_t at, std::size_t need) {
    if (at < start_ || at > start_ + filled_ || (start_ + filled_ - at < need && !ended_)) fill(at);
    const auto skip = static_cast<std::size_t>(at - start_);
    return {buffer_.data() + skip, filled_ - skip};
  }

  /// Where `what`, which is shorter than the window, begins at `from` or behind and before `end`.
  std::optional<std::uint64_t> find(std::string_view what, std::uint64_t from, std::uint64_t end = UINT64_MAX) {
    while (from < end) {
      const auto seen = at(from, what.size());
      if (const auto found = seen.find(what); found != seen.npos) {
        return from + found < end ? std::optional(from + found) : std::nullopt;
      }
      if (seen.size() < what.size()) return std::nullopt;
      from += seen.size() - what.size() + 1;
    }
    return std::nullopt;
  }

 private:
  void fill(std::uint64_t at) {
    start_ = at;
    filled_ = 0;
    ended_ = false;
    while (filled_ < buffer_.size()) {
      const auto n = source_.read(at + filled_, {buffer_.data() + filled_, buffer_.size() - filled_});
      if (n == 0) {
        ended_ = true;
        return;
      }
      filled_ += n;
    }
  }

  byte_source& source_;
  std::vector<char> buffer_;
  std::uint64_t start_ = 0;
  std::size_t filled_ = 0;
  bool ended_ = false;
};

}  // namespace msfs

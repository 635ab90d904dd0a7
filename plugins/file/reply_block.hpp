// A 0x0505 of a download, ready to be sent: the disk reads behind the message's other fields, so that nothing is
// copied.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "task.hpp"

namespace file {

class reply_block {
 public:
  /// The block of a download that begins at `offset`, without its data.
  reply_block(const task& what, std::uint64_t offset);

  std::uint64_t offset() const { return offset_; }
  number size() const { return size_; }
  /// Where the file's bytes belong.
  std::span<char> data() { return {bytes_.get() + head_, size_}; }
  std::string_view body() const { return {bytes_.get(), head_ + size_}; }

 private:
  std::uint64_t offset_;
  number size_;
  std::size_t head_;
  std::unique_ptr<char[]> bytes_;
};

}  // namespace file

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "client/result.hpp"

namespace parley::client {

/// The block that TeamTalk's clients and servers agree on, in bytes. Fact: proto/README.md 7.
inline constexpr std::uint32_t file_block = 32768;

/// Where the bytes that are sent come from. [thread of the loop]
class block_source {
 public:
  virtual ~block_source() = default;
  /// Exactly `size` bytes behind `offset`, in place of what `out` had.
  virtual result<> read(std::uint32_t offset, std::uint32_t size, std::string& out) = 0;
};

/// Where the bytes that arrive go, one after the other. [thread of the loop]
class block_sink {
 public:
  virtual ~block_sink() = default;
  /// How much there is already.
  virtual std::uint32_t received() const = 0;
  /// Goes back to an offset that is not above received().
  virtual result<> go_back(std::uint32_t offset) = 0;
  virtual result<> append(std::string_view block) = 0;
  /// Everything is there: it lasts from now on.
  virtual result<> complete() = 0;
};

}  // namespace parley::client

// Bytes that cross the edge, and messages turned into them. A message is anything with protobuf's LITE members.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string_view>

#include "abi.h"

namespace parley {

inline std::string_view view(parley_bytes b) {
  return {static_cast<const char*>(b.data), b.size};
}
inline parley_bytes bytes(std::string_view s) {
  return {s.data(), s.size()};
}

/// Parses without the log line that protobuf writes for each missing required field: a stranger must not flood the log.
template <class Message>
bool decode(Message& message, std::string_view body) {
  return message.ParsePartialFromArray(body.data(), static_cast<int>(body.size())) && message.IsInitialized();
}

/// A message's bytes; small ones need no allocation. Encode once, push to many.
class encoded {
 public:
  /// Throws std::logic_error when a required field is missing: protobuf itself would abort.
  template <class Message>
  explicit encoded(const Message& message) {
    if (!message.IsInitialized())
      throw std::logic_error("encoding a message without " + message.InitializationErrorString());
    size_ = message.ByteSizeLong();
    if (size_ > small_.size()) large_ = std::make_unique_for_overwrite<std::uint8_t[]>(size_);
    message.SerializeWithCachedSizesToArray(large_ ? large_.get() : small_.data());
  }
  encoded(const encoded&) = delete;
  encoded& operator=(const encoded&) = delete;

  operator parley_bytes() const { return {large_ ? large_.get() : small_.data(), size_}; }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_ = 0;
  std::array<std::uint8_t, 1024> small_;
  std::unique_ptr<std::uint8_t[]> large_;
};

}  // namespace parley

// The few protobuf fields the host itself writes (refused, moved, session events), so that it includes no message.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::host {

class wire_writer {
 public:
  wire_writer& number(std::uint32_t field, std::uint64_t value) {
    varint(field << 3);
    varint(value);
    return *this;
  }
  wire_writer& text(std::uint32_t field, std::string_view value) {
    varint(field << 3 | 2);
    varint(value.size());
    bytes_.append(value);
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void varint(std::uint64_t v) {
    while (v >= 0x80) {
      bytes_ += static_cast<char>(v | 0x80);
      v >>= 7;
    }
    bytes_ += static_cast<char>(v);
  }
  std::string bytes_;
};

}  // namespace parley::host

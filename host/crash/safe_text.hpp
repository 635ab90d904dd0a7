// Text made in a signal handler: fixed memory, no locks, no locale.
#pragma once

#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace parley::host::crash {

/// What does not fit is cut. A full line ends in its line feed all the same.
template <std::size_t Capacity>
class safe_text {
 public:
  safe_text& add(const char* text) {
    while (text && *text) put(*text++);
    return *this;
  }
  /// At most `most` characters; control characters become '?', so that a line stays a line.
  safe_text& add_printable(const char* text, std::size_t most) {
    for (std::size_t i = 0; text && text[i] && i < most; ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      put(c < 0x20 || c == 0x7f ? '?' : text[i]);
    }
    return *this;
  }
  safe_text& add_number(std::uint64_t value) {
    char digits[20];
    std::size_t count = 0;
    do {
      digits[count++] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value);
    while (count) put(digits[--count]);
    return *this;
  }
  safe_text& add_hex(std::uint64_t value, unsigned least_digits = 1) {
    add("0x");
    unsigned digits = 16;
    while (digits > least_digits && !(value >> (4 * (digits - 1)))) --digits;
    while (digits) put("0123456789abcdef"[(value >> (4 * --digits)) & 15]);
    return *this;
  }

  const char* c_str() {
    text_[size_] = '\0';
    return text_.data();
  }
  std::size_t size() const { return size_; }
  void clear() { size_ = 0; }
  /// Everything, once; then it is empty again.
  void write_to(int fd) {
    for (std::size_t sent = 0; sent < size_;) {
      const auto count = ::write(fd, text_.data() + sent, size_ - sent);
      if (count <= 0) break;
      sent += static_cast<std::size_t>(count);
    }
    clear();
  }

 private:
  void put(char c) {
    if (size_ + 1 < Capacity) text_[size_++] = c;
  }
  std::array<char, Capacity> text_;
  std::size_t size_ = 0;
};

}  // namespace parley::host::crash

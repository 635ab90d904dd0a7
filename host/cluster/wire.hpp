// Fields of a link's records, one behind the other: numbers as varints, texts with their length.
//
// Rationale: a record is read by a node of another build. Readers ignore what stands behind the fields they know, and
// what is not there reads as 0 or empty, so records grow at their end.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace parley::host {

class record_writer {
 public:
  record_writer& number(std::uint64_t v) {
    while (v >= 0x80) {
      out_ += static_cast<char>(v | 0x80);
      v >>= 7;
    }
    out_ += static_cast<char>(v);
    return *this;
  }
  record_writer& text(std::string_view v) {
    number(v.size());
    out_.append(v);
    return *this;
  }
  const std::string& bytes() const { return out_; }
  bool empty() const { return out_.empty(); }
  std::string take() { return std::exchange(out_, {}); }

 private:
  std::string out_;
};

/// Texts are borrowed from what is read. A record that ends within a field is broken; one that ends before it is not.
class record_reader {
 public:
  explicit record_reader(std::string_view in) : in_(in) {}

  std::uint64_t number() {
    std::uint64_t v = 0;
    if (in_.empty()) return 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (in_.empty()) break;
      const auto byte = static_cast<std::uint8_t>(in_.front());
      in_.remove_prefix(1);
      v |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return v;
    }
    return fail();
  }
  /// A larger one breaks the record.
  std::uint64_t number(std::uint64_t most) {
    const auto v = number();
    return v <= most ? v : fail();
  }
  std::uint16_t number16() { return static_cast<std::uint16_t>(number(UINT16_MAX)); }
  std::uint32_t number32() { return static_cast<std::uint32_t>(number(UINT32_MAX)); }
  std::string_view text(std::size_t longest = SIZE_MAX) {
    const auto size = number();
    if (size > in_.size() || size > longest) {
      fail();
      return {};
    }
    const auto out = in_.substr(0, size);
    in_.remove_prefix(size);
    return out;
  }
  bool at_end() const { return in_.empty(); }
  /// False: nothing that was read means anything.
  bool ok() const { return ok_; }

 private:
  std::uint64_t fail() {
    ok_ = false;
    in_ = {};
    return 0;
  }
  std::string_view in_;
  bool ok_ = true;
};

}  // namespace parley::host

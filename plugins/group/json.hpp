// JSON text, written.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace group {

/// Quoted and escaped. UTF-8 stays as it is.
inline std::string json_text(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

/// Members in the order added.
class json_object {
 public:
  json_object& add(std::string_view key, std::string_view text) { return raw(key, json_text(text)); }
  template <std::integral T>
  json_object& add(std::string_view key, T value) {
    return raw(key, std::to_string(value));
  }
  json_object& raw(std::string_view key, std::string_view json) {
    if (!members_.empty()) members_ += ',';
    members_ += json_text(key);
    members_ += ':';
    members_ += json;
    return *this;
  }
  std::string str() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

}  // namespace group

// JSON text, written: what a control verb answers with.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace parley {

/// Quoted and escaped. UTF-8 stays as it is.
inline std::string json_text(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
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

/// "[...]" of what describe(row) makes of each: JSON, as it is.
template <class Rows, class Describe>
std::string json_array(const Rows& rows, Describe&& describe) {
  std::string out = "[";
  for (const auto& row : rows) {
    if (out.size() > 1) out += ',';
    out += describe(row);
  }
  return out + ']';
}

/// Members in the order added.
class json_object {
 public:
  /// `line` goes before every member: "\n   " makes it readable.
  explicit json_object(std::string_view line = "") : line_(line) {}

  json_object& add(std::string_view key, std::string_view text) { return raw(key, json_text(text)); }
  template <std::integral T>
  json_object& add(std::string_view key, T number) {
    return raw(key, std::to_string(number));
  }
  /// `json` is written as it is.
  json_object& raw(std::string_view key, std::string_view json) {
    if (!members_.empty()) members_ += ',';
    members_ += line_;
    members_ += json_text(key);
    members_ += line_.empty() ? ":" : " : ";
    members_ += json;
    return *this;
  }
  std::string str() const { return "{" + members_ + (line_.empty() || members_.empty() ? "}" : "\n}"); }

 private:
  std::string line_;
  std::string members_;
};

}  // namespace parley

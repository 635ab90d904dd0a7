// JSON text, written.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace login {

/// Quoted and escaped. UTF-8 stays as it is.
std::string json_text(std::string_view text);

/// Members in the order added.
class json_object {
 public:
  /// `line` goes before every member: "\n   " makes it readable.
  explicit json_object(std::string_view line = "") : line_(line) {}

  json_object& add(std::string_view key, std::string_view text) { return member(key, json_text(text)); }
  template <std::integral T>
  json_object& add(std::string_view key, T number) {
    return member(key, std::to_string(number));
  }
  std::string str() const { return "{" + members_ + (line_.empty() || members_.empty() ? "}" : "\n}"); }

 private:
  json_object& member(std::string_view key, std::string_view value) {
    if (!members_.empty()) members_ += ',';
    members_ += line_;
    members_ += json_text(key);
    members_ += line_.empty() ? ":" : " : ";
    members_ += value;
    return *this;
  }
  std::string line_;
  std::string members_;
};

}  // namespace login

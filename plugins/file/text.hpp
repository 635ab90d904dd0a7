// Names of files, and JSON for the operator.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace file {

/// 1 to 255 characters of UTF-8 without control characters.
bool is_file_name(std::string_view name);

std::string json_text(std::string_view text);

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

}  // namespace file

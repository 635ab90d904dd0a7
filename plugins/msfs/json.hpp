// JSON text of one line, written.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace msfs {

/// Quoted and escaped. UTF-8 stays as it is.
std::string json_text(std::string_view text);

/// Members in the order added.
class json_object {
 public:
  json_object& add(std::string_view key, std::string_view text) { return member(key, json_text(text)); }
  template <std::integral T>
  json_object& add(std::string_view key, T number) {
    return member(key, std::to_string(number));
  }
  std::string str() const { return "{" + members_ + "}"; }

 private:
  json_object& member(std::string_view key, std::string_view value) {
    if (!members_.empty()) members_ += ',';
    members_.append(json_text(key)).append(":").append(value);
    return *this;
  }
  std::string members_;
};

}  // namespace msfs

// JSON text of one line, written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace buddy {

/// Members in the order added. UTF-8 stays as it is.
class json_object {
 public:
  json_object& add(std::string_view key, std::string_view text);
  json_object& add(std::string_view key, std::uint32_t number);
  std::string str() const { return "{" + members_ + "}"; }

 private:
  void name(std::string_view key);
  std::string members_;
};

}  // namespace buddy

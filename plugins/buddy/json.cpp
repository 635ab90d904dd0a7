#include "json.hpp"

namespace buddy {
namespace {

std::string quoted(std::string_view text) {
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

}  // namespace

void json_object::name(std::string_view key) {
  if (!members_.empty()) members_ += ',';
  members_ += quoted(key) + ':';
}

json_object& json_object::add(std::string_view key, std::string_view text) {
  name(key);
  members_ += quoted(text);
  return *this;
}

json_object& json_object::add(std::string_view key, std::uint32_t number) {
  name(key);
  members_ += std::to_string(number);
  return *this;
}

}  // namespace buddy

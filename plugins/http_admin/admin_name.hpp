// Names of admins.
#pragma once

#include <algorithm>
#include <string_view>

namespace http_admin {

/// What can stand in logs and commands, and is no id.
inline bool is_admin_name(std::string_view text) {
  constexpr std::string_view more = "._@-";
  return !text.empty() && text.size() <= 64 && text.find_first_not_of("0123456789") != text.npos &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  more.find(c) != more.npos;
         });
}

}  // namespace http_admin

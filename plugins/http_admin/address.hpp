// The address of a call: which resource, and the values in its path and query.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "resources.hpp"

namespace http_admin {

using values = std::map<std::string, std::string, std::less<>>;

struct place {
  const resource* found = nullptr;
  values path;          // "id" -> "7"
  std::string methods;  // "GET, POST" of that path; empty: there is none
};
/// `path` below /api/v1.
place place_of(std::string_view method, std::string_view path);

/// Nothing when it is no good: a name twice, broken escapes, text that is no UTF-8, control characters.
std::optional<values> parse_query(std::string_view query);

/// The value of a cookie; empty when there is none.
std::string cookie(std::string_view header, std::string_view name);

/// A page of this host: "https://chat.example:8443" of "chat.example:8443".
bool same_host(std::string_view origin, std::string_view host);

}  // namespace http_admin

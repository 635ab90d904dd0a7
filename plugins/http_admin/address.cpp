#include "address.hpp"

#include <parley/utf8.hpp>

#include <algorithm>
#include <cctype>

namespace http_admin {
namespace {

/// What stands before the next '/', taken away with it.
std::string_view segment(std::string_view& path) {
  path.remove_prefix(1);
  const auto end = std::min(path.find('/'), path.size());
  const auto out = path.substr(0, end);
  path.remove_prefix(end);
  return out;
}

bool fits(std::string_view value, bool number) {
  if (value.empty() || value.size() > (number ? 20 : 64)) return false;  // a session's id has 64 bits
  if (number && value.front() == '0') return false;
  return std::all_of(value.begin(), value.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (!number && ((c >= 'a' && c <= 'z') || c == '_'));
  });
}

bool matches(std::string_view pattern, std::string_view path, values& out) {
  out.clear();
  while (!pattern.empty() && !path.empty()) {
    const auto wanted = segment(pattern), given = segment(path);
    if (wanted.starts_with('{')) {
      const auto name = wanted.substr(1, wanted.size() - 2);
      if (!fits(given, name != "name")) return false;
      out.emplace(name, given);
    } else if (wanted != given) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex(text[i + 1]), low = hex(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (!parley::utf8_characters(out) || parley::has_control(out)) return std::nullopt;
  return out;
}

}  // namespace

place place_of(std::string_view method, std::string_view path) {
  place out;
  if (!path.starts_with('/')) return out;
  values given;
  for (const auto& each : resources()) {
    if (!matches(each.path, path, given)) continue;
    out.methods += (out.methods.empty() ? "" : ", ") + std::string(each.method);
    if (method != each.method) continue;
    out.found = &each;
    out.path = given;
  }
  return out;
}

std::optional<values> parse_query(std::string_view query) {
  values out;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto item = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (item.empty()) continue;
    const auto equals = item.find('=');
    auto name = decoded(item.substr(0, equals));
    auto value = decoded(equals == item.npos ? "" : item.substr(equals + 1));
    if (!name || !value || !out.emplace(std::move(*name), std::move(*value)).second) return std::nullopt;
  }
  return out;
}

std::string cookie(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const auto end = std::min(header.find(';'), header.size());
    auto item = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    item.remove_prefix(std::min(item.find_first_not_of(' '), item.size()));
    if (item.starts_with(name) && item.substr(name.size()).starts_with('='))
      return std::string(item.substr(name.size() + 1));
  }
  return {};
}

bool same_host(std::string_view origin, std::string_view host) {
  const auto scheme = origin.find("://");
  if (scheme == origin.npos || host.empty()) return false;
  const auto named = origin.substr(scheme + 3);
  return std::equal(named.begin(), named.end(), host.begin(), host.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

}  // namespace http_admin

#include "host/http/file_conditions.hpp"

#include <algorithm>
#include <ctime>

#include "host/http/http_chars.hpp"

namespace parley::host {

namespace {

/// Takes an entity tag from the front of a list; an empty one when there is none that can be read.
std::string_view take_tag(std::string_view& list, bool& weak) {
  while (!list.empty() && (list.front() == ',' || list.front() == ' ' || list.front() == '\t')) list.remove_prefix(1);
  weak = list.starts_with("W/");
  if (weak) list.remove_prefix(2);
  const auto end = list.starts_with('"') ? list.find('"', 1) : std::string_view::npos;
  if (end == std::string_view::npos) return list = {};
  const auto tag = list.substr(0, end + 1);
  list.remove_prefix(end + 1);
  return tag;
}

/// Strong comparison takes no weak tag for the same.
bool lists(std::string_view list, std::string_view etag, bool strong) {
  if (trimmed(list) == "*") return true;
  bool weak = false;
  for (auto tag = take_tag(list, weak); !tag.empty(); tag = take_tag(list, weak)) {
    if (tag == etag && !(strong && weak)) return true;
  }
  return false;
}

/// Digits only; what no file is as long as becomes the largest number.
std::optional<std::uint64_t> take_number(std::string_view& s) {
  std::uint64_t out = 0;
  std::size_t digits = 0;
  for (; digits < s.size() && s[digits] >= '0' && s[digits] <= '9'; ++digits) {
    const auto d = static_cast<std::uint64_t>(s[digits] - '0');
    out = out > (UINT64_MAX - d) / 10 ? UINT64_MAX : out * 10 + d;
  }
  if (digits == 0) return {};
  s.remove_prefix(digits);
  return out;
}

file_choice cut(std::string_view range, std::uint64_t size) {
  const file_choice whole{200, 0, size}, none{416, 0, 0};
  constexpr std::string_view unit = "bytes=";
  if (range.size() < unit.size() || !equals_ignoring_case(range.substr(0, unit.size()), unit)) return whole;
  auto rest = trimmed(range.substr(unit.size()));
  const auto first = take_number(rest);
  if (!rest.starts_with('-')) return whole;
  rest.remove_prefix(1);
  const auto last = take_number(rest);
  if (!rest.empty() || (!first && !last) || (first && last && *last < *first)) return whole;
  if (!first) {
    if (*last == 0) return none;
    if (size == 0) return whole;
    const auto length = std::min(*last, size);
    return {206, size - length, length};
  }
  if (*first >= size) return none;
  return {206, *first, std::min(last.value_or(UINT64_MAX), size - 1) - *first + 1};
}

/// A date is good for it when the file cannot have changed twice within its second.
bool is_still(std::string_view if_range, const validators& file, std::int64_t now_s) {
  if (if_range.starts_with('"')) return if_range == file.etag;
  return parse_http_date(if_range) == file.modified_s && file.modified_s < now_s;
}

}  // namespace

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  const std::string copy(text);
  for (const char* form : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"}) {
    std::tm t{};
    const char* end = strptime(copy.c_str(), form, &t);
    if (end && *end == '\0') return timegm(&t);
  }
  return {};
}

std::unique_ptr<const file_conditions> file_conditions::of(std::span<const http_header> headers) {
  static constexpr std::pair<std::string_view, std::string file_conditions::*> known[] = {
      {"if-match", &file_conditions::if_match},
      {"if-none-match", &file_conditions::if_none_match},
      {"if-modified-since", &file_conditions::if_modified_since},
      {"if-unmodified-since", &file_conditions::if_unmodified_since},
      {"if-range", &file_conditions::if_range},
      {"range", &file_conditions::range}};
  std::unique_ptr<file_conditions> out;
  for (const auto& h : headers) {
    const auto name = view(h.name);
    if (!name.starts_with("if-") && name != "range") continue;
    for (const auto& [known_name, member] : known) {
      if (name != known_name) continue;
      if (!out) out = std::make_unique<file_conditions>();
      auto& text = (*out).*member;
      text += (text.empty() ? "" : ", ") + std::string(view(h.value));
    }
  }
  return out;
}

file_choice choose(const file_conditions* asked, const validators& file, std::int64_t now_s) {
  const file_choice whole{200, 0, file.size};
  if (!asked) return whole;
  if (!asked->if_match.empty()) {
    if (!lists(asked->if_match, file.etag, true)) return {412, 0, 0};
  } else if (const auto since = parse_http_date(asked->if_unmodified_since); since && file.modified_s > *since) {
    return {412, 0, 0};
  }
  if (!asked->if_none_match.empty()) {
    if (lists(asked->if_none_match, file.etag, false)) return {304, 0, 0};
  } else if (const auto since = parse_http_date(asked->if_modified_since); since && file.modified_s <= *since) {
    return {304, 0, 0};
  }
  if (asked->range.empty()) return whole;
  if (!asked->if_range.empty() && !is_still(asked->if_range, file, now_s)) return whole;
  return cut(asked->range, file.size);
}

}  // namespace parley::host

#include "parameters.hpp"

#include <algorithm>

namespace msfs {
namespace {

constexpr std::string_view blanks = " \t";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

void skip_blanks(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
}

/// What stands up to one of `ends`, without blanks behind it.
std::string_view take_word(std::string_view& rest, std::string_view ends) {
  auto word = rest.substr(0, rest.find_first_of(ends));
  rest.remove_prefix(word.size());
  while (!word.empty() && blanks.find(word.back()) != blanks.npos) word.remove_suffix(1);
  return word;
}

/// Behind the opening quote. A backslash stands for itself but before a quote or another one: names may be Windows
/// paths.
std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string out;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char next = i + 1 < rest.size() ? rest[i + 1] : '\0';
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return out;
    }
    if (rest[i] == '\\' && (next == '"' || next == '\\')) ++i;
    out += rest[i];
  }
  return std::nullopt;
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view lower_case) {
  if (a.size() != lower_case.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower_case[i]) return false;
  }
  return true;
}

std::optional<std::string> parameter(std::string_view header, std::string_view name) {
  take_word(header, ";");
  while (!header.empty()) {
    header.remove_prefix(1);
    skip_blanks(header);
    const auto key = take_word(header, "=;");
    std::optional<std::string> value = "";
    if (!header.empty() && header.front() == '=') {
      header.remove_prefix(1);
      skip_blanks(header);
      if (!header.empty() && header.front() == '"') {
        header.remove_prefix(1);
        value = take_quoted(header);
        if (!value) return std::nullopt;
        take_word(header, ";");
      } else {
        value = std::string(take_word(header, ";"));
      }
    }
    if (equal_ignoring_case(key, name)) return value;
  }
  return std::nullopt;
}

}  // namespace msfs

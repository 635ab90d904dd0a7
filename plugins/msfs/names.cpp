#include "names.hpp"

#include <algorithm>
#include <charconv>

namespace msfs {
namespace {

constexpr std::size_t longest_name = 255;
constexpr std::size_t longest_extension = 15;
constexpr std::size_t random_digits = 20;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter_or_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_small_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}

/// The digits in front, and what is behind them.
std::string_view take_digits(std::string_view& rest) {
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_digit);
  const auto digits = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  rest.remove_prefix(digits.size());
  return digits;
}

/// "_<W>x<H>" at the end of `stem`, W and H of 1 to 4 digits; empty where it ends otherwise.
std::string_view size_at_end(std::string_view stem) {
  const auto line = stem.rfind('_');
  if (line == stem.npos) return {};
  auto rest = stem.substr(line + 1);
  const auto width = take_digits(rest);
  if (width.empty() || width.size() > 4 || rest.empty() || rest.front() != 'x') return {};
  rest.remove_prefix(1);
  const auto height = take_digits(rest);
  if (height.empty() || height.size() > 4 || !rest.empty()) return {};
  return stem.substr(line);
}

std::string three_digits(unsigned number) {
  const auto text = std::to_string(number);
  return std::string(3 - text.size(), '0') + text;
}

bool is_directory(std::string_view name) {
  return name.size() == 3 && std::all_of(name.begin(), name.end(), is_digit) && name <= "255";
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

kept_name read_name(std::string_view name) {
  kept_name out;
  const auto dot = name.rfind('.');
  if (name.size() > longest_name) {
    out.why = fault::long_name;
  } else if (dot == name.npos || dot + 1 == name.size()) {
    out.why = fault::no_extension;
  } else if (name.size() - dot - 1 > longest_extension) {
    out.why = fault::long_extension;
  } else {
    out.extension = name.substr(dot + 1);
    out.size = size_at_end(name.substr(0, dot));
    if (!std::all_of(out.extension.begin(), out.extension.end(), is_letter_or_digit)) out.why = fault::no_extension;
  }
  return out;
}

std::string stored_path(std::uint64_t unix_us, const std::array<unsigned char, 12>& random, const kept_name& name) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out = three_digits(random[0]) + '/' + three_digits(random[1]) + '/' + std::to_string(unix_us) + '_';
  for (std::size_t i = 2; i < random.size(); ++i) {
    out += digits[random[i] >> 4];
    out += digits[random[i] & 15];
  }
  return out + name.size + '.' + name.extension;
}

bool is_stored_path(std::string_view path) {
  if (path.size() < 9 || path[3] != '/' || path[7] != '/') return false;
  const auto name = path.substr(8);
  return is_directory(path.substr(0, 3)) && is_directory(path.substr(4, 3)) && name.size() <= longest_name &&
         name.front() != '.' && std::all_of(name.begin(), name.end(), [](char c) {
           return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
         });
}

bool is_own_path(std::string_view path) {
  if (!is_stored_path(path)) return false;
  auto rest = path.substr(8);
  if (take_digits(rest).empty() || rest.size() < 1 + random_digits + 2 || rest.front() != '_') return false;
  const auto random = rest.substr(1, random_digits);
  rest.remove_prefix(1 + random_digits);
  return std::all_of(random.begin(), random.end(), is_small_hex) &&
         (rest.front() == '.' || !size_at_end(rest.substr(0, rest.rfind('.'))).empty());
}

url_path path_of_url(std::string_view url) {
  constexpr std::string_view prefix = "/g0/";
  if (!url.starts_with(prefix)) return {};
  url.remove_prefix(prefix.size());
  url_path out;
  for (std::size_t i = 0; i < url.size(); ++i) {
    if (url[i] != '%') {
      out.path += url[i];
      continue;
    }
    const int high = i + 2 < url.size() ? hex_value(url[i + 1]) : -1;
    const int low = i + 2 < url.size() ? hex_value(url[i + 2]) : -1;
    if (high < 0 || low < 0) return {url_verdict::malformed, {}};
    const auto byte = static_cast<char>(high * 16 + low);
    if (byte == '/' || byte == '\\' || byte == '\0') return {url_verdict::malformed, {}};
    out.path += byte;
    i += 2;
  }
  if (is_stored_path(out.path)) out.verdict = url_verdict::fine;
  return out;
}

std::optional<thumbnail_name> read_thumbnail_name(std::string_view path) {
  constexpr std::string_view ending = ".jpg";
  if (!path.ends_with(ending)) return std::nullopt;
  path.remove_suffix(ending.size());
  auto size = size_at_end(path);
  if (size.empty()) return std::nullopt;
  thumbnail_name out;
  out.original = path.substr(0, path.size() - size.size());
  if (!is_stored_path(out.original) || out.original.find('.') == out.original.npos) return std::nullopt;
  const auto number = [&size] {
    size.remove_prefix(1);
    const auto digits = take_digits(size);
    std::uint32_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  };
  out.width = number();
  out.height = number();
  if (out.width == 0 || out.height == 0) return std::nullopt;
  return out;
}

std::uint32_t thumbnail_step(std::uint32_t pixels) {
  for (const std::uint32_t step : {50, 100, 150, 200, 300, 400, 640, 800, 1024}) {
    if (pixels <= step) return step;
  }
  return 0;
}

std::string thumbnail_path(std::string_view original, std::uint32_t width, std::uint32_t height) {
  return std::string(original) + '_' + std::to_string(width) + 'x' + std::to_string(height) + ".jpg";
}

}  // namespace msfs

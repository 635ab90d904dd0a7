#include "client/file_name.hpp"

#include <algorithm>
#include <cstdio>

#include "client/printable.hpp"

namespace parley::client {
namespace {

constexpr std::size_t longest = 200;
constexpr std::size_t longest_ending = 20;

/// Where the ending begins, its dot included; the size of the name when there is none.
std::size_t ending_of(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 || name.size() - dot > longest_ending ? name.size() : dot;
}

/// At most `size` bytes, cut between two characters of UTF-8.
std::string_view cut(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

}  // namespace

std::string_view base_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string safe_file_name(std::string_view name) {
  const auto separator = name.find_last_of("/\\");
  if (separator != std::string_view::npos) name.remove_prefix(separator + 1);
  std::string kept;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    kept.push_back(byte < 0x20 || byte == 0x7f ? '_' : c);
  }
  kept = printable(kept);
  while (!kept.empty() && kept.back() == ' ') kept.pop_back();
  while (!kept.empty() && kept.front() == ' ') kept.erase(0, 1);
  if (kept.empty()) return "file";
  if (kept.front() == '.' || kept.front() == '-') kept.front() = '_';
  const auto dot = ending_of(kept);
  const std::string ending = kept.substr(dot);
  return std::string(cut(std::string_view(kept).substr(0, dot), longest - ending.size())) + ending;
}

std::string numbered_file_name(std::string_view name, unsigned number) {
  const auto dot = ending_of(name);
  return std::string(name.substr(0, dot)) + " (" + std::to_string(number) + ")" + std::string(name.substr(dot));
}

std::string size_in_words(std::uint64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
  constexpr const char* units[] = {"KiB", "MiB", "GiB"};
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; value >= 1024 && unit < 2; ++unit) value /= 1024;
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %s", value, units[unit]);
  return text;
}

bool is_task_id(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

}  // namespace parley::client

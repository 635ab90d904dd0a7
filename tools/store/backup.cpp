#include "store/backup.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "store/snapshot.hpp"
#include "store/trouble.hpp"

namespace parley::store {

using json = nlohmann::ordered_json;

json read_backup(const std::string& directory) {
  std::ifstream in(directory + "/backup.json");
  auto about = json::parse(in, nullptr, false);
  if (!about.is_object()) {
    throw trouble(directory + ": no backup, or one that was cut before its end: it has no backup.json");
  }
  if (about.value("format", 0) != backup_format) {
    throw trouble(directory + ": a backup of format " + about.value("format", json()).dump() + ", this program knows " +
                  std::to_string(backup_format) + ": restore it with the version that made it");
  }
  return about;
}

namespace {

/// One line, whatever bytes a name has.
std::string escaped(const std::string& path) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const unsigned char c : path) {
    if (c >= ' ' && c != '%') {
      out += static_cast<char>(c);
    } else {
      ((out += '%') += digits[c >> 4]) += digits[c & 15];
    }
  }
  return out;
}

/// Empty when it is none that escaped() makes.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    if (text[i] != '%') {
      out += text[i];
    } else if (const auto two = text.substr(i + 1, 2);
               two.size() == 2 && std::from_chars(two.data(), two.data() + 2, byte, 16).ptr == two.data() + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      return {};
    }
  }
  return out;
}

/// Of a file below the tree, and none elsewhere.
bool stays_below(const std::filesystem::path& path) {
  return !path.empty() && path.is_relative() &&
         std::none_of(path.begin(), path.end(), [](const auto& part) { return part == ".."; });
}

}  // namespace

// A size, a space, the path.
void write_list(const std::string& file, const file_list& files) {
  std::string text;
  for (const auto& [path, size] : files) text += std::to_string(size) + " " + escaped(path) + "\n";
  write_synced(file, text);
}

file_list read_list(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw trouble(file + " is missing: the backup is not whole");
  file_list all;
  for (std::string line; std::getline(in, line);) {
    std::uint64_t size = 0;
    const auto* const end = line.data() + line.size();
    const auto number = std::from_chars(line.data(), end, size);
    const bool has_path = number.ec == std::errc() && number.ptr != end && *number.ptr == ' ';
    auto path = has_path ? unescaped({number.ptr + 1, end}) : std::string();
    if (!stays_below(path)) throw trouble(file + ": a line that is none of a list: " + line.substr(0, 100));
    all[std::move(path)] = size;
  }
  return all;
}

void check_backup(const std::string& directory, const json& about) {
  for (const auto& one : about.at("databases")) {
    const auto file = directory + "/" + one.at("file").get<std::string>();
    if (sha256_of(file) != one.at("sha256")) throw trouble(file + " is not what was backed up: its sum differs");
    if (one.at("kind") != "sqlite") continue;
    if (const auto wrong = check_database(file); !wrong.empty()) throw trouble(file + ": " + wrong);
  }
  for (const auto& one : about.at("trees")) {
    const auto root = directory + "/" + one.at("files").get<std::string>();
    for (const auto& [path, size] : read_list(root + ".files")) {
      std::error_code failed;
      const auto found = std::filesystem::file_size(root + "/" + path, failed);
      if (!failed && found == size) continue;
      throw trouble(root + "/" + path + (failed ? " is missing" : " has another size") + ": the backup is not whole");
    }
  }
}

}  // namespace parley::store

#include "store/backup.hpp"

#include <filesystem>
#include <fstream>

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

// A size, a space, the path as JSON has it: whatever bytes a name has, it is one line.
void write_list(const std::string& file, const file_list& files) {
  std::string text;
  for (const auto& [path, size] : files) {
    text += std::to_string(size) + " " + json(path).dump(-1, ' ', true, json::error_handler_t::replace) + "\n";
  }
  write_synced(file, text);
}

file_list read_list(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw trouble(file + " is missing: the backup is not whole");
  file_list all;
  for (std::string line; std::getline(in, line);) {
    const auto space = line.find(' ');
    const auto path = space == line.npos ? json() : json::parse(line.substr(space + 1), nullptr, false);
    if (!path.is_string()) throw trouble(file + ": a line that is none of a list: " + line.substr(0, 100));
    all[path.get<std::string>()] = std::stoull(line.substr(0, space));
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

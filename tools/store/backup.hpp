// What a backup is: a directory that is whole once it has a backup.json.
//
//   backup.json     what is in it, of which node, when; sums of the databases
//   sql/0.db ...    an SQLite database each; 0.sql: a dump of a MariaDB
//   trees/0 ...     a directory of files each
//   trees/0.files   the files below it, with their sizes
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "store/files.hpp"

namespace parley::store {

inline constexpr int backup_format = 1;

/// Reads backup.json. Throws trouble when the directory is no backup, or one that was cut.
nlohmann::ordered_json read_backup(const std::string& directory);

void write_list(const std::string& file, const file_list& files);
/// Throws trouble.
file_list read_list(const std::string& file);

/// Sums, sizes and SQLite's own check. Throws trouble that names the first thing that is not as it was.
void check_backup(const std::string& directory, const nlohmann::ordered_json& about);

}  // namespace parley::store

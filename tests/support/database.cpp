#include "support/database.hpp"

#include <sqlite3.h>

#include <array>
#include <fstream>
#include <string_view>

#include "support/failure.hpp"
#include "support/temp_dir.hpp"

namespace parley::test {

namespace {

bool is_database(const std::filesystem::path& file) {
  constexpr std::string_view wanted = "SQLite format 3";
  std::array<char, wanted.size()> head{};
  return std::ifstream(file, std::ios::binary).read(head.data(), head.size()) &&
         std::string_view(head.data(), head.size()) == wanted;
}

}  // namespace

std::string database::find(const std::string& data) {
  std::string found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
    if (!entry.is_regular_file() || !is_database(entry.path())) continue;
    if (!found.empty()) throw failure("two databases: " + found + " and " + entry.path().string());
    found = entry.path().string();
  }
  if (found.empty()) throw failure("no database below " + data);
  return found;
}

database::database(const std::string& file) {
  if (sqlite3_open_v2(file.c_str(), &handle_, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) {
    throw failure("cannot open " + file);
  }
  sqlite3_busy_timeout(handle_, 10000);
}

database::~database() {
  sqlite3_close(handle_);
}

std::string database::run(const std::string& sql) {
  std::string first;
  const auto keep = [](void* context, int columns, char** values, char**) {
    auto& into = *static_cast<std::string*>(context);
    if (columns > 0 && values[0] && into.empty()) into = values[0];
    return 0;
  };
  char* error = nullptr;
  if (sqlite3_exec(handle_, sql.c_str(), keep, &first, &error) != SQLITE_OK) {
    const std::string text = error ? error : "unknown";
    sqlite3_free(error);
    throw failure("SQL failed: " + text + " in " + sql);
  }
  return first;
}

std::string database::plan(const std::string& sql) {
  std::string steps;
  const auto add = [](void* context, int, char** values, char**) {
    (static_cast<std::string*>(context)->append(values[3])) += '\n';  // id, parent, unused, detail
    return 0;
  };
  if (sqlite3_exec(handle_, ("EXPLAIN QUERY PLAN " + sql).c_str(), add, &steps, nullptr) != SQLITE_OK) {
    throw failure(std::string("SQL failed: ") + sqlite3_errmsg(handle_) + " in " + sql);
  }
  return steps;
}

}  // namespace parley::test
